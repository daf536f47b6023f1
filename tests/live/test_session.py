"""The threads: nothing lost from a file, nothing late from a camera, and a clean end whatever happens."""

from __future__ import annotations

import io
import json
import os
import signal
import threading
import time

import numpy as np
import pytest
from sessions import left, run
from signing import NOBODY, RESTING, Reader, signing, stream

from isl.errors import InputError
from isl.live.camera import CameraLost
from isl.live.interpreter import Interpreter
from isl.live.output import VideoFile
from isl.live.session import Session
from isl.live.take import Take
from isl.live.talk import Talk
from isl.live.watch import interruptible
from isl.sentence import Rules
from isl.stream.rules import BetweenRests
from isl.stream.stream import Stream

DAY = [(RESTING, 1.0), (signing(0), 2.0), (RESTING, 1.0), (signing(1), 2.0), (RESTING, 4.0)]


class Pictures:
    """A source whose pictures carry the number of their landmarks in their first pixel."""

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
    """Finds what ``Pictures`` put there; the picture that it breaks at is counted among those that it sees."""

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
    """A screen on which keys are pressed by the stream's time."""

    def __init__(self, *presses):
        self.presses, self.pictures, self.closed = list(presses), [], False

    def show(self, picture):
        self.pictures.append(picture)

    def pressed(self):
        due, self.presses = (
            [key for at, key in self.presses if len(self.pictures) >= at],
            [press for press in self.presses if len(self.pictures) < press[0]],
        )
        return due

    def close(self):
        self.closed = True


def session(pictures=None, eyes=None, reader=None, writer=None, take=None, **options):
    pictures = pictures or Pictures()
    eyes = eyes or Eyes(pictures)
    talk = Talk(writer or Rules(), pause=options.pop("pause", 3.0))
    interpreter = Interpreter(talk, Stream(reader or Reader(), BetweenRests()), take, options.pop("log", None))
    made = Session(pictures, lambda: eyes, interpreter, **options)
    made.eyes = eyes
    return made


def happened(made, kind="word"):
    return [event.facts[kind] for event in made.interpreter.events if event.kind == kind]


def ended(made):
    return not left() and made.source.closed and made.eyes.closed


def test_a_file_is_read_whole_and_in_order_however_slow_a_thread_is():
    pictures = Pictures()
    made = session(pictures, Eyes(pictures, slow=0.002))
    made.run()
    assert made.eyes.seen == list(range(len(pictures.frames)))
    assert happened(made) == ["Doctor", "Fever"]
    assert happened(made, "sentence") and ended(made)


def test_the_same_file_gives_the_same_events_however_fast_it_is_read():
    def events(**slow):
        pictures = Pictures()
        made = session(pictures, Eyes(pictures, **slow))
        made.run()
        return [event.line() for event in made.interpreter.events]

    assert events() == events(slow=0.003)


def test_a_sentence_at_the_end_of_a_file_is_not_lost():
    made = session(Pictures([(RESTING, 1.0), (signing(0), 2.0)]))
    made.run()
    assert happened(made) == ["Doctor"] and len(happened(made, "sentence")) == 1


def test_a_camera_drops_what_is_late():
    pictures = Pictures(live=True, pace=0.001)
    made = session(pictures, Eyes(pictures, slow=0.01))
    made.run()
    assert made.dropped > 0 and len(made.eyes.seen) < len(pictures.frames)
    assert made.eyes.seen == sorted(made.eyes.seen) and ended(made)


def test_a_slow_sentence_holds_up_nobody():
    """The first sentence is not written before the word after it is heard."""
    heard, waited = threading.Event(), []

    class Slow(Rules):
        def write(self, glosses, context=()):
            waited.append(heard.wait(10))
            return super().write(glosses, context)

    class Log(io.StringIO):
        def write(self, line):
            if '"word": "Fever"' in line:
                heard.set()
            return super().write(line)

    pictures = Pictures(live=True)
    eyes = Eyes(pictures)
    pictures.before_each = lambda i: wait_until(lambda: len(eyes.seen) >= i)  # no machine is too slow for this camera
    made = session(pictures, eyes, writer=Slow(), pause=0.5, log=Log())
    run(made)
    assert waited and all(waited)
    assert happened(made) == ["Doctor", "Fever"] and ended(made)


def wait_until(true, seconds=10.0):
    """Return when it is ``true``, or after so many seconds."""
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.001)


def test_an_unplugged_camera_is_told_from_other_ends():
    made = session(Pictures(live=True, end=CameraLost("camera 0 gives no more pictures")))
    with pytest.raises(CameraLost, match="camera 0"):
        made.run()
    assert ended(made)


def test_q_ends_it_at_once():
    screen = Keys((3, "quit"))
    pictures = Pictures([(RESTING, 3600.0)], live=True, pace=0.005)  # minutes of them
    made = session(pictures, screen=screen)
    run(made)
    assert len(made.eyes.seen) < len(pictures.frames) / 2 and screen.closed and ended(made)


@pytest.mark.parametrize("end", [None, CameraLost("camera 0 gives no more pictures")])
def test_what_was_signed_before_a_camera_ends_is_recognised_and_said(end):
    pictures = Pictures([(RESTING, 1.0), (signing(0), 2.0)], live=True, end=end)
    eyes = Eyes(pictures)
    pictures.before_each = lambda i: wait_until(lambda: len(eyes.seen) >= i)
    made = session(pictures, eyes)
    if end is None:
        run(made)
    else:
        with pytest.raises(CameraLost):
            run(made)
    assert happened(made) == ["Doctor"] and len(happened(made, "sentence")) == 1 and ended(made)


def test_words_are_said_when_the_user_quits():
    made = session(screen=Keys((36, "quit")))  # Doctor is accepted, and the pause not over
    run(made)
    assert happened(made) == ["Doctor"] and len(happened(made, "sentence")) == 1 and ended(made)


def test_a_sentence_is_written_once_however_often_it_is_asked_for():
    class Slow(Rules):
        asked = 0

        def write(self, glosses, context=()):
            Slow.asked += 1
            if Slow.asked == 1:
                made.interpreter.say()  # s is pressed meanwhile
            return super().write(glosses, context)

    made = session(screen=Keys((70, "say"), (75, "say")), writer=Slow())
    run(made)
    assert Slow.asked == len(happened(made, "sentence")) == 1


def test_the_last_words_wait_for_a_sentence_that_is_being_written():
    """A camera ends while its first sentence is still being written."""
    ended = threading.Event()

    class Slow(Rules):
        def write(self, glosses, context=()):
            ended.wait(10)
            return super().write(glosses, context)

    class Ends(Pictures):
        def __iter__(self):
            yield from super().__iter__()
            ended.set()

    pictures = Ends([(RESTING, 1.0), (signing(0), 2.0), (RESTING, 2.0), (signing(1), 2.0)], live=True)
    eyes = Eyes(pictures)
    pictures.before_each = lambda i: wait_until(lambda: len(eyes.seen) >= i)
    made = session(pictures, eyes, writer=Slow(), pause=0.5)
    run(made)
    assert [event.facts["glosses"] for event in made.interpreter.events if event.kind == "sentence"] == [
        ["Doctor"],
        ["Fever"],
    ]


def test_a_camera_that_hangs_is_left_behind_and_what_it_showed_is_said():
    class Hangs(Pictures):
        def __iter__(self):
            yield from super().__iter__()
            over.wait(20)

        def close(self):
            raise AssertionError("closed under the hands of a thread that reads it")

    over = threading.Event()
    pictures = Hangs([(RESTING, 1.0), (signing(0), 2.0)], live=True)
    eyes = Eyes(pictures)
    pictures.before_each = lambda i: wait_until(lambda: len(eyes.seen) >= i)
    made = session(pictures, eyes, stall=0.3)
    with pytest.raises(CameraLost, match="no picture for"):
        run(made)
    over.set()
    assert len(happened(made, "sentence")) == 1


def test_a_film_is_finished_however_often_ctrl_c_is_pressed(tmp_path):
    """It is closed where no signal disturbs it."""

    class Slow(VideoFile):
        def close(self):
            os.kill(os.getpid(), signal.SIGINT)
            os.kill(os.getpid(), signal.SIGTERM)
            return super().close()

    made = session(film=Slow(tmp_path / "a.mp4"))
    made.run()
    assert made.films == [tmp_path / "a.mp4"] and (tmp_path / "a.mp4").is_file()


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_closed_terminal_and_a_polite_kill_are_ctrl_c(name):
    number = getattr(signal, name)
    before = signal.getsignal(number)
    with pytest.raises(KeyboardInterrupt), interruptible():
        os.kill(os.getpid(), number)
        time.sleep(1)
    assert signal.getsignal(number) == before


def test_q_in_the_middle_of_a_sign_decides_nothing():
    pictures = Pictures([(RESTING, 1.0), (signing(0), 30.0)])
    made = session(pictures, Eyes(pictures, slow=0.005), screen=Keys((25, "quit")))
    made.run()
    assert happened(made) == [] and happened(made, "sentence") == []


def test_ctrl_c_leaves_nothing_running(monkeypatch):
    made = session(Pictures(live=True, pace=0.005))

    def interrupt():
        raise KeyboardInterrupt

    monkeypatch.setattr(made, "_look_for_hanging", interrupt)
    with pytest.raises(KeyboardInterrupt):
        made.run()
    assert ended(made)


# Faults: each ends it with one line, or changes nothing


class Raises(Reader):
    def judge(self, prepared, aspect=None):
        raise RuntimeError("the network is ill")


class BadWriter(Rules):
    def write(self, glosses, context=()):
        raise MemoryError("no room for words")


def _eyes_raise():
    pictures = Pictures()
    return session(pictures, Eyes(pictures, break_at=30))


def _eyes_raise_live():
    pictures = Pictures(live=True, pace=0.002)
    return session(pictures, Eyes(pictures, break_at=0))


FAULTS = {
    "a model that raises beside a camera": (
        lambda: session(Pictures(live=True, pace=0.002), reader=Raises()),
        "recognition stopped: RuntimeError: the network is ill",
    ),
    "landmarking that raises": (_eyes_raise, "landmarking stopped: ValueError: this frame is cursed"),
    "landmarking that raises at once": (_eyes_raise_live, "landmarking stopped"),
    "a writer that raises": (lambda: session(writer=BadWriter()), "recognition stopped: MemoryError"),
    "a source that raises": (lambda: session(Pictures(end=OSError("disk gone"))), "capture stopped: OSError"),
    "a source that is wrong": (lambda: session(Pictures(end=InputError("bad.mp4: broken"))), "bad.mp4: broken"),
}


@pytest.mark.parametrize("make, message", FAULTS.values(), ids=list(FAULTS))
def test_a_fault_in_a_thread_is_one_line_and_never_a_hang(make, message):
    made = make()
    with pytest.raises(InputError, match=message) as caught:
        run(made)
    assert "\n" not in str(caught.value) and ended(made)


@pytest.mark.parametrize("size", [(1, 1), (3, 2000), (2000, 2), (640, 480)])
def test_pictures_of_any_size_are_drawn(size, tmp_path):
    pictures = Pictures([(RESTING, 0.3), (signing(0), 0.3), (NOBODY, 0.3)], size=size)
    screen = Keys()
    session(pictures, screen=screen, film=VideoFile(tmp_path / "out.mp4")).run()
    assert len(screen.pictures) == len(pictures.frames) + 1  # and the last with what was found at the end
    assert all(p.shape[0] >= 480 and p.shape[1] >= 640 for p in screen.pictures)


# Keys, and what is written


def test_keys_change_words_and_mirror(tmp_path):
    screen = Keys((36, "backspace"), (70, "say"), (80, "mirror"), (90, "clear"))
    made = session(screen=screen)
    made.run()
    kinds = [event.kind for event in made.interpreter.events]
    assert "backspace" in kinds and "clear" in kinds and made.mirrored


def test_events_are_written_while_it_runs(tmp_path):
    path = tmp_path / "events.jsonl"
    with path.open("w", encoding="utf-8") as log:
        made = session(log=log)
        made.run()
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["word"] for line in lines if line["event"] == "word"] == ["Doctor", "Fever"]
    assert len(lines) == len(made.interpreter.events)


def test_the_film_has_every_frame_and_its_own_time(tmp_path):
    from isl.video import Video

    made = session(Pictures(fps=10.0), film=VideoFile(tmp_path / "out.mp4"))
    made.run()
    assert made.films == [tmp_path / "out.mp4"]
    facts = Video(tmp_path / "out.mp4").facts()
    assert facts.fps == pytest.approx(10, rel=0.02) and facts.frames == pytest.approx(100, abs=2)
    assert not list(tmp_path.glob(".*"))


def test_r_starts_and_stops_a_film(tmp_path):
    made = session(screen=Keys((20, "record"), (60, "record")), new_film=lambda: VideoFile(tmp_path / "r.mp4"))
    made.run()
    assert made.films == [tmp_path / "r.mp4"]


def test_r_records_a_clip_of_a_new_sign(tmp_path):
    take = Take("Fever", tmp_path, seconds=2.0, group="me", extractor="test")
    parts = [(RESTING, 4.0), (signing(0), 3.0), (RESTING, 1.0)]
    made = session(Pictures(parts, fps=20.0), take=take, screen=Keys((5, "record")))
    made.run()
    assert [path.name for path in take.saved] == ["me_000.npy"]
    clip = np.load(take.saved[0])
    assert clip.shape[1] == RESTING.shape[0] and len(clip) == pytest.approx(40, abs=2)
