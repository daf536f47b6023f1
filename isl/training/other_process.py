"""Another process of this program that does a part of a training, and ends when this process ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO, Any


class OtherProcess:
    """A process that calls ``work``, a function without arguments, which begins with ``receive_task``.

    Args:
        work: the function, as ``package.module.function``.
        task: plain JSON values for it.
        folder: an existing folder for files of the two processes.
        threads: the number of its threads.
    """

    def __init__(self, work: str, task: dict[str, Any], folder: Path, threads: int) -> None:
        self.errors = folder / "errors.txt"
        (folder / "task.json").write_text(json.dumps(task), encoding="utf-8")
        module, _, function = work.rpartition(".")
        python_path = os.pathsep.join(filter(None, sys.path))  # where this process finds its modules
        # its own session: Ctrl-C reaches the first process alone, which ends this one
        with self.errors.open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-c", f"from {module} import {function}; {function}()", str(folder / "task.json")],
                stdin=subprocess.PIPE,  # closed when the first process ends, however it ends
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
                start_new_session=True,
                env={**os.environ, "OMP_NUM_THREADS": str(threads), "PYTHONPATH": python_path},
            )

    def answer(self) -> str:
        """Waits for the next line of its output, and returns it; "" if the process has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def reason(self) -> str:
        """Waits for its end, and returns the last line of its errors, or its exit code."""
        code = self.process.wait()
        lines = self.errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return lines[-1] if lines else f"exit code {code}"

    def end(self) -> None:
        """End the process if it is still at work."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()


def receive_task() -> tuple[dict[str, Any], IO[str]]:
    """Returns the task of this process and the output for its answers. What is printed from now on is discarded.

    From now on this process ends when its standard input is closed, as the system does when the first process ends.
    """

    def wait() -> None:
        sys.stdin.read()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
    answers, sys.stdout = sys.stdout, Path(os.devnull).open("w")  # noqa: SIM115  (until this process ends)
    return json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), answers
