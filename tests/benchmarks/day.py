"""A day in front of the camera: 24 hours of stream on a fast clock, with faults, several sessions side by side.

    python tests/benchmarks/day.py --hours 24 --sessions 3 --faults 200

Signs, rests and absence are drawn, and a fake landmarker reads them from the pictures, in place of MediaPipe;
channels, threads, recognition, rules and sentences are those of ``live.py``. Each session gets ``faults`` faults
of all kinds, spread over the day. Prints the process's memory and threads hour by hour. The exit code is 1 if a session
ends early, a word is missing, a thread is left, or memory grows by more than ten megabytes after the first quarter.
"""

from __future__ import annotations

import argparse
import gc
import sys
import threading
import time
from collections.abc import Generator, Iterator
from itertools import cycle
from pathlib import Path
from typing import Any

import numpy as np
import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.faults import KINDS, LANDMARKS, PICTURES, TIMES
from support.signing import NOBODY, RESTING, Reader, signing, stream

from isl.errors import InputError
from isl.live.session import Session
from isl.live.viewer import Viewer
from isl.recognition.acceptance import BetweenRests
from isl.recognition.conversation import Conversation
from isl.recognition.events import Event
from isl.recognition.interpreter import CAMERA_EVENTS, Interpreter
from isl.recognition.stream import Stream
from isl.sentence import Rules
from isl.vision import landmarker as landmarker_module
from isl.vision.landmarker import Landmarker

SCENE = ((RESTING, 2.0), (signing(0), 2.0), (RESTING, 5.0), (signing(1), 2.0), (RESTING, 2.0), (NOBODY, 8.0))
SECONDS = sum(seconds for _, seconds in SCENE)
GROWTH = 10.0  # MB
LOST = 120.0  # seconds after which a picture that was not recognised counts as lost
KEPT = 500  # pictures whose landmarks are remembered; far fewer are on their way


class Camera:
    """Plays the scene again and again, with faults in between; counts the frames of each scene without a fault.

    Its clock is as fast as the session: the next picture comes once the last one was recognised, so none is dropped.
    """

    live = True

    def __init__(self, number: int, hours: float, faults: int, fps: int) -> None:
        self.name = f"camera {number}"
        self.recognised = threading.Semaphore(1)
        self.number, self.hours, self.fps = number, hours, fps
        self.landmarks: dict[int, Any] = {}
        self.count = self.given = self.scenes = 0
        rng = np.random.default_rng(number)
        self.total = int(hours * 3600 / SECONDS)
        self.faults = dict(zip(rng.choice(self.total, min(faults, self.total), replace=False), cycle(KINDS)))
        self.hour = 0.0

    def __iter__(self) -> Iterator[tuple[float, Any]]:
        for at, picture in self._play():
            if np.isfinite(at) and not self.recognised.acquire(timeout=LOST):  # others are left out by the session
                raise InputError(f"{self.name}: a picture was never recognised")
            yield at, picture

    def _play(self) -> Iterator[tuple[float, Any]]:
        now = 0.0
        for scene in range(self.total):
            if scene in self.faults:
                now = yield from self._faulty(now, self.faults[scene])
            for at, frame in stream(*SCENE, fps=self.fps):
                yield now + at, self._picture(frame)
            now += SECONDS
            self.scenes += 1
            self.hour = scene * SECONDS / 3600

    def _faulty(self, now: float, kind: str) -> Generator[tuple[float, Any], None, float]:
        """A fault while somebody rests; then three seconds of rest. Returns the time after them."""
        step = TIMES.get(kind, 0.1)
        yield now + step, PICTURES[kind] if kind in PICTURES else self._picture(LANDMARKS.get(kind, RESTING))
        self.given += 1
        now += step if np.isfinite(step) and step > 0 else 0.1
        for i in range(3 * self.fps):
            yield now + i / self.fps, self._picture(RESTING)
        return now + 3.0

    def _picture(self, landmarks: Any) -> Any:
        self.count = (self.count + 1) % 60_000
        self.landmarks[self.count] = landmarks
        self.landmarks.pop((self.count - KEPT) % 60_000, None)
        picture = np.zeros((48, 48, 3), np.uint8)
        picture[0, 0] = self.count // 256, self.count % 256, 200 + self.number
        return picture

    def close(self) -> None:
        pass


class Tracker:
    """Reads the number in a picture's first pixel, in place of MediaPipe."""

    cameras: dict[int, Camera] = {}  # noqa: RUF012, one for all sessions

    def __init__(self, face: bool = True) -> None:
        pass

    def __call__(self, picture: Any) -> Any:
        high, low, mark = (int(value) for value in picture[0, 0])
        camera = self.cameras.get(mark - 200)
        return camera.landmarks.get(high * 256 + low, NOBODY) if camera else NOBODY

    def close(self) -> None:
        pass


class Forgetful(Reader):
    """A fake network that keeps none of its clips."""

    def judge(self, prepared: Any, aspect: float | None = None) -> Any:
        answer = super().judge(prepared, aspect)
        self.clips.clear()
        return answer


class Counter(Interpreter):
    """Counts words and sentences, of which a session keeps only the last; tells the camera to go on."""

    words = sentences = 0
    camera: Camera

    def feed(self, *frame: Any, **facts: Any) -> bool:
        due = super().feed(*frame, **facts)
        self.camera.recognised.release()
        return due

    def _report(self, event: Event) -> None:
        self.words += event.kind == "word"
        self.sentences += event.kind == "sentence"
        super()._report(event)


def attend(camera: Camera, errors: list[str], counted: list[int], kept: int) -> None:
    """Run one session until its camera ends; it keeps its last ``kept`` events."""
    interpreter = Counter(Conversation(Rules()), Stream(Forgetful(), BetweenRests()), most_events=kept)
    interpreter.camera = camera
    try:
        Session(camera, Landmarker, Viewer(interpreter)).run()
    except Exception as error:
        errors.append(f"{camera.name}: {type(error).__name__}: {error}")
    counted.append(interpreter.words)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--fps", type=int, default=10)
    parser.add_argument("--sessions", type=int, default=3)
    parser.add_argument("--faults", type=int, default=200, help="of each session")
    parser.add_argument("--kept", type=int, default=CAMERA_EVENTS, help="events that a session keeps")
    chosen = parser.parse_args()
    landmarker_module.Holistic = Tracker  # type: ignore[misc,assignment]
    before, me, began = threading.active_count(), psutil.Process(), time.monotonic()
    cameras = [Camera(i, chosen.hours, chosen.faults, chosen.fps) for i in range(chosen.sessions)]
    Tracker.cameras = dict(enumerate(cameras))
    errors: list[str] = []
    counted: list[int] = []
    threads = [threading.Thread(target=attend, args=(camera, errors, counted, chosen.kept)) for camera in cameras]
    for thread in threads:
        thread.start()
    marks: list[float] = []
    print("| hour of the day | memory, MB | threads | seconds of this machine |\n|---|---|---|---|", flush=True)
    steps = 24
    while any(thread.is_alive() for thread in threads):
        time.sleep(0.1)
        hour = min(camera.hour for camera in cameras)
        if hour >= chosen.hours * (len(marks) + 1) / steps:
            gc.collect()
            marks.append(me.memory_info().rss / 2**20)
            passed = time.monotonic() - began
            print(f"| {hour:.1f} | {marks[-1]:.1f} | {threading.active_count()} | {passed:.0f} |", flush=True)
    left = threading.active_count() - before
    expected = sum(2 * camera.total for camera in cameras)
    faults = sum(camera.given for camera in cameras)
    grown = max(marks[len(marks) // 4 :], default=0.0) - (marks[len(marks) // 4] if marks else 0.0)
    print(
        f"\n{len(cameras)} sessions, {faults} faults; {sum(counted)} words of {expected}; {left} threads left; ", end=""
    )
    print(f"memory grew by {grown:.1f} MB after the first quarter; {len(errors)} sessions ended early")
    print("\n".join(errors))
    sys.exit(bool(errors or left or sum(counted) != expected or grown > GROWTH))


if __name__ == "__main__":
    main()
