"""The last seconds of a stream: any part of them is the clip that training would have picked."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from support.signing import FPS

from isl.landmarks import FRAME_SIZE, resample
from isl.recognition.window import Window


@given(frames=st.integers(2, 90), fps=FPS)
def test_a_stretch_at_an_even_rate_gives_the_frames_of_training(frames, fps):
    clip = np.random.default_rng(0).random((frames, FRAME_SIZE), np.float32)
    window = Window(keep=100.0)
    for i, frame in enumerate(clip):
        window.add(i / fps, frame)
    ours, theirs = window.between(0.0, (frames - 1) / fps), resample(clip, 60)
    agree = (ours == theirs).all(1)
    assert agree.mean() >= 0.9  # instants midway between two frames may go to either
    assert agree[0] and agree[-1]


@given(st.lists(st.floats(0.001, 0.5), min_size=1, max_size=50), st.floats(0, 5), st.floats(0, 5))
def test_every_frame_of_a_stretch_is_the_nearest_in_time(steps, a, b):
    times = np.cumsum(steps)
    window = Window(keep=1e6)
    for time in times:
        window.add(time, np.full(FRAME_SIZE, time, np.float32))
    start, end = sorted((a, b))
    got = window.between(start, end)[:, 0].astype(float)
    best = np.abs(times[None] - np.linspace(start, end, 60)[:, None]).min(1)
    np.testing.assert_allclose(np.abs(got - np.linspace(start, end, 60)), best, atol=1e-4)
