"""Files that are none, in every place where a command takes a path: exit code, lines, seconds.

    python tests/benchmarks/files.py
    python tests/benchmarks/files.py --kinds pipe device --places infer live

Beside each file lies a sound clip of the same word. A cell is right if the command ends by itself, without a traceback,
and refuses in one line, or goes on with the sound clip and names what it left out. Others are shown in full, and the
exit code is then 1.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
SECONDS = 240  # of a busy machine; all that waits for an endless file waits longer
TRAIN = ["train", "data=folder", "trainer.max_epochs=1", "callbacks.progress=null", "logger=none", "split=none"]


def listening(path: Path) -> None:
    made = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(path.parent)  # the name of a socket must be short
    made.bind(path.name)
    os.chdir(here)


def sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(3 * 2**30)


def locked(path: Path) -> None:
    path.write_bytes(b"clip")
    path.chmod(0)


def looped(path: Path) -> None:
    path.mkdir()
    (path / "again").symlink_to(path)


KINDS: dict[str, Callable[[Path], object]] = {
    "pipe": lambda path: os.mkfifo(path),
    "socket": listening,
    "device": lambda path: path.symlink_to("/dev/zero"),
    "terminal": lambda path: path.symlink_to("/dev/tty"),
    "broken link": lambda path: path.symlink_to("nowhere"),
    "link to itself": lambda path: path.symlink_to(path.name),
    "folder": lambda path: path.mkdir(),
    "folder in itself": looped,
    "empty": lambda path: path.touch(),
    "text": lambda path: path.write_text("no clip"),
    "noise": lambda path: path.write_bytes(np.random.default_rng(0).bytes(50_000)),
    "3 GB of nothing": sparse,
    "a page": lambda path: path.write_text("<!DOCTYPE html><title>404</title>"),
    "unreadable": locked,
    "memory of the system": lambda path: path.symlink_to("/proc/self/mem"),
    "absent": lambda path: None,
}
PLACES: dict[str, Callable[[str, Path], list[str]]] = {
    "infer": lambda path, _: ["infer", f"input={path}"],
    "infer folder": lambda _, root: ["infer", f"input={root}"],
    "live": lambda path, _: ["live", f"source={path}", "display=none"],
    "extract": lambda _, root: ["extract", f"input={root}", "output=out"],
    "verify": lambda _, root: ["verify", f"input={root}"],
    "convert": lambda path, _: ["convert", f"input={path}", "output=converted"],
    "train": lambda _, root: [*TRAIN, f"data.root={root}", "data.on_error=skip"],
    "checkpoint": lambda path, _: ["infer", f"input={ROOT / 'README.md'}", f"ckpt_path={path}"],
    "export": lambda path, _: ["export", "output=a.onnx", f"ckpt_path={path}"],
    "ensemble": lambda path, _: ["ensemble", f"members=[isl18,{path}]"],
    "page": lambda path, _: ["live", "display=web", "web.port=0", f"ckpt_path={path}"],
}
SUFFIX = {
    "live": ".mp4",
    "extract": ".mp4",
    "checkpoint": ".ckpt",
    "export": ".pth",
    "ensemble": ".ckpt",
    "page": ".onnx",
}


def attempt(place: str, kind: str, folder: Path) -> tuple[bool, str]:
    """Returns True if a command did well with a file of a kind, and what it said."""
    root = folder / "clips"
    for word in ("Doctor", "Fever"):
        (root / word).mkdir(parents=True)
        for i in range(2):
            np.save(root / word / f"sound{i}.npy", np.random.default_rng(i).random((20, 1662), np.float32))
    path = root / "Doctor" / f"theirs{SUFFIX.get(place, '.npy')}"
    KINDS[kind](path)
    name, *arguments = PLACES[place](str(path), root)
    env = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "ISL_CACHE": str(folder / "cache")}
    # the owner of all files without root's rights, where root runs this
    owner = (
        ["setpriv", "--bounding-set=-all", "--inh-caps=-all"] if os.getuid() == 0 and shutil.which("setpriv") else []
    )
    command = [*owner, sys.executable, "-m", f"isl.commands.{name}", *arguments]
    began = time.monotonic()
    try:
        done = subprocess.run(
            command, cwd=folder, env=env, capture_output=True, text=True, timeout=SECONDS, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        return False, "HANGS"
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    refused = done.returncode == 2 and len(lines) == 1
    went_on = done.returncode in (0, 1) and "Traceback" not in done.stderr
    shown = f"{done.returncode}, {len(lines)} lines, {time.monotonic() - began:.0f} s"
    return refused or went_on, shown if refused or went_on else f"{shown}: {done.stderr[-600:]}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kinds", nargs="+", choices=list(KINDS), default=list(KINDS))
    parser.add_argument("--places", nargs="+", choices=list(PLACES), default=list(PLACES))
    chosen = parser.parse_args()
    wrong = 0
    print(f"| kind | {' | '.join(chosen.places)} |\n|---|{'---|' * len(chosen.places)}", flush=True)
    for kind in chosen.kinds:
        cells = []
        for place in chosen.places:
            with tempfile.TemporaryDirectory() as name:
                right, shown = attempt(place, kind, Path(name))
            wrong += not right
            cells.append(shown if right else f"**{shown}**")
        print(f"| {kind} | {' | '.join(cells)} |", flush=True)
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
