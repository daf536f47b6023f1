"""Draws pictures on the screen and in the film, and does the actions of the keys."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from isl.errors import InputError
from isl.landmarks import Floats
from isl.live.clip_recorder import ClipRecorder
from isl.live.film import DiskFull, Film
from isl.live.picture import compose
from isl.live.screen import NoScreen, Screen
from isl.recognition.interpreter import Interpreter
from isl.recognition.screen_state import ScreenState
from isl.vision.header import Image

REFRESH = 0.5  # seconds between two drawings of the same picture
KEYS = "q quit · c clear · backspace last word · s say · m mirror · r film · 1-9 symptoms · f full screen · h hide keys"
RECORDING_KEYS = "q quit · r record · u undo the last clip · n next word · m mirror · f full screen · h hide keys"


@dataclass
class CapturedFrame:
    """A picture that is passed from thread to thread."""

    time: float
    picture: Image
    landmarks: Floats
    screen_state: ScreenState | None = None  # of this frame; None: the latest one when it is drawn


class Viewer:
    """Shows frames, writes the film, and does the actions of keys. Used by the main thread only.

    Args:
        interpreter: holds the latest state of the screen, and receives notes.
        screen: shows the pictures.
        film: the annotated video.
        new_film: opens a film when r is pressed.
        recorder: records clips of a new sign when r is pressed.
        mirrored: True shows the picture mirrored.

    Attributes:
        films: the paths of the completed films.
        remarks: lines about the films.
        failure: the error of the film, else None.
    """

    def __init__(
        self,
        interpreter: Interpreter,
        screen: Screen | NoScreen | None = None,
        film: Film | None = None,
        new_film: Callable[[], Film] | None = None,
        recorder: ClipRecorder | None = None,
        mirrored: bool = False,
    ) -> None:
        self.interpreter, self.screen = interpreter, screen or NoScreen()
        self.film, self.new_film, self.recorder = film, new_film, recorder
        self.mirrored = mirrored
        self.films: list[Path] = []
        self.remarks: list[str] = []
        self.failure: InputError | None = None
        self._shows_keys = True
        self._last: CapturedFrame | None = None
        self._shown_at = 0.0

    def show(self, captured: CapturedFrame) -> None:
        """Draws a frame for the screen and for the film; does nothing if there is neither."""
        if self.film is None and isinstance(self.screen, NoScreen):
            return
        self._last = captured
        screen_state = replace(captured.screen_state or self.interpreter.screen_state, filming=self.film is not None)
        if not isinstance(self.screen, NoScreen):
            keys = RECORDING_KEYS if self.recorder is not None else KEYS
            self._show(captured, screen_state, keys if self._shows_keys else "")
        if self.film is not None:
            self._add_to_film(self.film, captured, screen_state)

    def refresh(self) -> None:
        """Shows the last picture with the current notes."""
        is_due = time.monotonic() - self._shown_at > REFRESH
        if self._last is not None and is_due and not isinstance(self.screen, NoScreen):
            self._show(self._last, self.interpreter.screen_state)

    def hold(self) -> None:
        """Keeps the last picture on the screen until a key is pressed or the window is closed."""
        if self._last is None or isinstance(self.screen, NoScreen):
            return
        self.close_film()
        state = replace(self.interpreter.screen_state, note="end of the file: any key closes the window", filming=False)
        while True:
            self._show(self._last, state)  # drawn repeatedly, since the window may change its size
            if self.screen.wait_for_key():
                return

    def press(self, key: str) -> None:
        """Does the action of a key, except "quit" and "say", which the session handles."""
        if key.startswith("symptom"):
            self.interpreter.toggle_symptom(int(key.split()[1]))
        elif key == "mirror":
            self.mirrored = not self.mirrored
        elif key == "help":
            self._shows_keys = not self._shows_keys
        elif key == "record":
            self._record()
        elif key == "undo" and self.recorder is not None:
            path = self.recorder.undo()
            self.interpreter.show_note("no clip to undo" if path is None else f"deleted: {path}")
        elif key == "next" and self.recorder is not None:
            self.interpreter.show_note(f"r records {self.recorder.next_word()}")
        elif key == "clear":
            self.interpreter.clear()
        elif key == "backspace":
            self.interpreter.backspace()
        elif key == "full screen":
            self.screen.toggle_full_screen()

    def close_film(self) -> None:
        """Completes the open film, if there is one."""
        film, self.film = self.film, None
        if film is not None and (path := film.close()):
            self.films.append(path)
            self.remarks += [film.remark] if film.remark else []
            self.interpreter.show_note(f"written: {path}")

    def _show(self, captured: CapturedFrame, screen_state: ScreenState, keys: str = "") -> None:
        self._shown_at = time.monotonic()
        frame = captured.picture, captured.landmarks
        self.screen.show(compose(*frame, screen_state, self.mirrored, keys=keys, width=self.screen.width))

    def _add_to_film(self, film: Film, captured: CapturedFrame, screen_state: ScreenState) -> None:
        """Adds a picture to the film; if the disk is full, completes the film with the pictures so far."""
        try:
            film.add(captured.time, compose(captured.picture, captured.landmarks, screen_state, self.mirrored))
        except DiskFull as error:
            self.close_film()
            self.failure = self.failure or error
            self.interpreter.show_note(str(error))

    def _record(self) -> None:
        if self.recorder is not None:
            self.recorder.start()
        elif self.film is not None:
            self.close_film()
        elif self.new_film is not None:
            try:
                self.film = self.new_film()
            except (InputError, OSError) as error:
                self.interpreter.show_note(f"no film: {error}")
