"""Lines between threads: what is lost, what is kept, and who wakes."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isl.live.channel import Channel, Closed, Stopped


@given(st.lists(st.integers(), max_size=50), st.integers(1, 5))
def test_a_channel_keeps_all_items_in_order(items, size):
    line: Channel[int] = Channel(size)
    got = []

    def send():
        for item in items:
            line.put(item)
        line.close()

    thread = threading.Thread(target=send)
    thread.start()
    while True:
        try:
            got.append(line.get())
        except Closed:
            break
    thread.join()
    assert got == items and line.dropped == 0


@given(st.lists(st.integers(), min_size=1, max_size=50), st.integers(1, 5))
def test_a_stale_channel_keeps_the_newest_item(items, size):
    line: Channel[int] = Channel(size, stale=True)
    for item in items:
        line.put(item)
    line.close()
    assert [line.get() for _ in items[-size:]] == items[-size:]
    assert line.dropped == max(0, len(items) - size)


@pytest.mark.parametrize("wait", ["put", "get"])
def test_stopping_a_channel_wakes_waiting_threads(wait):
    line: Channel[int] = Channel(1)
    if wait == "put":
        line.put(0)
    ended = []

    def work():
        try:
            line.put(1) if wait == "put" else line.get()
        except Stopped:
            ended.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.02)
    line.stop()
    thread.join(60)
    assert ended == [True]


def test_getting_from_an_empty_channel_times_out():
    assert Channel(1).get(timeout=0.01) is None
