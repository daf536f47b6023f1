"""Part of a recording between a start and an end, in seconds or frames, as tables of labels give it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from isl.errors import InputError

SECONDS, FRAMES = "seconds", "frames"
CLOCK = re.compile(r"(?:(\d+):)?(\d+):(\d+(?:[.,]\d+)?)")  # 1:02.5 or 00:01:02,500


@dataclass(frozen=True)
class Cut:
    """The frames from ``start`` on and before ``end``; both count from 0 at the first frame.

    Attributes:
        start: seconds or a frame's number.
        end: the same; None: the end of the recording.
        unit: ``seconds`` or ``frames``; "" if the table does not say which, see ``with_unit``.
    """

    start: float = 0.0
    end: float | None = None
    unit: str = SECONDS

    def holds(self, frame: int, seconds: float) -> bool:
        """Returns True if the frame with this number and time is in the cut."""
        at = frame if self.unit == FRAMES else seconds
        return self.start <= at and (self.end is None or at < self.end)

    def is_past(self, frame: int, seconds: float) -> bool:
        """Returns True if the frame is behind the end of the cut."""
        return self.end is not None and (frame if self.unit == FRAMES else seconds) >= self.end

    def slice(self, count: int, rate: float | None) -> slice:
        """Returns the cut of ``count`` frames, ``rate`` per second, as a slice.

        Raises:
            InputError: the cut or most of it lies behind the end, or it is in seconds and the rate is not known.
        """
        if self.unit != FRAMES and rate is None:
            raise InputError(f"{self} is to be cut, but the frame rate is not known; add a column fps")
        inside = [i for i in range(count) if self.holds(i, i / (rate or 1))]
        behind = self.end is not None and self.end > (count if self.unit == FRAMES else count / (rate or 1))
        wanted = 0.0 if self.end is None else (self.end - self.start) * (1 if self.unit == FRAMES else rate or 1)
        if not inside or (behind and len(inside) < 0.5 * wanted):
            length = f"{count} frames" if rate is None else f"{count} frames, {count / rate:.1f} s"
            raise InputError(f"{self} is to be cut, and there are {length}; correct the table")
        return slice(inside[0], inside[-1] + 1)

    def __str__(self) -> str:
        end = "the end" if self.end is None else f"{self.end:g}"
        return f"{self.start:g} to {end} {'s' if self.unit == SECONDS else 'frames'}"

    @property
    def label(self) -> str:
        """The cut in a clip's name: ``1.5-3.2`` seconds, ``f10-55`` frames."""
        return f"{'f' if self.unit == FRAMES else ''}{self.start:g}-{'end' if self.end is None else f'{self.end:g}'}"


def parse_cut(start: str, end: str, unit: str, where: str, scale: float = 1.0, duration: str = "") -> Cut | None:
    """Returns the cut of two cells of a table; None if both are empty.

    Args:
        unit: ``seconds`` or ``frames`` by the columns' names, else "".
        where: table and line, for messages.
        scale: seconds or frames of 1; 0.001 for milliseconds.
        duration: a third cell, which gives the end if ``end`` is empty.

    Raises:
        InputError: a cell is neither a number nor a time, or the end is not after the start.
    """
    if not start and not end:
        return None
    unit = unit or (SECONDS if re.search("[.,:]", start + end + duration) else "")
    first = _time(start, f"{where}: start") * scale if start else 0.0
    last = _time(end, f"{where}: end") * scale if end else None
    if duration and start and not end:
        last = first + _time(duration, f"{where}: duration") * scale
    last = None if last is not None and last < 0 else last  # WLASL writes -1 for the end of the video
    if first < 0 or (last is not None and last <= first):
        raise InputError(f"{where}: from {start or 0} to {end} is not a part of a recording; correct it")
    return Cut(first, last, unit)


def with_unit(
    cuts: Sequence[Cut | None], chosen: str | None, seconds: Callable[[int], float]
) -> tuple[list[Cut | None], str]:
    """Decides whether the cuts of a table are seconds or frames.

    A table whose columns do not say it, and whose numbers are all whole, is in frames if a recording is shorter in
    seconds than its cut.

    Args:
        chosen: the user's choice, or None.
        seconds: returns the length of the recording of the cut with this index: 0 if its frame rate is not known,
            infinity if it can't be read.

    Returns:
        The cuts with their unit, and a remark if the unit was estimated, else "".
    """
    unit, remark = chosen, ""
    ends = [(cut.end or cut.start, i) for i, cut in enumerate(cuts) if cut is not None and not cut.unit]
    if ends and unit is None and any(cut.unit == SECONDS for cut in cuts if cut is not None):
        unit = SECONDS
    if ends and unit is None:
        unit = FRAMES if any(end > seconds(i) + 1 for end, i in sorted(ends, reverse=True)[:5]) else SECONDS
        remark = f"start and end are taken for {unit}"
    return [replace(cut, unit=unit or SECONDS) if cut is not None and not cut.unit else cut for cut in cuts], remark


def _time(text: str, where: str) -> float:
    if clock := CLOCK.fullmatch(text):
        return 3600 * int(clock[1] or 0) + 60 * int(clock[2]) + float(clock[3].replace(",", "."))
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = float("nan")
    if not abs(value) < 1e7:
        raise InputError(f"{where} is {text!r}, not a number of seconds or frames; correct it")
    return value
