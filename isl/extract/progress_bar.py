"""The progress of an extraction, with the current clips and frames per second."""

from __future__ import annotations

import time

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from isl import console

LOG_SECONDS = 60.0  # seconds between two lines if there is no terminal for a bar


class Bar:
    """A progress bar over ``total`` clips, ``done`` of which existed before; in a log file, one line per minute.

    Use it in a ``with`` statement.
    """

    def __init__(self, done: int, total: int) -> None:
        columns = (
            TextColumn("extracting"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[speed]}"),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=console.err, transient=True, disable=not console.err.is_terminal)
        self._task = self._progress.add_task("", total=total, completed=done, speed="")
        self._done, self._total = done, total
        self._started = self._logged = time.monotonic()
        self._clips = self._frames = 0

    def advance(self, frames: int) -> None:
        """Count one more finished clip with ``frames`` landmarked frames."""
        self._clips += 1
        self._frames += frames
        now = time.monotonic()
        rate = self._clips / (now - self._started)
        speed = f"{rate:.2f} clips/s, {self._frames / (now - self._started):.0f} frames/s"
        self._progress.update(self._task, advance=1, speed=speed)
        if not console.err.is_terminal and now - self._logged >= LOG_SECONDS:
            self._logged = now
            done = self._done + self._clips
            self.say(f"{done} of {self._total} clips, {speed}, {(self._total - done) / rate / 60:.0f} min left")

    def say(self, line: str) -> None:
        """Print a permanent line above the bar."""
        self._progress.console.print(line, style="yellow", soft_wrap=True, markup=False, highlight=False)

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()
