"""Where the annotated pictures go: a window with keys, and a video file."""

from __future__ import annotations

import ctypes
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import cv2

from isl.errors import InputError
from isl.files import replacing
from isl.vision.overlay import resized
from isl.vision.video import Image

KEYS = {"q": "quit", "\x1b": "quit", "c": "clear", "\b": "backspace", "s": "say", "m": "mirror", "r": "record"}
ROOM = (1300, 660)  # width and height in pixels that a window has on a small laptop's screen
SAME = {0xFF08: "\b", 0x7F: "\b", 0xFF1B: "\x1b"}  # codes of some systems


class Screen:
    """A window. All of it must be used from the main thread.

    Raises:
        InputError: there is no screen to open it on.
    """

    def __init__(self, title: str = "isl") -> None:
        if sys.platform.startswith("linux") and not _reachable():
            raise InputError("display=window: there is no screen here; use display=none, with record= or events=")
        self.title = title
        self._open = self._closed = False  # by us; by the user

    def show(self, picture: Image) -> None:
        if self._closed:
            return
        if not self._open:
            cv2.namedWindow(self.title, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)  # no toolbar
            height, width = picture.shape[:2]
            scale = min(1.0, ROOM[0] / width, ROOM[1] / height)  # at first; it can be made smaller still
            cv2.resizeWindow(self.title, round(scale * width), round(scale * height))
            self._open = True
        cv2.imshow(self.title, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))

    def pressed(self) -> list[str]:
        """What was pressed since the last call, as names of actions; closing the window quits."""
        if not self._open or self._closed:
            return []
        names = []
        while (code := cv2.waitKeyEx(1)) != -1:
            if name := action(code):
                names.append(name)
        if cv2.getWindowProperty(self.title, cv2.WND_PROP_VISIBLE) < 1:
            self._closed = True
            names.append("quit")
        return names

    def close(self) -> None:
        if self._open:
            cv2.destroyAllWindows()
            self._open = False


def _reachable() -> bool:
    """Whether a window can be opened. Qt does not ask: over a lost connection it ends the program."""
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    if not os.environ.get("DISPLAY"):
        return False
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True  # nobody to ask
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = x11.XOpenDisplay(None)
    if display:
        x11.XCloseDisplay(ctypes.c_void_p(display))
    return bool(display)


def action(code: int) -> str | None:
    """What the key of a ``waitKeyEx`` code does, in upper or lower case; None for every other key."""
    code &= 0xFFFF  # above are Shift, Caps Lock and their like
    key = SAME.get(code, chr(code) if code < 0x80 else "")
    return KEYS.get(key.lower())


class NoScreen:
    """``display=none``."""

    def show(self, picture: Image) -> None:
        """Nobody looks."""

    def pressed(self) -> list[str]:
        return []

    def close(self) -> None:
        """Nothing is open."""


class VideoFile:
    """Writes pictures with their times as an mp4, which gets its name when it is closed and can be read again.

    Args:
        path: where it belongs.
        fps: pictures a second of a file, on average: none of them is left out. None: a camera's, whose pictures come
            when they come; where they come faster than the film's rate, some are.

    The film's rate is even: that of the first two pictures, or ``fps`` where it is higher. What came late is shown for
    longer.
    """

    def __init__(self, path: str | Path, fps: float | None = None) -> None:
        self.path = Path(path)
        self._average = fps
        self._naming = ExitStack()  # its end gives the file its name
        self._writer: Any = None
        self._waiting: tuple[float, Image] | None = None
        self._start = 0.0
        self._fps = 30.0
        self._written = 0

    def add(self, seconds: float, picture: Image) -> None:
        """``picture`` as it was from ``seconds`` on; a time that goes back counts as no time."""
        if self._waiting is None:
            self._start = seconds
        else:
            self._flush(until=seconds)
        self._waiting = seconds, picture

    def close(self) -> Path | None:
        """Finish the file; its path, or None where no picture ever came.

        Raises:
            InputError: it could not be written whole.
        """
        if self._waiting is not None:
            self._flush(until=self._start + (self._written + 1) / self._fps)
        if self._writer is None:
            return None
        self._writer.release()
        self._writer = None
        with self._naming:
            if _frames(self._unfinished) < self._written:  # the writer itself never says that the disk is full
                raise InputError(f"record={self.path}: could not be written whole; is the disk full?")
        return self.path

    def _flush(self, until: float) -> None:
        """Write the picture that waits, as often as its time asks for."""
        assert self._waiting is not None
        seconds, picture = self._waiting
        if self._writer is None:
            gap = until - seconds
            self._fps = min(max(round(1 / gap, 3), 5.0), 60.0) if gap > 0 else 30.0
            if self._average is not None:
                self._fps = min(max(self._average, 1 / gap if gap > 0 else 0), 1000.0)
            self._size = picture.shape[1] // 2 * 2, picture.shape[0] // 2 * 2
            self._unfinished = self._naming.enter_context(replacing(self.path))
            writer = cv2.VideoWriter(str(self._unfinished), cv2.VideoWriter.fourcc(*"mp4v"), self._fps, self._size)
            if not writer.isOpened():
                raise InputError(f"record={self.path}: can't be written there")
            self._writer = writer
        due = round((until - self._start) * self._fps)
        if self._average is not None and until > seconds:
            due = max(due, self._written + 1)
        if due > self._written + 10 * self._fps:  # time jumped ahead: nobody wants to watch that
            self._start = until - (self._written + 1) / self._fps
            due = self._written + 1
        bgr = cv2.cvtColor(resized(picture, *self._size), cv2.COLOR_RGB2BGR)
        while self._written < due:
            self._writer.write(bgr)
            self._written += 1


def _frames(path: Path) -> int:
    """How many frames a finished file says that it has; 0 where it can't be read."""
    capture = cv2.VideoCapture(str(path))
    count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT)) if capture.isOpened() else 0
    capture.release()
    return count
