"""The threads of live recognition, and how they end.

    capture --> landmarking --> recognition --> drawing (the main thread)
                                     \\--> sentence

From a file each waits for the next and nothing is lost: the same file gives the same words on any machine. From a
camera nobody waits: pictures that nobody was ready for are dropped, and drawing shows what is known so far.

Whatever ends a session ends its source first: what was seen until then is still recognised and said. That holds for
the end of a file, a camera that goes away, and a user who quits, who waits for it no longer than ``PATIENCE``. A thread
that fails ends those behind it in the same way; one that hangs is left behind with a message.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from isl import landmarks as lm
from isl.errors import InputError
from isl.landmarks import Floats
from isl.live.camera import CameraLost, usable
from isl.live.channel import Channel, Closed, Stopped
from isl.live.interpreter import Interpreter
from isl.live.output import NoScreen, Screen, VideoFile
from isl.live.picture import compose
from isl.live.screen_state import ScreenState
from isl.live.watchdog import Watchdog, as_input_error, interruptible, undisturbed
from isl.vision.video import Image

PICTURES = 4  # that wait between two threads, when a file is read
FRAMES = 64  # landmarks of a camera that recognition may be late by: they are small, and a sign needs all of them
PATIENCE = 3.0  # seconds that a user who quits waits for the last sentence


class Pictures(Protocol):
    """Where pictures come from: see ``isl.live.camera``."""

    name: str
    live: bool  # a camera: what is late is dropped

    def __iter__(self) -> Iterator[tuple[float, Image]]: ...

    def close(self) -> None: ...


class Landmarks(Protocol):
    """See ``isl.vision.landmarker.Landmarker``."""

    def __call__(self, picture: Image) -> Floats: ...

    def close(self) -> None: ...


@dataclass
class CapturedFrame:
    """One picture on its way."""

    time: float
    picture: Image
    landmarks: Floats
    screen_state: ScreenState | None = None  # as of this frame; None: whatever is known when it is drawn


class Session:
    """One run over one source.

    Args:
        source: pictures with their times.
        landmarker: makes what landmarks the pictures; called in the thread that uses it.
        interpreter: landmarks to words and sentences.
        screen: where pictures are shown.
        film: a video file for the annotated pictures.
        new_film: opens a video file when the user asks for one.
        mirrored: show the picture as a mirror would.
        stall: seconds that one step of a thread may take.
    """

    def __init__(
        self,
        source: Pictures,
        landmarker: Callable[[], Landmarks],
        interpreter: Interpreter,
        screen: Screen | NoScreen | None = None,
        film: VideoFile | None = None,
        new_film: Callable[[], VideoFile] | None = None,
        mirrored: bool = False,
        stall: float = 30.0,
    ) -> None:
        self.source, self.landmarker, self.interpreter = source, landmarker, interpreter
        self.screen = screen or NoScreen()
        self.film, self.new_film = film, new_film
        self.mirrored = mirrored
        self.films: list[Path] = []
        self.frames = 0  # landmarked
        live = source.live
        self._taken: Channel[tuple[float, Image]] = Channel(1 if live else PICTURES, stale=live)
        self._seen: Channel[CapturedFrame] = Channel(FRAMES if live else PICTURES, stale=live)
        self._ready: Channel[CapturedFrame] = Channel(1 if live else PICTURES, stale=live)
        self._say: Channel[bool] = Channel(1, stale=True)
        self._failure: BaseException | None = None
        self._patient_until = math.inf
        self._watch = Watchdog(stall)
        self._pace: deque[float] = deque(maxlen=30)  # when the last frames were landmarked

    @property
    def dropped(self) -> int:
        """Pictures of a camera that nobody was ready for."""
        return self._taken.dropped

    def run(self) -> None:
        """Until the source ends or the user quits; draws in the calling thread, which must be the main one.

        Raises:
            InputError: a thread failed or hangs; ``CameraLost`` where the camera went away.
            KeyboardInterrupt: the user quit in this way, or the terminal was closed; all is written by then.
        """
        loops = (self._capture, self._landmark, self._recognise, self._write)
        names = ("capture", "landmarking", "recognition", "sentence")
        threads = [
            threading.Thread(target=self._guarded, args=(name, loop), name=name, daemon=True)
            for name, loop in zip(names, loops, strict=True)
        ]
        interrupted: KeyboardInterrupt | None = None
        with interruptible():
            try:
                for thread in threads:
                    thread.start()
                self._draw_guarded()
            except KeyboardInterrupt as error:
                interrupted = error
            with undisturbed():
                if interrupted is not None:
                    self._quit()
                    self._draw_guarded()
                self._end(threads)
        if self._failure is not None:
            raise self._failure
        if interrupted is not None:
            raise interrupted

    def _draw_guarded(self) -> None:
        try:
            self._draw()
        except InputError as error:
            self._failure = self._failure or error
        except Exception as error:  # a screen that went away, for one
            self._failure = self._failure or as_input_error("drawing", error)

    def _draw(self) -> None:
        """Show what comes until nothing more does."""
        while time.monotonic() < self._patient_until:
            try:
                captured = self._ready.get(timeout=0.02)
            except Closed:
                return
            if captured is not None:
                self._show(captured)
            for key in self.screen.pressed():
                if key == "quit":
                    self._quit()
                else:
                    self._press(key)
            self._look_for_hanging()

    def _quit(self) -> None:
        """Let nothing more in; what is seen already is still recognised."""
        self._patient_until = min(self._patient_until, time.monotonic() + PATIENCE)
        self._taken.stop()

    def _show(self, captured: CapturedFrame) -> None:
        if self.film is None and isinstance(self.screen, NoScreen):
            return
        screen_state = replace(captured.screen_state or self.interpreter.screen_state, filming=self.film is not None)
        picture = compose(captured.picture, captured.landmarks, screen_state, self.mirrored)
        self.screen.show(picture)
        if self.film is not None:
            self.film.add(captured.time, picture)

    def _press(self, key: str) -> None:
        if key == "mirror":
            self.mirrored = not self.mirrored
        elif key == "say":
            self._say.put(True)
        elif key == "clear":
            self.interpreter.clear()
        elif key == "backspace":
            self.interpreter.backspace()
        elif key == "record" and self.interpreter.recorder is not None:
            self.interpreter.recorder.start()
        elif key == "record" and self.film is not None:
            self._close_film()
        elif key == "record" and self.new_film is not None:
            try:
                self.film = self.new_film()
            except (InputError, OSError) as error:
                self.interpreter.note(f"no film: {error}")

    def _close_film(self) -> None:
        film, self.film = self.film, None
        if film is not None and (path := film.close()):
            self.films.append(path)
            self.interpreter.note(f"written: {path}")

    def _look_for_hanging(self) -> None:
        for name in self._watch.hanging():
            seconds = f"{self._watch.stall:g} s"
            if name != "capture" or not self.source.live:
                raise InputError(f"{name} has been at one step for {seconds} and hangs; start again")
            if self._failure is None:
                self._failure = CameraLost(f"{self.source.name} has given no picture for {seconds}")
                self._taken.close()  # what it gave before is still recognised

    def _end(self, threads: list[threading.Thread]) -> None:
        """Stop the threads and close what is open, whatever happened before."""
        for line in (self._taken, self._seen, self._ready, self._say):
            line.stop()
        deadline = min(time.monotonic() + PATIENCE, max(self._patient_until, time.monotonic() + 0.5))
        for thread in threads:  # daemons: one that does not end keeps nobody
            if thread.ident is not None and thread.name not in self._watch.hanging():
                thread.join(timeout=max(deadline - time.monotonic(), 0))
        closing: list[Callable[[], None]] = [self._close_film, self.screen.close]
        if not threads[0].is_alive():  # or it would be closed under capture's hands
            closing.append(self.source.close)
        for close in closing:
            try:
                close()
            except Exception as error:
                self._failure = self._failure or error

    # The other threads

    def _guarded(self, name: str, loop: Callable[[], None]) -> None:
        """Run a thread's loop; what it dies of is told once, by the main thread."""
        try:
            loop()
        except Stopped:
            pass
        except InputError as error:
            self._failure = self._failure or error
        except BaseException as error:
            self._failure = self._failure or as_input_error(name, error)

    def _capture(self) -> None:
        try:
            pictures = iter(self.source)
            while (taken := self._watch.step("capture", lambda: next(pictures, None))) is not None:
                seconds, picture = taken
                if math.isfinite(seconds):  # a picture of no time is in no stream
                    self._taken.put((seconds, usable(picture)))
        finally:
            self._taken.close()

    def _landmark(self) -> None:
        landmarker = None
        try:
            landmarker = self._watch.step("landmarking", self.landmarker)
            for seconds, picture in _items(self._taken):
                landmarks = self._watch.step("landmarking", lambda: landmarker(picture))  # noqa: B023
                self.frames += 1
                self._pace.append(time.monotonic())
                captured = CapturedFrame(seconds, picture, lm.usable(landmarks))
                if self.source.live:
                    self._ready.put(captured)
                self._seen.put(captured)
        finally:
            self._seen.close()
            if landmarker is not None:
                landmarker.close()

    def _recognise(self) -> None:
        captured: CapturedFrame | None = None
        try:
            for captured in _items(self._seen):
                due = self._watch.step("recognition", lambda: self._feed(captured))  # noqa: B023
                self._sentence_if(due)
                if not self.source.live:
                    captured.screen_state = self.interpreter.screen_state
                    self._ready.put(captured)
            decide = self._patient_until == math.inf  # who quits in a sign has not signed it
            if self.interpreter.finish(decide):
                self._watch.step("recognition", lambda: self.interpreter.say(wait=True))
            if captured is not None and not self.source.live:
                self._ready.put(
                    replace(captured, screen_state=self.interpreter.screen_state)
                )  # the film ends with the sentence
        finally:
            self._ready.close()

    def _write(self) -> None:
        try:
            for _ in _items(self._say):
                self.interpreter.say()
        finally:
            self._ready.close()  # nobody waits for more where this thread fails

    def _feed(self, captured: CapturedFrame) -> bool:
        size = captured.picture.shape[1], captured.picture.shape[0]
        fps = (len(self._pace) - 1) / max(self._pace[-1] - self._pace[0], 1e-3) if len(self._pace) > 1 else 0.0
        return self.interpreter.feed(captured.time, captured.landmarks, size, fps)

    def _sentence_if(self, due: bool) -> None:
        """From a file the sentence belongs to its frame; beside a camera it is written when it is written."""
        if due and self.source.live:
            self._say.put(True)
        elif due:
            self.interpreter.say(wait=True)


def _items(line: Channel[Any]) -> Iterator[Any]:
    """What comes out of a line until it is closed."""
    while True:
        try:
            yield line.get()
        except Closed:
            return
