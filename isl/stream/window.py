"""The last seconds of a stream, and any part of them as a clip like those of training."""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from itertools import islice

import numpy as np
import numpy.typing as npt

from isl.landmarks import CLIP_FRAMES, FRAME_SIZE, Floats


class Window:
    """Frames with their times, the oldest forgotten.

    Args:
        keep: seconds that are remembered.
        most: frames that are remembered at most, whatever their times say: what bounds the memory.
    """

    def __init__(self, keep: float, most: int = 2000) -> None:
        self.keep = keep
        self._times: deque[float] = deque(maxlen=most)
        self._frames: deque[Floats] = deque(maxlen=most)

    def __len__(self) -> int:
        return len(self._times)

    @property
    def start(self) -> float:
        """Time of the oldest frame; there must be one."""
        return self._times[0]

    def add(self, time: float, landmarks: Floats) -> None:
        """Append a frame ``(1662,)``; times must not go back."""
        self._times.append(time)
        self._frames.append(landmarks)
        while self._times[0] < time - self.keep:
            self._times.popleft()
            self._frames.popleft()

    def clear(self) -> None:
        self._times.clear()
        self._frames.clear()

    def between(self, start: float, end: float) -> Floats:
        """From ``start`` to ``end`` as a clip ``(60, 1662)``: at 60 even instants, the frame that is nearest in time.

        At an even frame rate these are the frames that ``landmarks.resample`` picks, so training and serving agree.
        """
        times = np.fromiter(self._times, np.float64, len(self._times))
        first = max(int(np.searchsorted(times, start)) - 1, 0)
        instants = np.linspace(start, end, CLIP_FRAMES)
        after = np.searchsorted(times, instants).clip(1, max(len(times) - 1, 1))
        if len(times) == 1:
            picks: npt.NDArray[np.int64] = np.zeros(CLIP_FRAMES, np.int64)
        else:
            # A frame lasts until the next; halves go to the earlier one
            picks = np.where(instants - times[after - 1] <= times[after] - instants, after - 1, after)
        return self._gather(picks, first)

    def last(self, count: int) -> Floats:
        """The last ``count`` frames, whatever their times, as a clip ``(60, 1662)``: the seed's window."""
        first = max(len(self._frames) - count, 0)
        return self._gather(np.linspace(first, len(self._frames) - 1, CLIP_FRAMES).round().astype(np.int64), first)

    def begins_before(self, time: float) -> bool:
        """Whether the memory reaches back to ``time``."""
        return bool(self._times) and bisect_left(self._times, time) > 0

    def _gather(self, picks: npt.NDArray[np.int64], first: int) -> Floats:
        low, high = int(picks.min()), int(picks.max())
        frames = list(islice(self._frames, low, high + 1))  # one walk: a deque has no fast middle
        clip = np.empty((len(picks), FRAME_SIZE), np.float32)
        for row, pick in enumerate(picks.tolist()):
            clip[row] = frames[pick - low]
        return clip
