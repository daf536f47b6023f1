"""Frames and their times from a video file, decoded one by one: the door to cv2.

What a file's header says about itself is not believed: frames are counted while they are decoded, their times are the
stream's own, and a phone's rotation is undone before anybody sees the picture.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from isl.errors import InputError
from isl.vision.container import missing_bytes

cv2.setNumThreads(1)  # a picture is done in a millisecond; threads only wait for each other beside other processes
cv2.setLogLevel(0)  # what is wrong with a video is said by an InputError
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

Image = npt.NDArray[np.uint8]

VIDEO_SUFFIXES = (".mp4", ".mov", ".avi", ".mkv", ".webm")  # compare with `path.suffix.lower()`


@dataclass(frozen=True)
class VideoFacts:
    """What a video turned out to be once all of it was decoded."""

    fps: float  # frames a second, from the frames' own times where they have any
    width: int  # pixels, the right way up
    height: int
    frames: int  # counted, not believed
    seconds: float
    remarks: tuple[str, ...] = ()  # oddities that were dealt with: rotated, variable frame rate, a wrong header

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / self.height


class Video:
    """A video file. Every pass over it opens it anew, so that passes don't disturb each other.

    Raises:
        InputError: the file is not there, is empty, is not a video, is shorter than its container says, or has no
            frame that can be decoded.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self._times: list[float] | None = None  # ms, one a frame, once the end was reached
        if not self.path.is_file():
            raise InputError(f"{self.path}: no such video; check the path")
        if self.path.stat().st_size == 0:
            raise InputError(f"{self.path}: the file is empty (zero bytes); copy it again or delete it")
        missing = missing_bytes(self.path)
        if missing:
            raise InputError(
                f"{self.path}: truncated, the last {missing:,} bytes are missing; copy it again or delete it"
            )
        capture = self._open()
        self._header_fps = capture.get(cv2.CAP_PROP_FPS)
        self._header_frames = round(capture.get(cv2.CAP_PROP_FRAME_COUNT))
        self._rotation = round(capture.get(cv2.CAP_PROP_ORIENTATION_META)) % 360
        decoded, first = capture.read()
        capture.release()
        if not decoded:
            raise InputError(f"{self.path}: no frame of it can be decoded; record or convert it again, or delete it")
        self.height, self.width = first.shape[:2]

    def __iter__(self) -> Iterator[tuple[float, Image]]:
        """Every frame as (seconds since the first, RGB ``(height, width, 3)``).

        A frame whose own time is not after the one before, as in streams that have no times, comes 1 / ``fps`` later.
        """
        first: float | None = None
        seconds = 0.0
        for milliseconds, capture in self._grabbed():
            if first is None:
                first = milliseconds
            else:
                own = (milliseconds - first) / 1000
                seconds = own if own > seconds else seconds + 1 / self.fps
            yield seconds, _rgb(capture)

    def frames_at(self, indices: npt.ArrayLike) -> Iterator[Image]:
        """The frames at ``indices`` (ascending; one that is named twice comes twice), then on to the stream's end.

        Frames between are decoded but never converted, and one picture at a time is kept. Indices beyond the end give
        nothing: compare ``frames``, which is known without another pass once this has been used up.
        """
        wanted = np.asarray(indices, dtype=np.int64)
        position = 0
        for index, (_, capture) in enumerate(self._grabbed()):
            if position == len(wanted) or wanted[position] != index:
                continue
            picture = _rgb(capture)
            while position < len(wanted) and wanted[position] == index:
                yield picture
                position += 1

    @property
    def fps(self) -> float:
        """Frames a second as the header says, on average; 30 where it says nothing sensible."""
        return self._header_fps if 0 < self._header_fps <= 1000 else 30.0

    @property
    def shortfall(self) -> str:
        """What is missing of a file that breaks off in the middle, as a pass over it has shown; else ""."""
        if self._times is None or not self._header_is_wrong() or self._header_frames < self.frames:
            return ""
        return f"{self.path}: its header says {self._header_frames} frames, {self.frames} of them can be decoded"

    @property
    def frames(self) -> int:
        """How many frames there really are: counted by decoding, once."""
        if self._times is None:
            for _ in self._grabbed():
                pass
        assert self._times is not None
        return len(self._times)

    def packets(self) -> int:
        """How many frames the file holds undecoded: fast, and right unless some of them are damaged."""
        capture = self._open()
        capture.set(cv2.CAP_PROP_FORMAT, -1)  # hand out packets as they are stored
        count = 0
        while capture.grab():
            count += 1
        capture.release()
        return count

    def facts(self) -> VideoFacts:
        """What the video is, for ``clips.csv``; decodes all of it unless a pass has reached the end already."""
        frames = self.frames
        seconds = self._seconds()
        return VideoFacts(
            fps=round(frames / seconds, 3),
            width=self.width,
            height=self.height,
            frames=frames,
            seconds=round(seconds, 3),
            remarks=tuple(self._remarks()),
        )

    def _open(self) -> Any:
        # One decoding thread: who wants more speed runs more clips at once, and threads hold a picture each.
        capture = cv2.VideoCapture(str(self.path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
        if not capture.isOpened():
            raise InputError(f"{self.path}: not a video that can be read; convert it to mp4 or delete it")
        capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
        return capture

    def _grabbed(self) -> Iterator[tuple[float, Any]]:
        """(time in ms, capture standing on the frame) for every frame; remembers the times when the end is reached."""
        capture = self._open()
        times: list[float] = []
        try:
            while capture.grab():
                times.append(capture.get(cv2.CAP_PROP_POS_MSEC))
                yield times[-1], capture
        finally:
            capture.release()
        self._times = times

    def _seconds(self) -> float:
        """Length in time: the frames' own times, each frame lasting until the next; else the header's rate."""
        assert self._times is not None
        count = len(self._times)
        intervals = np.diff(self._times)
        if count > 1 and (intervals > 0).all():
            return float(self._times[-1] - self._times[0]) / 1000 * count / (count - 1)
        return count / self.fps

    def _remarks(self) -> Iterator[str]:
        assert self._times is not None
        if self._header_is_wrong():
            yield f"its header says {self._header_frames} frames, it has {self.frames}"
        if self._rotation:
            yield f"rotated by {self._rotation} degrees, turned upright"
        intervals = np.diff(self._times)
        if len(intervals) > 1:
            typical = np.median(intervals)
            uneven = np.abs(intervals - typical) > 0.25 * abs(typical)  # a phone's jitter is well below a quarter
            if uneven.mean() > 0.05:
                yield f"variable frame rate, from {intervals.min():.0f} to {intervals.max():.0f} ms a frame"

    def _header_is_wrong(self) -> bool:
        """Some headers have no count, and some decoders guess one from the length in time: near is right."""
        return self._header_frames > 0 and abs(self._header_frames - self.frames) > max(1, 0.02 * self.frames)


def _rgb(capture: Any) -> Image:
    _, picture = capture.retrieve()
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
