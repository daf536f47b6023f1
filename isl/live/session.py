"""The threads of live recognition.

    capture --> landmarking --> recognition --> drawing (the main thread)
                                     \\--> sentence

With a file each thread waits for the next one and no frame is lost: a file gives the same words on any machine. With
a camera no thread waits: pictures that come too fast are dropped, and the latest results are drawn.

A session ends at the end of a file, when a camera is lost, or when the user quits. The earlier frames are still
recognised and their sentence is written; a user who quits waits for it at most ``PATIENCE`` seconds. A thread that
fails ends the following threads in the same way; a thread that hangs is abandoned with a message.
"""

from __future__ import annotations

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from isl import landmarks as lm
from isl.errors import InputError
from isl.landmarks import Floats
from isl.live.channel import Channel, Closed, Stopped
from isl.live.memory import return_large_blocks
from isl.live.sources import CameraLost, Pictures, usable
from isl.live.viewer import CapturedFrame, Viewer
from isl.live.watchdog import Watchdog, as_input_error
from isl.signals import interruptible, undisturbed
from isl.vision.header import Image
from isl.vision.video_oddities import Oddities

PICTURES = 4  # size of a channel for pictures of a file
FRAMES = 64  # size of the channel for landmarks of a camera: they are small, and a sign needs all of them
PATIENCE = 3.0  # seconds that a user who quits waits for the last sentence


class Landmarks(Protocol):
    """Turns a picture into landmarks, see ``isl.vision.landmarker.Landmarker``."""

    def __call__(self, picture: Image) -> Floats: ...

    def close(self) -> None: ...


class Session:
    """Recognises the pictures of one source, once.

    Args:
        source: pictures with their times.
        landmarker: creates the landmarker; called in the thread that uses it.
        viewer: draws the pictures, and holds the interpreter that turns landmarks into words and sentences.
        stall: maximum time of one step of a thread, in seconds.
    """

    def __init__(
        self,
        source: Pictures,
        landmarker: Callable[[], Landmarks],
        viewer: Viewer,
        stall: float = 30.0,
    ) -> None:
        self.source, self.landmarker, self.viewer = source, landmarker, viewer
        self.interpreter, self.recorder = viewer.interpreter, viewer.recorder
        self.frames = 0  # landmarked
        self._oddities: Oddities | None = None  # of a file
        self._aspect = 1.0
        live = source.live
        self._pictures: Channel[tuple[float, Image]] = Channel(1 if live else PICTURES, stale=live)
        self._landmarked: Channel[CapturedFrame] = Channel(FRAMES if live else PICTURES, stale=live)
        self._drawable: Channel[CapturedFrame] = Channel(1 if live else PICTURES, stale=live)
        self._requests: Channel[bool] = Channel(1, stale=True)
        self._failure: BaseException | None = None
        self._is_lost = False  # True while the camera gives no pictures and is opened again
        self._patient_until = math.inf
        self._watch = Watchdog(stall)
        self._pace: deque[float] = deque(maxlen=30)  # times at which the last frames were landmarked

    @property
    def films(self) -> list[Path]:
        """The completed films."""
        return self.viewer.films

    @property
    def remarks(self) -> list[str]:
        """Oddities of a file, its pictures and its landmarks, a line each; known after ``run``."""
        oddities = self._oddities.lines(self._aspect) if self._oddities is not None else []
        return [*getattr(self.source, "remarks", ()), *oddities]

    @property
    def dropped(self) -> int:
        """Number of pictures of a camera that came too fast and were dropped."""
        return self._pictures.dropped

    def run(self) -> None:
        """Runs until the source ends or the user quits; draws in the calling thread, which must be the main one.

        Raises:
            InputError: a thread failed or hangs; ``CameraLost`` if the camera was disconnected.
            KeyboardInterrupt: Ctrl-C or a closed terminal; all files are complete before it is raised.
        """
        return_large_blocks()
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
            if not self.source.live and not self._is_quitting and self._failure is None:
                self.viewer.hold()
        except InputError as error:
            self._failure = self._failure or error
        except Exception as error:  # such as a lost screen
            self._failure = self._failure or as_input_error("drawing", error)

    def _draw(self) -> None:
        """Draws pictures until the last one is drawn."""
        while time.monotonic() < self._patient_until:
            try:
                captured = self._drawable.get(timeout=0.02)
            except Closed:
                return
            if captured is not None:
                self.viewer.show(captured)
            elif self._is_lost:
                self.viewer.refresh()
            for key in self.viewer.screen.read_keys():
                if key == "quit":
                    self._quit()
                elif key == "say":
                    self._requests.put(True)
                else:
                    self.viewer.press(key)
            self._look_for_hanging()

    def _quit(self) -> None:
        """Stops the source; frames with landmarks are still recognised."""
        self._patient_until = min(self._patient_until, time.monotonic() + PATIENCE)
        self._pictures.stop()

    @property
    def _is_quitting(self) -> bool:
        return self._patient_until < math.inf

    def _look_for_hanging(self) -> None:
        for name in self._watch.find_hanging():
            seconds = f"{self._watch.stall:g} s"
            if name != "capture" or not self.source.live:
                raise InputError(f"{name} hangs: one step has taken more than {seconds}; start again")
            if self._failure is None:
                self._failure = CameraLost(f"{self.source.name} has given no picture for {seconds}")
                self._pictures.close()  # the waiting pictures are still recognised

    def _end(self, threads: list[threading.Thread]) -> None:
        """Stops the threads and closes film, screen and source, also after an error."""
        for channel in (self._pictures, self._landmarked, self._drawable, self._requests):
            channel.stop()
        deadline = min(time.monotonic() + PATIENCE, max(self._patient_until, time.monotonic() + 0.5))
        for thread in threads:  # daemons: the program can end although a thread does not
            if thread.ident is not None and thread.name not in self._watch.find_hanging():
                thread.join(timeout=max(deadline - time.monotonic(), 0))
        closing: list[Callable[[], None]] = [self.viewer.close_film, self.viewer.screen.close]
        if not threads[0].is_alive():  # otherwise its thread may still read from it
            closing.append(self.source.close)
        for close in closing:
            try:
                close()
            except Exception as error:
                self._failure = self._failure or error
        self._failure = self._failure or self.viewer.failure

    # The other threads

    def _guarded(self, name: str, loop: Callable[[], None]) -> None:
        """Runs a thread's loop; stores its error for the main thread."""
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
            while (item := self._watch.step("capture", lambda: next(pictures, None))) is not None:
                seconds, picture = item
                self._follow_camera()
                if math.isfinite(seconds):  # a picture without a time is not recognised
                    self._pictures.put((seconds, usable(picture)))
        finally:
            self._pictures.close()

    def _follow_camera(self) -> None:
        """Shows a note when a camera with ``reconnect`` gives no pictures, and when it is back."""
        is_lost = getattr(self.source, "is_lost", False)
        if is_lost != self._is_lost:
            self._is_lost = is_lost
            state = "gives no pictures: waiting for it" if is_lost else "is back"
            self.interpreter.show_note(f"{self.source.name} {state}")

    def _landmark(self) -> None:
        landmarker = None
        try:
            landmarker = self._watch.step("landmarking", self.landmarker)
            if not self.source.live:
                self._oddities = Oddities(getattr(landmarker, "count_people", None))
            for seconds, picture in _items(self._pictures):
                landmarks = self._watch.step("landmarking", lambda: landmarker(picture))  # noqa: B023
                self.frames += 1
                self._pace.append(time.monotonic())
                captured = CapturedFrame(seconds, picture, lm.clean_frame(landmarks))
                if self._oddities is not None:
                    self._oddities.add(captured.landmarks, picture)
                    self._aspect = picture.shape[1] / picture.shape[0]
                if self.source.live:
                    self._drawable.put(captured)
                self._landmarked.put(captured)
        finally:
            self._landmarked.close()
            if landmarker is not None:
                landmarker.close()

    def _recognise(self) -> None:
        captured: CapturedFrame | None = None
        try:
            for captured in _items(self._landmarked):
                due = self._watch.step("recognition", lambda: self._feed(captured))  # noqa: B023
                if due and self.source.live:
                    self._requests.put(True)
                elif due:  # a file's sentence belongs to this frame
                    self.interpreter.write_sentence(wait=True)
                if not self.source.live:
                    captured.screen_state = self.interpreter.screen_state
                    self._drawable.put(captured)
            decide = not self._is_quitting  # a sign during which the user quits is not finished
            if self.interpreter.finish(decide):
                self._watch.step("recognition", lambda: self.interpreter.write_sentence(wait=True))
            if captured is not None and not self.source.live:  # the film ends with the sentence
                self._drawable.put(replace(captured, screen_state=self.interpreter.screen_state))
        finally:
            self._drawable.close()

    def _write(self) -> None:
        try:
            for _ in _items(self._requests):
                self.interpreter.write_sentence()
        finally:
            self._drawable.close()  # ends the drawing if this thread fails

    def _feed(self, captured: CapturedFrame) -> bool:
        size = captured.picture.shape[1], captured.picture.shape[0]
        fps = (len(self._pace) - 1) / max(self._pace[-1] - self._pace[0], 1e-3) if len(self._pace) > 1 else 0.0
        if self.recorder is None:
            return self.interpreter.feed(captured.time, captured.landmarks, size, fps)
        banner = self.recorder.feed(captured.time, captured.landmarks, size)
        return self.interpreter.feed(captured.time, captured.landmarks, size, fps, self.recorder.status, banner)


def _items(channel: Channel[Any]) -> Iterator[Any]:
    """Yields the items of a channel until it is closed."""
    while True:
        try:
            yield channel.get()
        except Closed:
            return
