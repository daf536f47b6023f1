"""Where the annotated pictures go: a window with keys, and a video file."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import cv2

from isl.errors import InputError
from isl.files import replacing
from isl.overlay import resized
from isl.video import Image

KEYS = {
    ord("q"): "quit",
    27: "quit",
    ord("c"): "clear",
    8: "backspace",
    127: "backspace",
    ord("s"): "say",
    ord("m"): "mirror",
    ord("r"): "record",
}


class Screen:
    """A window. All of it must be used from the main thread.

    Raises:
        InputError: there is no screen to open it on.
    """

    def __init__(self, title: str = "isl") -> None:
        if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
            raise InputError("display=window: there is no screen here; use display=none, with record= or events=")
        self.title = title
        self._open = False

    def show(self, picture: Image) -> None:
        if not self._open:
            cv2.namedWindow(self.title, cv2.WINDOW_AUTOSIZE | cv2.WINDOW_GUI_NORMAL)  # no toolbar
            self._open = True
        cv2.imshow(self.title, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))

    def pressed(self) -> list[str]:
        """What was pressed since the last call, as names of actions; closing the window quits."""
        if not self._open:
            return []
        names = []
        while (key := cv2.waitKey(1)) != -1:
            if name := KEYS.get(key & 0xFF):
                names.append(name)
        if cv2.getWindowProperty(self.title, cv2.WND_PROP_VISIBLE) < 1:
            names.append("quit")
        return names

    def close(self) -> None:
        if self._open:
            cv2.destroyAllWindows()
            self._open = False


class NoScreen:
    """``display=none``."""

    def show(self, picture: Image) -> None:
        """Nobody looks."""

    def pressed(self) -> list[str]:
        return []

    def close(self) -> None:
        """Nothing is open."""


class VideoFile:
    """Writes pictures with their times as an mp4 of an even frame rate: what came late is shown for longer.

    The rate is that of the first two pictures. The file gets its name when it is complete.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if self.path.suffix.lower() != ".mp4":
            raise InputError(f"record={path}: give a name that ends in .mp4")
        self.path.parent.mkdir(parents=True, exist_ok=True)  # where that fails, before the first picture
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
        """Finish the file; its path, or None where no picture ever came."""
        if self._waiting is not None:
            self._flush(until=self._start + (self._written + 1) / self._fps)
        if self._writer is None:
            return None
        self._writer.release()
        self._writer = None
        self._naming.close()
        return self.path

    def _flush(self, until: float) -> None:
        """Write the picture that waits, as often as its time asks for."""
        assert self._waiting is not None
        seconds, picture = self._waiting
        if self._writer is None:
            gap = until - seconds
            self._fps = min(max(round(1 / gap, 3), 5.0), 60.0) if gap > 0 else 30.0
            self._size = picture.shape[1] // 2 * 2, picture.shape[0] // 2 * 2
            unfinished = self._naming.enter_context(replacing(self.path))
            writer = cv2.VideoWriter(str(unfinished), cv2.VideoWriter.fourcc(*"mp4v"), self._fps, self._size)
            if not writer.isOpened():
                raise InputError(f"record={self.path}: can't be written there")
            self._writer = writer
        due = round((until - self._start) * self._fps)
        if due > self._written + 10 * self._fps:  # time jumped ahead: nobody wants to watch that
            self._start = until - (self._written + 1) / self._fps
            due = self._written + 1
        bgr = cv2.cvtColor(resized(picture, *self._size), cv2.COLOR_RGB2BGR)
        while self._written < due:
            self._writer.write(bgr)
            self._written += 1
