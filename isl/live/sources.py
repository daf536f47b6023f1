"""The sources of pictures: cameras, network streams and video files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from isl.errors import InputError
from isl.live.reconnect import Reconnecting
from isl.vision.header import Image
from isl.vision.pictures import pictures_in
from isl.vision.video import Video

LOST_AFTER = 3.0  # seconds without a picture
OPEN_WITHIN = 8000  # ms until an address must answer, or send the next picture


class Pictures(Protocol):
    """A source of pictures with their times."""

    name: str
    live: bool  # True for a camera: late pictures are dropped

    def __iter__(self) -> Iterator[tuple[float, Image]]: ...

    def close(self) -> None: ...


class CameraLost(InputError):  # noqa: N818, a state of the camera
    """A camera that worked stopped giving pictures."""

    code = 3  # the program's exit code


class Camera:
    """A camera by number, or a stream by its address.

    Args:
        source: number or address.
        reconnect: open the camera again when it hangs or is disconnected, instead of raising ``CameraLost``.

    Raises:
        InputError: the camera does not exist or is in use, or the address does not answer.
    """

    live = True
    fps: float | None = None  # a camera's pictures come at uneven times
    remarks: tuple[str, ...] = ()

    def __init__(self, source: int | str, reconnect: bool = False) -> None:
        self.name = f"camera {source}" if isinstance(source, int) else source
        self._source = source
        self._capture: Any = self._open()
        if not self._capture.isOpened():
            hint = "plug it in, close other programs that use it, or name a video" if isinstance(source, int) else ""
            raise InputError(f"source={source}: {self.name} can't be opened; {hint or 'check the address'}")
        self._again: Reconnecting | None = None
        if reconnect:
            self._capture.release()  # the reading thread opens it again
            self._again = Reconnecting(self._open, _rgb)

    def __iter__(self) -> Iterator[tuple[float, Image]]:
        """Yields (seconds since the first picture, RGB ``(height, width, 3)``) until ``CameraLost``.

        With ``reconnect`` it does not end, and yields the time nan while there are no pictures.
        """
        return self._read() if self._again is None else iter(self._again)

    @property
    def is_lost(self) -> bool:
        """True while a camera with ``reconnect`` gives no pictures."""
        return self._again is not None and self._again.is_lost

    def _read(self) -> Iterator[tuple[float, Image]]:
        start: float | None = None
        last = time.monotonic()
        while True:
            grabbed, picture = self._capture.read()
            now = time.monotonic()
            if not grabbed or picture is None:
                if now - last > LOST_AFTER or not self._capture.isOpened():
                    raise CameraLost(f"{self.name} gives no more pictures: unplugged, or taken by another program")
                time.sleep(0.02)
                continue
            last = now
            start = now if start is None else start
            yield now - start, _rgb(picture)

    def _open(self) -> Any:
        if isinstance(self._source, int):
            capture = cv2.VideoCapture(self._source)
        else:
            limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, OPEN_WITHIN, cv2.CAP_PROP_READ_TIMEOUT_MSEC, OPEN_WITHIN]
            capture = cv2.VideoCapture(self._source, cv2.CAP_FFMPEG, limits)
        capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
        return capture

    def close(self) -> None:
        if self._again is not None:
            self._again.close()
        else:
            self._capture.release()


class VideoFile:
    """A video file, or a folder of numbered pictures, as a source: every frame once, as fast as frames are read."""

    live = False
    is_lost = False

    def __init__(self, path: str) -> None:
        self.name = path
        self._video = Video(path)
        self.fps: float | None = self._video.fps
        self.slowed = self._video.slowed  # seconds of a player for a second of the recording

    def __iter__(self) -> Iterator[tuple[float, Image]]:
        return iter(self._video)

    @property
    def remarks(self) -> tuple[str, ...]:
        """Oddities of the file, a line each. Known after the file was read."""
        return self._video.remarks

    def close(self) -> None:
        """Does nothing: no file stays open between passes."""


def usable(picture: Any) -> Image:
    """Returns a source's picture if it is RGB ``(height, width, 3)`` uint8, else a black one."""
    fits = isinstance(picture, np.ndarray) and picture.ndim == 3 and picture.shape[2] == 3 and picture.size > 0
    return picture if fits and picture.dtype == np.uint8 else np.zeros((48, 64, 3), np.uint8)


def _rgb(picture: Any) -> Image:
    return cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)


FrameSource = Camera | VideoFile


def open_source(source: int | str | None, reconnect: bool = False) -> FrameSource:
    """Opens a source: a camera for a number, a stream for an address with "://", else a video file.

    Args:
        source: the value of ``source=``.
        reconnect: open a camera or stream again when it hangs or is disconnected.

    Raises:
        InputError: there is no such camera, stream or video, or ``reconnect`` is used with a video.
    """
    text = "" if source is None else str(source).strip()
    if text.isdecimal() and len(text) < 4:
        return Camera(int(text), reconnect)
    if "://" in text:
        return Camera(text, reconnect)
    if not text or (Path(text).is_dir() and not pictures_in(Path(text))) or text.startswith("/dev/"):
        raise InputError(f"source={text}: give a camera's number (0 is the first), a video file, or an address")
    if reconnect:
        raise InputError(f"reconnect=true: only for a camera or an address, and source={text} is a file")
    return VideoFile(text)
