"""Reads a camera, and opens it again when it hangs or is disconnected."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from isl.live.channel import Channel, Closed, Stopped
from isl.vision.header import Image

HEARTBEAT = 0.5  # seconds without a picture after which an item without a time is yielded
HANGS_AFTER = 5.0  # seconds without a picture after which the camera is opened again
PAUSE = 1.0  # seconds between two attempts
MOST_STUCK = 3  # maximum number of readers that hang in a driver; no further one is started
NO_PICTURE: Image = np.zeros((48, 64, 3), np.uint8)

Item = tuple[float, Image]


class CameraReader:
    """Opens a camera and reads it in a thread of its own. The thread ends when its channel is stopped.

    Args:
        open_capture: opens the camera, see ``cv2.VideoCapture``.
        to_rgb: converts a picture of the capture to RGB.
    """

    def __init__(self, open_capture: Callable[[], Any], to_rgb: Callable[[Any], Image]) -> None:
        self.pictures: Channel[Item] = Channel(1, stale=True)
        self._open, self._to_rgb = open_capture, to_rgb
        self.thread = threading.Thread(target=self._run, name="camera", daemon=True)
        self.thread.start()

    def _run(self) -> None:
        capture = None
        try:
            capture = self._open()
            while capture.isOpened():
                grabbed, picture = capture.read()
                if not grabbed or picture is None:
                    return
                self.pictures.put((time.monotonic(), self._to_rgb(picture)))
        except Stopped:
            pass
        except Exception:
            pass  # the reader of the channel opens the camera again
        finally:
            self.pictures.close()
            if capture is not None:
                capture.release()


class Reconnecting:
    """Yields pictures of a camera until it is closed; while there are none, items without a time.

    Attributes:
        is_lost: True while the camera gives no pictures.
    """

    def __init__(self, open_capture: Callable[[], Any], to_rgb: Callable[[Any], Image]) -> None:
        self._open, self._to_rgb = open_capture, to_rgb
        self._readers: list[CameraReader] = []  # the last one is in use, the others hang
        self.is_lost = False
        self._closed = False

    def __iter__(self) -> Iterator[Item]:
        """Yields (seconds since the first picture, RGB), and (nan, black) for each ``HEARTBEAT`` without a picture."""
        start: float | None = None
        while not self._closed:
            for now, picture in self._read_one():
                start = now if start is None and math.isfinite(now) else start
                yield (now - start if start is not None else math.nan), picture
            self.is_lost = True
            yield from self._wait(PAUSE)

    def close(self) -> None:
        """Stops the reader; its thread ends after the driver's next answer."""
        self._closed = True
        for reader in self._readers:
            reader.pictures.stop()

    def _read_one(self) -> Iterator[Item]:
        """Yields the pictures of one reader until it ends or hangs."""
        self._readers = [reader for reader in self._readers if reader.thread.is_alive()]
        if len(self._readers) >= MOST_STUCK:
            return
        reader = CameraReader(self._open, self._to_rgb)
        self._readers.append(reader)
        last = time.monotonic()
        while not self._closed:
            try:
                item = reader.pictures.get(timeout=HEARTBEAT)
            except (Closed, Stopped):
                return
            if item is not None:
                last, self.is_lost = time.monotonic(), False
                yield item
            elif time.monotonic() - last > HANGS_AFTER:
                reader.pictures.stop()
                return
            else:
                yield math.nan, NO_PICTURE

    def _wait(self, seconds: float) -> Iterator[Item]:
        end = time.monotonic() + seconds
        while not self._closed and time.monotonic() < end:
            time.sleep(min(HEARTBEAT, seconds))
            yield math.nan, NO_PICTURE
