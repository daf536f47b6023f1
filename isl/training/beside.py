"""A second training in a process of its own, beside the first one, each with half of the threads.

Two trainings on one core each take less time than one after the other on two: a step is many small operations, of which
a second core takes little off.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from isl.errors import InputError
from isl.training.parallel import environment_of
from isl.training.threads import fewer_threads

CONFIG, RESULT, ERRORS = "config.json", "result.json", "errors.txt"


class SecondTraining:
    """The ``HeldOut`` training of a config, in a process of its own.

    Args:
        folder: an empty folder for what the two processes tell each other.
        config: the training's config: plain JSON values.
        threads: the number of its threads.
    """

    def __init__(self, folder: Path, config: dict[str, Any], threads: int) -> None:
        self.folder = folder
        (folder / CONFIG).write_text(json.dumps(config), encoding="utf-8")
        # its own session: Ctrl-C reaches the first process alone, which ends this one
        with (folder / ERRORS).open("w") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-c", "from isl.training import refit; refit.train_held_out()", str(folder)],
                stdin=subprocess.PIPE,  # closed when the first process ends, however it ends
                stdout=subprocess.DEVNULL,
                stderr=errors,
                start_new_session=True,
                env=environment_of(threads),
            )

    def result(self) -> dict[str, Any]:
        """Waits for the end of the training; returns ``HeldOut.outcome``.

        Raises:
            InputError: the training failed; the message says how.
        """
        code = self.process.wait()
        file = self.folder / RESULT
        outcome: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
        if "calibration" in outcome:
            return outcome
        lines = (self.folder / ERRORS).read_text(encoding="utf-8", errors="replace").strip().splitlines()
        reason = outcome.get("error") or (lines or [f"exit code {code}"])[-1]
        raise InputError(f"the second training, without the validation clips, ended: {reason}")

    def end(self) -> None:
        """End the process if it is still at work."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdin is not None
        self.process.stdin.close()


@contextmanager
def training_beside(config: dict[str, Any]) -> Iterator[SecondTraining]:
    """Yields the training of ``config``. In the block this process has half of its threads; both end with the block."""
    with tempfile.TemporaryDirectory() as folder, fewer_threads(2) as threads:
        second = SecondTraining(Path(folder), config, threads)
        try:
            yield second
        finally:
            second.end()
