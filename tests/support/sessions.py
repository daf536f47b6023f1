"""Live sessions for tests, with drawn pictures, a fake landmarker and fake keys. Each ends within a limited time."""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np
from support.signing import RESTING, Reader, signing, stream

from isl.live.session import Session
from isl.live.viewer import Viewer
from isl.recognition.acceptance import BetweenRests
from isl.recognition.conversation import Conversation
from isl.recognition.interpreter import Interpreter
from isl.recognition.stream import Stream
from isl.sentence import Rules

DAY = [(RESTING, 1.0), (signing(0), 2.0), (RESTING, 1.0), (signing(1), 2.0), (RESTING, 4.0)]
THREADS = ("capture", "landmarking", "recognition", "sentence")  # of a session


def run(session: Session, within: float = 300.0) -> None:
    """Runs ``session.run()`` and raises its error. Fails if it takes over ``within`` s, a limit for slow machines."""
    raised: list[BaseException] = []

    def work() -> None:
        try:
            session.run()
        except BaseException as error:
            raised.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(within)
    assert not thread.is_alive(), f"the session hangs: it has not ended in {within:g} s"
    if raised:
        raise raised[0]


def left() -> list[threading.Thread]:
    """Returns the threads of all sessions that are still at work."""
    return [thread for thread in threading.enumerate() if thread.name in THREADS]


class Pictures:
    """A source of pictures. The first pixel of each holds the index of its landmarks."""

    name = "pictures"

    def __init__(self, parts=DAY, fps=10.0, live=False, pace=0.0, size=(64, 64), end=None):
        self.frames = list(stream(*parts, fps=fps))
        self.live, self.pace, self.size, self.end = live, pace, size, end
        self.before_each = lambda i: None
        self.closed = False

    def __iter__(self):
        for i, (seconds, _) in enumerate(self.frames):
            time.sleep(self.pace)
            self.before_each(i)
            picture = np.zeros((*self.size[::-1], 3), np.uint8)
            picture[0, 0] = i // 256, i % 256, 1
            yield seconds, picture
        if self.end is not None:
            raise self.end

    def close(self):
        self.closed = True


class Eyes:
    """A fake landmarker that reads the index from ``Pictures``. ``seen`` includes the picture at which it breaks."""

    def __init__(self, pictures, slow=0.0, break_at=None):
        self.pictures, self.slow, self.break_at, self.closed, self.seen = pictures, slow, break_at, False, []

    def __call__(self, picture):
        i = int(picture[0, 0, 0]) * 256 + int(picture[0, 0, 1])
        self.seen.append(i)
        time.sleep(self.slow)
        if len(self.seen) - 1 == self.break_at:
            raise ValueError("this frame is cursed\nand here is more")
        return self.pictures.frames[i][1]

    def close(self):
        self.closed = True


class Keys:
    """A fake screen whose keys are pressed after given numbers of pictures, and one more key at the end."""

    width = 0

    def __init__(self, *presses):
        self.presses, self.pictures, self.closed = list(presses), [], False

    def show(self, picture):
        self.pictures.append(picture)

    def read_keys(self):
        due, self.presses = (
            [key for at, key in self.presses if len(self.pictures) >= at],
            [press for press in self.presses if len(self.pictures) < press[0]],
        )
        return due

    def wait_for_key(self):
        return True

    def toggle_full_screen(self):
        self.full = True

    def close(self):
        self.closed = True


def session(pictures=None, eyes=None, reader=None, writer=None, stall=30.0, **options):
    pictures = pictures or Pictures()
    eyes = eyes or Eyes(pictures)
    conversation = Conversation(writer or Rules(), pause=options.pop("pause", 3.0))
    interpreter = Interpreter(conversation, Stream(reader or Reader(), BetweenRests()), options.pop("log", None))
    made: Any = Session(pictures, lambda: eyes, Viewer(interpreter, **options), stall)
    made.eyes = eyes
    return made


def happened(made, kind="word"):
    return [event.facts[kind] for event in made.interpreter.events if event.kind == kind]


def wait_until(true, seconds=120.0):
    """Return when ``true()`` is true, or after ``seconds``, a limit for slow machines."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.001)


def ended(made):
    """Returns True if source and landmarker are closed and no thread is left, as soon as the last one has ended."""
    wait_until(lambda: not left())
    return not left() and made.source.closed and made.eyes.closed
