"""The end of a live session: what was seen is said, nothing is left running, and a fault is one line."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest
from support.sessions import Eyes, Keys, Pictures, ended, happened, run, session, wait_until
from support.signing import RESTING, Reader, signing

from isl.errors import InputError
from isl.live.film import Film
from isl.live.sources import CameraLost
from isl.sentence import Rules
from isl.signals import interruptible


def test_an_unplugged_camera_differs_from_other_ends():
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
def test_signs_before_the_end_of_a_camera_are_recognised(end):
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


def test_the_accepted_words_become_a_sentence_when_the_user_quits():
    made = session(screen=Keys((36, "quit")))  # Doctor is accepted, and the pause not over
    run(made)
    assert happened(made) == ["Doctor"] and len(happened(made, "sentence")) == 1 and ended(made)


def test_the_last_words_wait_for_a_sentence_that_is_being_written():
    """A camera ends while its first sentence is still being written."""

    class Slow(Rules):
        def write(self, glosses, context=()):
            if glosses == ["Doctor"]:
                wait_until(lambda: "Fever" in happened(made))
                time.sleep(0.3)  # while the last words ask for theirs
            return super().write(glosses, context)

    pictures = Pictures([(RESTING, 1.0), (signing(0), 2.0), (RESTING, 2.0), (signing(1), 2.0)], live=True)
    eyes = Eyes(pictures)
    pictures.before_each = lambda i: wait_until(lambda: len(eyes.seen) >= i)
    made = session(pictures, eyes, writer=Slow(), pause=0.5)
    run(made)
    said = [event.facts["glosses"] for event in made.interpreter.events if event.kind == "sentence"]
    assert said == [["Doctor"], ["Fever"]]


def test_a_camera_that_hangs_is_abandoned_and_its_signs_are_recognised():
    class Hangs(Pictures):
        def __iter__(self):
            yield from super().__iter__()
            over.wait(600)  # longer than the session may take

    over = threading.Event()
    pictures = Hangs([(RESTING, 1.0), (signing(0), 2.0)], live=True)
    eyes = Eyes(pictures)
    pictures.before_each = lambda i: wait_until(lambda: len(eyes.seen) >= i)
    made = session(pictures, eyes, stall=2.0)
    try:
        with pytest.raises(CameraLost, match="no picture for"):
            run(made)
        assert len(happened(made, "sentence")) == 1
        assert not pictures.closed  # not under the hands of the thread that reads it
    finally:
        over.set()


def test_a_film_is_finished_however_often_ctrl_c_is_pressed(tmp_path):
    """It is closed where no signal disturbs it."""

    class Slow(Film):
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
