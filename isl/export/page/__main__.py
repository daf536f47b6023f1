"""Serves the page on this machine, or writes its files: python -m isl.export.page model.onnx"""

from __future__ import annotations

import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from isl.data.cache import cache_folder
from isl.errors import InputError
from isl.export.page import RUNTIME, write_page


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve the page until Ctrl-C, or write it. Returns the exit code, which is 2 for wrong input."""
    parser = ArgumentParser("python -m isl.export.page", description=__doc__)
    parser.add_argument("model", type=Path, help="an ONNX file of isl-export")
    parser.add_argument("--folder", type=Path, help="write the page's files to this folder, and serve nothing")
    parser.add_argument("--port", type=int, default=8001)
    options = parser.parse_args(arguments)
    try:
        runtime = RUNTIME.fetch(cache_folder(None) / "web" / f"{RUNTIME.name}-{RUNTIME.version}")
        if options.folder:
            write_page(options.model, options.folder, runtime)
        else:
            _serve(options.model, runtime, options.port)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _serve(model: Path, runtime: Path, port: int) -> None:
    with tempfile.TemporaryDirectory() as place:
        write_page(model, Path(place), runtime)
        with ThreadingHTTPServer(("127.0.0.1", port), partial(SimpleHTTPRequestHandler, directory=place)) as server:
            print(f"http://localhost:{server.server_port}, Ctrl-C ends it", flush=True)
            try:
                server.serve_forever()
            except KeyboardInterrupt:
                print()


if __name__ == "__main__":
    sys.exit(main())
