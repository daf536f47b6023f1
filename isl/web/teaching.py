"""Teaches the network the recorded words in a process of its own, and reports how far it is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from isl import console
from isl.errors import InputError
from isl.files import make_fresh_folder

EPOCH = re.compile(r"epoch (\d+) of (\d+)")  # a line of isl.training.progress
COMMAND = "from isl.commands.train import main; main()"
LINES = 40  # of the process's output, to say why it failed


@dataclass(frozen=True)
class TeachingProgress:
    """State of a teaching: its step, progress and result. Each change makes a new object."""

    state: str = "idle"  # idle, running, loading, done or failed
    epoch: int = 0
    of: int = 0
    words: list[str] = field(default_factory=list)  # new words, once they are learnt
    before: float | None = None  # share of right answers on the clips that were held back
    now: float | None = None
    tested: int = 0
    reason: str = ""  # of a failure

    def message(self) -> dict[str, Any]:
        return {"type": "teaching", **asdict(self)}


class Teacher:
    """Runs ``experiment=adapt`` on the recorded clips, and loads the network that it writes.

    It always begins with the same checkpoint, which is never changed, and takes all clips of the folder.

    Args:
        root: the folder of recorded clips.
        checkpoint: the checkpoint to begin with.
        trusted: packages that the checkpoint may name.
        load: called with the new checkpoint; returns the words that the old network did not know.
    """

    def __init__(
        self, root: Path, checkpoint: Path, trusted: tuple[str, ...], load: Callable[[Path], list[str]]
    ) -> None:
        self.root, self.checkpoint, self.trusted, self.load = root, checkpoint, trusted, load
        self.progress = TeachingProgress()
        self._process: subprocess.Popen[str] | None = None
        self._lock = Lock()

    def start(self) -> None:
        """Begin to teach, unless that is going on already."""
        with self._lock:
            if self.progress.state in ("running", "loading"):
                return
            self.progress = TeachingProgress("running")
        Thread(target=self._run, name="teaching", daemon=True).start()

    def stop(self) -> None:
        """Ends the training when the server ends."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.terminate()

    def command(self, folder: str) -> list[str]:
        options = [
            "experiment=adapt",
            f"ckpt_path={self.checkpoint}",
            "data=folder",
            f"data.root={self.root}",
            "logger=none",
            "callbacks.progress.every=0",
            f"trusted=[{','.join(self.trusted)}]",
            f"hydra.run.dir={folder}",
        ]
        return [sys.executable, "-c", COMMAND, *options]

    def _run(self) -> None:
        try:
            self._teach()
        except Exception as error:
            reason = str(error) if isinstance(error, (InputError, OSError)) else f"{type(error).__name__}: {error}"
            console.err.print(f"teaching: {reason}", style="red", soft_wrap=True, markup=False)
            self.progress = TeachingProgress("failed", reason=reason)

    def _teach(self) -> None:
        folder = make_fresh_folder(f"outputs/{time.strftime('%Y-%m-%d')}/{time.strftime('%H-%M-%S')}-taught")
        process = subprocess.Popen(
            self.command(folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,  # Ctrl-C ends the server, which ends this process
        )
        self._process = process
        last: deque[str] = deque(maxlen=LINES)
        assert process.stdout is not None
        for line in process.stdout:
            last.append(line.strip())
            if epoch := EPOCH.search(line):
                self.progress = TeachingProgress("running", int(epoch[1]), int(epoch[2]))
        if process.wait() != 0:
            errors = [line.removeprefix("error: ") for line in last if line.startswith("error: ")]
            raise InputError((errors or [line for line in last if line] or ["it ended without a reason"])[-1])
        self.progress = TeachingProgress("loading")
        path = Path(folder)
        words = self.load(path / "checkpoints" / "best.ckpt")
        report = json.loads((path / "report.json").read_text(encoding="utf-8"))
        before, now = report["before"]["top1"], report["test"]["top1"]
        self.progress = TeachingProgress("done", words=words, before=before, now=now, tested=report["before"]["n"])
        console.out.print(f"taught: {path / 'checkpoints' / 'best.ckpt'}", soft_wrap=True, markup=False)
