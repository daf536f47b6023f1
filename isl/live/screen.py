"""A window that shows pictures and reports keys."""

from __future__ import annotations

import ctypes
import os
import sys

import cv2

from isl.errors import InputError
from isl.vision.video import Image

KEYS = {"q": "quit", "\x1b": "quit", "c": "clear", "\b": "backspace", "s": "say", "m": "mirror", "r": "record"}
KEYS |= {str(number): f"symptom {number}" for number in range(1, 10)}
LARGEST = (1300, 660)  # width and height in pixels at which a window fits on a small laptop's screen
SAME_KEYS = {0xFF08: "\b", 0x7F: "\b", 0xFF1B: "\x1b"}  # other codes for them, of some systems


class Screen:
    """A window. All of it must be used from the main thread.

    Raises:
        InputError: there is no screen to open it on.
    """

    def __init__(self, title: str = "isl") -> None:
        if sys.platform.startswith("linux") and not _has_display():
            raise InputError("display=window: there is no screen here; use display=none, with film= or events=")
        self.title = title
        self._open = False
        self._closed_by_user = False

    def show(self, picture: Image) -> None:
        """Shows an RGB picture ``(height, width, 3)``; opens the window with the first one."""
        if self._closed_by_user:
            return
        if not self._open:
            cv2.namedWindow(self.title, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)  # no toolbar
            height, width = picture.shape[:2]
            scale = min(1.0, LARGEST[0] / width, LARGEST[1] / height)
            cv2.resizeWindow(self.title, round(scale * width), round(scale * height))
            self._open = True
        cv2.imshow(self.title, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))

    def read_keys(self) -> list[str]:
        """Returns the actions of the keys that were pressed since the last call; closing the window is "quit"."""
        if not self._open or self._closed_by_user:
            return []
        actions = []
        while (code := cv2.waitKeyEx(1)) != -1:
            if action := action_of(code):
                actions.append(action)
        if cv2.getWindowProperty(self.title, cv2.WND_PROP_VISIBLE) < 1:
            self._closed_by_user = True
            actions.append("quit")
        return actions

    def close(self) -> None:
        if self._open:
            cv2.destroyAllWindows()
            self._open = False


class NoScreen:
    """The screen of ``display=none``: shows nothing, reports no keys."""

    def show(self, picture: Image) -> None: ...

    def read_keys(self) -> list[str]:
        return []

    def close(self) -> None: ...


def action_of(code: int) -> str | None:
    """Returns the action of a ``waitKeyEx`` code, in upper or lower case; None for a key without one."""
    code &= 0xFFFF  # the bits above are Shift, Caps Lock and their like
    key = SAME_KEYS.get(code, chr(code) if code < 0x80 else "")
    return KEYS.get(key.lower())


def _has_display() -> bool:
    """Checks that a window can be opened: Qt itself ends the program where the connection to X is lost."""
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    if not os.environ.get("DISPLAY"):
        return False
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return True  # can't be checked
    x11.XOpenDisplay.restype = ctypes.c_void_p
    display = x11.XOpenDisplay(None)
    if display:
        x11.XCloseDisplay(ctypes.c_void_p(display))
    return bool(display)
