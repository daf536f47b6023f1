"""Reads frames and their times from a video file, or a folder of pictures, with cv2, one by one.

The header of a file is not trusted: frames are counted while they are decoded, and their times are those of the video
stream; for slow motion, the times at which the camera took them. The rotation of phones is undone, and pictures with
non-square pixels are stretched.
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
from isl.vision.cut import Cut
from isl.vision.header import Image, read_header
from isl.vision.intake import check_content, codec_advice, kind_of_content
from isl.vision.pictures import PictureSequence
from isl.vision.remarks import find_remarks

cv2.setNumThreads(1)  # a picture takes a millisecond; more threads would only wait for each other
cv2.setLogLevel(0)  # errors of a video are reported by an InputError
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")


@dataclass(frozen=True)
class VideoFacts:
    """The facts of a video, known once all of it was decoded."""

    fps: float  # frames per second, from the times of the frames if they have any
    width: int  # pixels, upright
    height: int
    frames: int  # counted while decoding
    seconds: float
    remarks: tuple[str, ...] = ()  # oddities: rotated, variable frame rate, a wrong header

    @property
    def aspect(self) -> float:
        """Width over height."""
        return self.width / self.height


class Video:
    """A video file, or a folder of numbered pictures. Each pass opens it again, so that passes do not disturb others.

    Args:
        path: the file or folder.
        cut: the part to read, by the times of a player; frames and their times are then those of this part.

    Raises:
        InputError: the file does not exist, is a pipe or a device, is empty, is not a video, is shorter than its
            container states, or has no frame that can be decoded.
    """

    def __init__(self, path: str | Path, cut: Cut | None = None) -> None:
        self.path = Path(path)
        self.cut = cut
        self._times: list[float] | None = None  # ms, one per frame, once the end was reached
        self._last = (0, 0.0)  # number and seconds of the last frame of that pass
        self._is_folder = os.path.isdir(self.path)  # noqa: PTH112 - a name too long is False here and an OSError in pathlib
        if not self._is_folder:
            check_content(self.path)
        capture = self._open()
        self._header = read_header(capture, self.path)
        decoded, first = capture.read()
        capture.release()
        if not decoded:
            advice = codec_advice(self.path, self._header.codec)
            raise InputError(f"{self.path}: none of its frames can be decoded{advice}")
        self.height, self.width = self._header.upright(first).shape[:2]

    def __iter__(self) -> Iterator[tuple[float, Image]]:
        """Yields every frame as (seconds since the first, RGB ``(height, width, 3)``).

        A frame whose time is not after that of the previous one, as in streams without times, comes 1 / ``fps`` later.
        """
        first, seconds = 0.0, -1.0
        for milliseconds, capture in self._grabbed():
            first = milliseconds if seconds < 0 else first
            own = (milliseconds - first) / 1000
            seconds = own if own > seconds else seconds + 1 / self.fps
            yield seconds, self._rgb(capture)

    def frames_at(self, indices: npt.ArrayLike) -> Iterator[Image]:
        """Yields the frames at ``indices`` (ascending; a repeated index twice), then reads to the end of the stream.

        Frames between are decoded but not converted, and one picture at a time is in memory. Indices after the end give
        no frame: compare with ``frames``, which needs no further pass after this one.
        """
        wanted = np.asarray(indices, dtype=np.int64)
        position = 0
        for index, (_, capture) in enumerate(self._grabbed()):
            if position == len(wanted) or wanted[position] != index:
                continue
            picture = self._rgb(capture)
            while position < len(wanted) and wanted[position] == index:
                yield picture
                position += 1

    @property
    def fps(self) -> float:
        """Mean frames per second of the recording by the header; 30 if the header has no valid value."""
        return self._header.played_fps * self.slowed

    @property
    def slowed(self) -> float:
        """Seconds of a player for a second of the recording, by its header; tables have a player's times."""
        return self._header.slowed

    @property
    def stated_seconds(self) -> float:
        """The length in seconds without decoding: by the times of the packets, else by the header; 0 if unknown.

        Headers are wrong or empty in recordings of browsers and in files that begin at another time than zero.
        """
        times = self.packet_times()
        if len(times) > 1 and times[-1] > times[0]:
            return (times[-1] - times[0]) / 1000 * len(times) / (len(times) - 1)
        return max(self._header.frames, 0) / self.fps

    @property
    def remarks(self) -> tuple[str, ...]:
        """Oddities of the file, a line each; none before a pass has reached its end."""
        if self._times is None:
            return ()
        return tuple(find_remarks(self.path, self._header, self._times, self.cut, self._last))

    @property
    def frames(self) -> int:
        """The number of frames, counted once by decoding."""
        return len(self.times)

    def packet_times(self) -> list[float]:
        """Returns the times of the frames in ms, ascending, read without decoding."""
        capture = self._open()
        capture.set(cv2.CAP_PROP_FORMAT, -1)  # return packets as they are stored
        times = []
        while capture.grab():
            times.append(capture.get(cv2.CAP_PROP_POS_MSEC))
        capture.release()
        times.sort()  # they are stored in the order of decoding
        if self.cut is not None:
            times = [time for i, time in enumerate(times) if self.cut.holds(i, (time - times[0]) / 1000)]
        return [time / self.slowed for time in times]

    @property
    def times(self) -> list[float]:
        """The times of the frames in ms, from a pass over all of them."""
        if self._times is None:
            for _ in self._grabbed():
                pass
        assert self._times is not None
        return self._times

    def facts(self) -> VideoFacts:
        """Returns the facts for ``clips.csv``; decodes the whole video unless a pass has already reached its end."""
        count, seconds = self.frames, self._seconds()
        rate, seconds = round(count / seconds, 3), round(seconds, 3)
        return VideoFacts(rate, self.width, self.height, count, seconds, self.remarks)

    def _rgb(self, capture: Any) -> Image:
        _, picture = capture.retrieve()
        return cv2.cvtColor(self._header.upright(picture), cv2.COLOR_BGR2RGB)

    def _open(self) -> Any:
        if self._is_folder:
            return PictureSequence(self.path)
        # One decoding thread: several clips at once are faster, and each thread would keep a picture in memory.
        capture = cv2.VideoCapture(str(self.path), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
        if not capture.isOpened():
            raise InputError(f"{self.path}: {kind_of_content(self.path)}")
        capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
        return capture

    def _grabbed(self) -> Iterator[tuple[float, Any]]:
        """Yields (time in ms, capture at the frame) for every frame; keeps the times when the end is reached."""
        capture = self._open()
        times: list[float] = []
        first, time, number = None, 0.0, -1
        try:
            while capture.grab():
                time, number = capture.get(cv2.CAP_PROP_POS_MSEC), number + 1
                first = time if first is None else first
                if self.cut is not None:
                    if self.cut.is_past(number, (time - first) / 1000):
                        break
                    if not self.cut.holds(number, (time - first) / 1000):
                        continue
                times.append(time / self.slowed)
                yield times[-1], capture
        finally:
            capture.release()
        if not times:
            raise InputError(
                f"{self.path}: {self.cut} is to be cut, but the video ends at frame {number + 1}; correct the table"
            )
        self._times, self._last = times, (number, (time - first) / 1000 if first is not None else 0.0)

    def _seconds(self) -> float:
        """Returns the length from the times of the frames, or from the header's rate if they do not increase."""
        times, count = self.times, self.frames
        if count > 1 and (np.diff(times) > 0).all():
            return (times[-1] - times[0]) / 1000 * count / (count - 1)
        return count / self.fps
