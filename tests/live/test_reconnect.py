"""A camera that hangs or vanishes is opened again."""

from __future__ import annotations

import math
import threading
import time

import numpy as np
import pytest
from support.sessions import wait_until

from isl.errors import InputError
from isl.live import reconnect
from isl.live.reconnect import Reconnecting
from isl.live.sources import open_source


@pytest.fixture(autouse=True)
def fast(monkeypatch):
    for name, value in {"HEARTBEAT": 0.01, "HANGS_AFTER": 0.3, "PAUSE": 0.01}.items():
        monkeypatch.setattr(reconnect, name, value)


class Capture:
    """Gives three pictures, then does what ``end`` says."""

    def __init__(self, end, number):
        self.end, self.left, self.number = end, 3, number
        self.released = False

    def isOpened(self):  # noqa: N802
        return True

    def read(self):
        self.left -= 1
        if self.left >= 0:
            return True, np.full((4, 4, 3), self.number, np.uint8)
        return self.end()

    def release(self):
        self.released = True


def vanish():
    return False, None


def break_down():
    raise OSError("driver gone")


def take(source, captures, count):
    """The numbers of the captures whose pictures come until ``count`` captures have given one."""
    numbers = []
    for seconds, picture in source:
        if math.isfinite(seconds):
            numbers.append(int(picture[0, 0, 0]))
        if len(set(numbers)) == count:
            source.close()
            return numbers
    return numbers


@pytest.mark.parametrize("end", [vanish, break_down])
def test_a_camera_that_vanishes_is_taken_up_again(end):
    captures: list = []

    def open_capture():
        captures.append(Capture(end, len(captures)))
        return captures[-1]

    source = Reconnecting(open_capture, lambda picture: picture)
    assert set(take(source, captures, 4)) == {0, 1, 2, 3}
    wait_until(lambda: all(capture.released for capture in captures))
    assert all(capture.released for capture in captures)


def test_a_camera_that_hangs_is_left_behind_and_its_thread_ends_with_it():
    over = threading.Event()
    captures: list = []

    def hang():
        over.wait(600)
        return False, None

    def open_capture():
        captures.append(Capture(hang if not captures else vanish, len(captures)))
        return captures[-1]

    source = Reconnecting(open_capture, lambda picture: picture)
    assert set(take(source, captures, 2)) == {0, 1}
    over.set()
    threads = [thread for thread in threading.enumerate() if thread.name == "camera"]
    for thread in threads:
        thread.join(60)
    assert captures[0].released and not any(thread.is_alive() for thread in threads)


def test_threads_that_hang_do_not_pile_up():
    over, opened = threading.Event(), []

    def open_capture():
        opened.append(1)
        over.wait(600)
        return Capture(vanish, 0)

    source = Reconnecting(open_capture, lambda picture: picture)
    beats = iter(source)
    while len(opened) < reconnect.MOST_STUCK:
        assert math.isnan(next(beats)[0])
    end = time.monotonic() + 3 * reconnect.HANGS_AFTER
    while time.monotonic() < end:  # no further one is opened
        assert math.isnan(next(beats)[0])
    assert len(opened) == reconnect.MOST_STUCK and source.is_lost
    source.close()
    over.set()


def test_times_continue_and_the_gap_has_no_time():
    made: list = []

    def open_capture():
        made.append(Capture(vanish, len(made)))
        return made[-1]

    source = Reconnecting(open_capture, lambda picture: picture)
    seconds = []
    for at, _ in source:
        seconds.append(at)
        if len(made) == 3 and math.isfinite(at):
            source.close()
    known = [at for at in seconds if math.isfinite(at)]
    assert known == sorted(known) and known[0] == 0 and len(known) < len(seconds)


def test_a_file_is_never_opened_again(tmp_path):
    with pytest.raises(InputError, match="only for a camera"):
        open_source(str(tmp_path / "a.mp4"), reconnect=True)
