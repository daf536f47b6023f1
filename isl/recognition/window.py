"""Keeps the last seconds of a stream, and returns any part of them as a clip like those of training."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from isl.landmarks import CLIP_FRAMES, Floats

MOST = 2000  # frames that are kept


@dataclass(slots=True)
class _Frame:
    """Landmarks ``(1662,)`` until the frame is first used in a clip, then its prepared row ``(P,)``."""

    numbers: Floats
    prepared: bool = False


class Window:
    """The last frames of a stream with their times.

    Args:
        keep: seconds that are kept.
        prepare: turns frames ``(N, 1662)`` into the rows ``(N, P)`` of clips. Each frame that is used in a clip is
            prepared once, several frames per call. None leaves landmarks unchanged.
        most: maximum number of frames, whatever their times; it limits the memory.
    """

    def __init__(self, keep: float, prepare: Callable[[Floats], Floats] | None = None, most: int = MOST) -> None:
        self.keep = keep
        self._prepare = prepare
        self._times: deque[float] = deque(maxlen=most)
        self._frames: deque[_Frame] = deque(maxlen=most)

    def __len__(self) -> int:
        return len(self._times)

    def add(self, time: float, landmarks: Floats) -> None:
        """Appends a frame ``(1662,)``; times must not decrease."""
        self._times.append(time)
        self._frames.append(_Frame(landmarks))
        while self._times[0] < time - self.keep:
            self._times.popleft()
            self._frames.popleft()

    def clear(self) -> None:
        self._times.clear()
        self._frames.clear()

    def between(self, start: float, end: float) -> Floats:
        """Returns ``start`` to ``end`` as a clip ``(60, P)``: the frames nearest to 60 evenly spaced times.

        At a constant frame rate ``landmarks.resample`` picks the same frames, so training and recognition agree.
        """
        times = np.fromiter(self._times, np.float64, len(self._times))
        instants = np.linspace(start, end, CLIP_FRAMES)
        after = np.searchsorted(times, instants).clip(1, max(len(times) - 1, 1))
        if len(times) == 1:
            picks: npt.NDArray[np.int64] = np.zeros(CLIP_FRAMES, np.int64)
        else:
            # A time in the middle between two frames takes the earlier one
            picks = np.where(instants - times[after - 1] <= times[after] - instants, after - 1, after)
        return self._gather(picks)

    def last(self, count: int) -> Floats:
        """Returns the last ``count`` frames, whatever their times, as a clip ``(60, P)``: Insignia's window."""
        first = max(len(self._frames) - count, 0)
        return self._gather(np.linspace(first, len(self._frames) - 1, CLIP_FRAMES).round().astype(np.int64))

    def begins_before(self, time: float) -> bool:
        """Returns True if the window has a frame before ``time``."""
        return bool(self._times) and bisect_left(self._times, time) > 0

    def _gather(self, picks: npt.NDArray[np.int64]) -> Floats:
        low, high = int(picks.min()), int(picks.max())
        frames = list(islice(self._frames, low, high + 1))  # a single pass, since a deque has slow access to its middle
        chosen = [frames[pick - low] for pick in picks.tolist()]
        self._prepare_once(chosen)
        return np.stack([frame.numbers for frame in chosen])

    def _prepare_once(self, chosen: list[_Frame]) -> None:
        fresh = list({id(frame): frame for frame in chosen if not frame.prepared}.values())
        if self._prepare is not None and fresh:
            rows = self._prepare(np.stack([frame.numbers for frame in fresh]))
            for frame, row in zip(fresh, rows, strict=True):
                frame.numbers, frame.prepared = row, True
