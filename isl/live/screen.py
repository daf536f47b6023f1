"""Shows pictures in a window and reads its keys."""

from __future__ import annotations

import ctypes
import os
import sys

import cv2

from isl.errors import InputError
from isl.vision.header import Image
from isl.vision.overlay import resize

KEYS = {  # key: action
    "q": "quit", "\x1b": "quit", "c": "clear", "\b": "backspace", "s": "say", "m": "mirror", "r": "record",
    "u": "undo", "n": "next", "f": "full screen", "h": "help",
}  # fmt: skip
KEYS |= {str(number): f"symptom {number}" for number in range(1, 10)}
DEFAULT_SCREEN = (1920, 1080)  # width and height in pixels, if the size is unknown
FIRST_SHARE = 0.8  # share of the screen that a new window takes
SAME_KEYS = {0xFF08: "\b", 0x7F: "\b", 0xFF1B: "\x1b"}  # other codes of these keys on some systems


class Screen:
    """A window that scales the picture to its size. It must be used from the main thread only.

    Attributes:
        width: width of the shown picture in pixels; 0 while it is unknown.

    Raises:
        InputError: there is no screen.
    """

    def __init__(self, title: str = "isl") -> None:
        if sys.platform.startswith("linux") and not _has_display():
            raise InputError("display=window: there is no screen here; use display=none, with film= or events=")
        self.title = title
        self.width = 0
        self._size = _screen_size()
        self._open = False
        self._closed_by_user = False

    def show(self, picture: Image) -> None:
        """Shows an RGB picture ``(height, width, 3)``; opens the window for the first one."""
        if self._closed_by_user:
            return
        if not self._open:
            cv2.namedWindow(self.title, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)  # no toolbar
            cv2.resizeWindow(self.title, *_fit(picture, FIRST_SHARE * self._size[0], FIRST_SHARE * self._size[1]))
            self._open = True
        # Qt shrinks a picture to its window but does not enlarge it, so the picture is made as large as the screen
        picture = resize(picture, *_fit(picture, *self._size))
        cv2.imshow(self.title, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        self.width = cv2.getWindowImageRect(self.title)[2]

    def read_keys(self) -> list[str]:
        """Returns the actions of the keys pressed since the last call; closing the window gives "quit"."""
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

    def wait_for_key(self, seconds: float = 0.05) -> bool:
        """Returns True if a key was pressed within ``seconds``, or the window is closed."""
        if not self._open or self._closed_by_user:
            return True
        pressed = cv2.waitKeyEx(max(1, round(1000 * seconds))) != -1
        return pressed or cv2.getWindowProperty(self.title, cv2.WND_PROP_VISIBLE) < 1

    def toggle_full_screen(self) -> None:
        is_full = cv2.getWindowProperty(self.title, cv2.WND_PROP_FULLSCREEN) == cv2.WINDOW_FULLSCREEN
        mode = cv2.WINDOW_NORMAL if is_full else cv2.WINDOW_FULLSCREEN
        cv2.setWindowProperty(self.title, cv2.WND_PROP_FULLSCREEN, mode)

    def close(self) -> None:
        if self._open:
            cv2.destroyAllWindows()
            self._open = False


class NoScreen:
    """The screen of ``display=none``: shows no pictures and returns no keys."""

    width = 0

    def show(self, picture: Image) -> None: ...

    def read_keys(self) -> list[str]:
        return []

    def wait_for_key(self, seconds: float = 0.05) -> bool:
        return True

    def toggle_full_screen(self) -> None: ...

    def close(self) -> None: ...


def action_of(code: int) -> str | None:
    """Returns the action of a ``waitKeyEx`` code, in upper or lower case; None for a key without an action."""
    code &= 0xFFFF  # the higher bits are modifiers such as Shift and Caps Lock
    key = SAME_KEYS.get(code, chr(code) if code < 0x80 else "")
    return KEYS.get(key.lower())


def _fit(picture: Image, width: float, height: float) -> tuple[int, int]:
    """Returns the largest size (width, height) with the picture's aspect that fits into ``width`` x ``height``."""
    scale = min(width / picture.shape[1], height / picture.shape[0])
    return max(1, round(scale * picture.shape[1])), max(1, round(scale * picture.shape[0]))


def _has_display() -> bool:
    """Returns True if a window can be opened; without a display, Qt would end the program."""
    if os.environ.get("WAYLAND_DISPLAY"):
        return True
    return bool(os.environ.get("DISPLAY")) and _x11_size() is not None


def _screen_size() -> tuple[int, int]:
    """Returns width and height of the screen in pixels."""
    size = _x11_size() if sys.platform.startswith("linux") and os.environ.get("DISPLAY") else None
    return size if size and min(size) > 0 else DEFAULT_SCREEN


def _x11_size() -> tuple[int, int] | None:
    """Returns the size of the X11 display; (0, 0) without the X11 library, None without a connection."""
    try:
        x11 = ctypes.CDLL("libX11.so.6")
    except OSError:
        return 0, 0
    x11.XOpenDisplay.restype = ctypes.c_void_p
    pointer = x11.XOpenDisplay(None)
    if not pointer:
        return None
    display = ctypes.c_void_p(pointer)
    size = x11.XDisplayWidth(display, 0), x11.XDisplayHeight(display, 0)
    x11.XCloseDisplay(display)
    return size
