"""Writes the annotated video with its times, and checks the disk space for it."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path

import cv2

from isl.errors import InputError
from isl.files import replacing
from isl.live.encoder import MOST_BUFFERED, Encoder, open_encoder
from isl.vision.header import Image
from isl.vision.overlay import resize

JUMP = 10  # seconds; a longer gap between two pictures is left out of the film
INDEX_BYTES = 64  # per picture, for the index that is added when an mp4 is closed


class DiskFull(InputError):  # noqa: N818, a state of the disk
    """The disk has no space for more pictures of a film; the pictures so far can be completed."""


class Film:
    """Writes pictures with their times as an mp4. The file gets its name only after it was completed and read again.

    The film has a constant frame rate: that of the first two pictures, or ``fps`` if this is higher. A picture that is
    shown for longer is written several times.

    Attributes:
        remark: a line about the file, or "".

    Args:
        path: path of the file.
        fps: mean frame rate of a video file, of which every frame is written. None for a camera, whose frames come at
            uneven times; if they come faster than the film's rate, some are left out.
    """

    def __init__(self, path: str | Path, fps: float | None = None) -> None:
        self.path = Path(path)
        self._mean_fps = fps
        self._naming = ExitStack()  # gives the file its name when it is closed
        self.remark = ""
        self._writer: Encoder | None = None
        self._pending: tuple[float, Image] | None = None  # the last picture, until the time of the next one is known
        self._start = 0.0
        self._fps = 30.0
        self._written = 0
        self._is_full = False

    def add(self, seconds: float, picture: Image) -> None:
        """Adds a picture that is shown from ``seconds`` on; a time before the last picture's counts as the same.

        Raises:
            DiskFull: the disk is nearly full; ``close`` completes the film with the pictures so far, if there are any.
        """
        if self._pending is None:
            self._start = seconds
        else:
            self._write_pending(until=seconds)
        self._pending = seconds, picture

    def close(self) -> Path | None:
        """Completes the file; returns its path, or None if no picture was added.

        Raises:
            InputError: the file could not be written completely.
        """
        if self._pending is not None and not self._is_full:
            self._write_pending(until=self._start + (self._written + 1) / self._fps)
        if self._writer is None:
            return None
        self._writer.close()
        self._writer = None
        with self._naming:
            if _count_frames(self._unfinished) < self._written:  # OpenCV's writer does not report a full disk
                raise InputError(f"film={self.path}: could not be written completely; is the disk full?")
        return self.path

    def _write_pending(self, until: float) -> None:
        """Writes the pending picture as often as its time on the screen requires."""
        assert self._pending is not None
        seconds, picture = self._pending
        if self._writer is None:
            self._open(picture, until - seconds)
        due = round((until - self._start) * self._fps)
        if self._mean_fps is not None and until > seconds:
            due = max(due, self._written + 1)
        if due > self._written + JUMP * self._fps:
            self._start = until - (self._written + 1) / self._fps
            due = self._written + 1
        assert self._writer is not None
        frame = resize(picture, *self._size)
        while self._written < due:
            self._check_disk(self._writer.buffered)
            self._writer.write(frame)
            self._written += 1

    def _check_disk(self, buffered: int) -> None:
        """Raises DiskFull while there is still space for the encoder's buffer and for the file's index."""
        needed = buffered + self._size[0] * self._size[1] + INDEX_BYTES * self._written
        folder = next(above for above in self.path.absolute().parents if above.exists())
        if shutil.disk_usage(folder).free < needed:
            self._is_full = True
            end = f"the film ends after {self._written / self._fps:.0f} s" if self._written else "there is no film"
            raise DiskFull(f"film={self.path}: the disk is full; {end}")

    def _open(self, picture: Image, gap: float) -> None:
        """Opens the file for pictures of this size; the first two pictures are ``gap`` seconds apart."""
        self._fps = min(max(round(1 / gap, 3), 5.0), 60.0) if gap > 0 else 30.0
        if self._mean_fps is not None:
            self._fps = min(max(self._mean_fps, 1 / gap if gap > 0 else 0), 1000.0)
        self._size = picture.shape[1] // 2 * 2, picture.shape[0] // 2 * 2
        self._check_disk(MOST_BUFFERED)  # a file without a picture would be left otherwise
        self._unfinished = self._naming.enter_context(replacing(self.path))
        writer = open_encoder(self._unfinished, self._fps, self._size, patient=self._mean_fps is not None)
        if writer is None:
            raise InputError(f"film={self.path}: can't be written there")
        self._writer = writer
        if writer.remark:
            self.remark = f"{self.path}: {writer.remark}"


def _count_frames(path: Path) -> int:
    """Returns the number of frames by the header of a file; 0 if it can't be read."""
    capture = cv2.VideoCapture(str(path))
    count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT)) if capture.isOpened() else 0
    capture.release()
    return count
