"""Faults of every kind through the whole session: it goes on, or ends with one clear line; and it stays small."""

from __future__ import annotations

import gc
import threading
import time
import tracemalloc
from itertools import cycle, islice

import numpy as np
import pytest
from support.faults import FAULTS, KINDS, LANDMARKS, PICTURES, TIMES
from support.sessions import left, run
from support.signing import NOBODY, RESTING, Reader, signing, stream

from isl.errors import InputError
from isl.live.film import Film
from isl.live.session import Session
from isl.live.sources import CameraLost
from isl.live.viewer import Viewer
from isl.recognition.acceptance import BetweenRests
from isl.recognition.conversation import Conversation
from isl.recognition.interpreter import Interpreter
from isl.recognition.stream import Stream
from isl.sentence import Rules
from isl.vision import landmarker as landmarker_module
from isl.vision.landmarker import Landmarker


class Source:
    """Rest, with a fault in every third picture; and a whole sign at the end."""

    name = "a source with faults"

    def __init__(self, faults, live=False, pace=0.0):
        self.faults, self.live, self.pace, self.closed = faults, live, pace, False
        self.landmarks: dict[int, object] = {}  # by the number that a picture carries
        self.count = 0

    def __iter__(self):
        now = 0.0
        for fault in self.faults:
            for _ in range(2):
                now += 0.1
                yield now, self._picture(RESTING)
            step = TIMES.get(fault, 0.1)
            picture = PICTURES[fault] if fault in PICTURES else self._picture(LANDMARKS.get(fault, RESTING))
            yield now + step, picture
            now += step if np.isfinite(step) else 0.1
        for at, frame in stream((RESTING, 1.0), (signing(1), 2.0), (RESTING, 1.5), fps=10):
            yield now + 5.0 + at, self._picture(frame)

    def _picture(self, landmarks):
        time.sleep(self.pace)
        self.count += 1
        self.landmarks[self.count] = landmarks
        picture = np.zeros((48, 48, 3), np.uint8)  # as wide as high, as the drawn signer is measured
        picture[0, 0] = self.count // 256, self.count % 256, 7
        return picture

    def close(self):
        self.closed = True


@pytest.fixture
def tracker(monkeypatch):
    """MediaPipe's place: reads the number that a picture carries; dies of what MediaPipe would die of."""

    class Tracker:
        source: Source

        def __init__(self, face=True):
            self.size = None

        def __call__(self, picture):
            assert picture.dtype == np.uint8 and picture.ndim == 3 and picture.shape[2] == 3
            assert picture.flags.c_contiguous and min(picture.shape[:2]) >= 32 and max(picture.shape) <= 1920
            assert self.size in (None, picture.shape), "one tracker, two sizes"
            self.size = picture.shape
            high, low, mark = picture[0, 0]
            return Tracker.source.landmarks[int(high) * 256 + int(low)] if mark == 7 else NOBODY

        def close(self):
            pass

    monkeypatch.setattr(landmarker_module, "Holistic", Tracker)
    return Tracker


class Screen:
    width = 0

    def __init__(self, fails=None):
        self.sizes, self.fails = [], fails

    def show(self, picture):
        if self.fails and len(self.sizes) > 5:
            raise self.fails
        self.sizes.append(picture.shape)

    def read_keys(self):
        return []

    def wait_for_key(self):
        return True

    def close(self):
        pass


def session(source, tracker, reader=None, rule=None, stall=30.0, **options):
    tracker.source = source
    interpreter = Interpreter(Conversation(Rules()), Stream(reader or Reader(), rule or BetweenRests()))
    return Session(source, Landmarker, Viewer(interpreter, **options), stall)


def words(made):
    return [event.facts["word"] for event in made.interpreter.events if event.kind == "word"]


@pytest.mark.slow
@pytest.mark.parametrize("live", [False, True], ids=["file", "camera"])
def test_a_sign_after_fifty_faults_is_recognised_as_without_them(live, tracker, tmp_path):
    screen, film = Screen(), Film(tmp_path / "film.mp4")
    source = Source(FAULTS, live, pace=0.02 if live else 0.0)
    made = session(source, tracker, screen=screen, film=film)
    made.run()
    assert words(made) == ["Fever"]
    assert screen.sizes and all(height >= 480 and width >= 640 for height, width, _ in screen.sizes)
    assert made.films == [tmp_path / "film.mp4"] and source.closed


@pytest.mark.parametrize("fault", KINDS)
def test_the_session_survives_each_single_fault(fault, tracker):
    made = session(Source([fault] * 3), tracker, rule=BetweenRests(), screen=Screen())
    made.run()
    assert words(made) == ["Fever"]


class Ill(Reader):
    """A network that fails at its third look, in one of several ways."""

    def __init__(self, answer):
        super().__init__()
        self.answer, self.asked = answer, 0

    def judge(self, prepared, aspect=None):
        self.asked += 1
        return self.answer(prepared) if self.asked > 2 else super().judge(prepared, aspect)


def _raise(error):
    def answer(_):
        raise error

    return answer


@pytest.fixture
def wait():
    """Hangs whoever calls it until the test is over, which may not be what ends the test."""
    over = threading.Event()
    yield over.wait
    over.set()
    for thread in left():
        thread.join(60)


ENDS = {
    "a model that raises": (
        lambda t, _: session(Source([]), t, Ill(_raise(RuntimeError("ill\nvery")))),
        "recognition stopped: RuntimeError: ill",
    ),
    "a model without memory": (
        lambda t, _: session(Source([]), t, Ill(_raise(MemoryError("full")))),
        "recognition stopped: MemoryError: full",
    ),
    "a model that hangs": (
        lambda t, wait: session(Source([]), t, Ill(lambda _: wait()), stall=2.0),
        "recognition hangs: one step has taken more than 2 s",
    ),
    "a screen that goes away": (
        lambda t, _: session(Source([]), t, screen=Screen(fails=OSError("no display"))),
        "drawing stopped: OSError: no display",
    ),
}


@pytest.mark.parametrize("make, message", ENDS.values(), ids=list(ENDS))
def test_a_failure_that_ends_the_session_is_one_line(make, message, tracker, wait):
    made = make(tracker, wait)
    with pytest.raises(InputError, match=message) as caught:
        run(made)
    assert "\n" not in str(caught.value) and made.source.closed


def test_no_word_is_accepted_from_invalid_probabilities(tracker):
    for value in (np.nan, np.inf, -np.inf):
        made = session(Source([]), tracker, Ill(lambda clips, v=value: np.full((len(clips), 4), v, np.float32)))
        made.run()
        assert words(made) == []


def test_a_camera_that_hangs_is_lost(tracker, wait):
    class Hanging(Source):
        def __iter__(self):
            yield from islice(super().__iter__(), 3)
            wait()

    with pytest.raises(CameraLost, match=r"no picture for 2 s"):
        run(session(Hanging(FAULTS, live=True), tracker, stall=2.0))


# Half an hour


class Endless(Source):
    """Thirty minutes at ten frames a second: signs, rests, absence and, now and then, a fault."""

    def __init__(self):
        super().__init__([])
        self.marks: list[tuple[float, int]] = []  # minutes, bytes

    def __iter__(self):
        frames = cycle(stream((RESTING, 2.0), (signing(0), 2.0), (RESTING, 5.0), (NOBODY, 3.0), fps=10))
        faults = cycle([*PICTURES.values()])
        for i, (_, frame) in enumerate(islice(frames, 18_000)):
            self.count %= 60_000
            self.landmarks.pop(self.count - 200, None)
            if i % 3000 == 2999:
                gc.collect()
                self.marks.append((i / 600, tracemalloc.get_traced_memory()[0]))
            yield i / 10, next(faults) if i % 97 == 0 else self._picture(frame)


class Forgetful(Reader):
    def judge(self, prepared, aspect=None):
        answer = super().judge(prepared, aspect)
        self.clips.clear()
        return answer


@pytest.mark.slow
def test_memory_and_threads_do_not_grow_in_half_an_hour(tracker):
    before = threading.active_count()
    source = Endless()
    made = session(source, tracker, Forgetful())
    tracemalloc.start()
    try:
        made.run()
    finally:
        tracemalloc.stop()
    early, late = source.marks[1][1], source.marks[-1][1]  # after ten minutes, after thirty
    assert len(words(made)) == 150
    assert late - early < 1_000_000, source.marks
    assert threading.active_count() <= before
