"""The state machine takes whatever comes, asks no more than it must, and reports it in lines of JSON."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.signing import NOBODY, RESTING, hear, machine, signing, stream, words

from isl.errors import InputError
from isl.landmarks import FRAME_SIZE
from isl.recognition.acceptance import BetweenRests, Consecutive
from isl.recognition.stream import GAP

BAD_FRAMES = [
    np.full(FRAME_SIZE, np.nan, np.float32),
    np.full(FRAME_SIZE, np.inf, np.float32),
    np.zeros(3, np.float32),
    np.zeros((2, FRAME_SIZE), np.float32),
    np.array(["no"] * FRAME_SIZE),
    np.full(FRAME_SIZE, 1e30, np.float32),
    np.zeros(0),
]


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0.03, 0.1, 0.0, 5.0, -3.0, -1e9, float("nan"), float("inf"), 1e12]),
            st.sampled_from([RESTING, NOBODY, signing(0), signing(1), *BAD_FRAMES]),
            st.integers(1, 20),
        ),
        max_size=15,
    ),
    st.sampled_from([BetweenRests, Consecutive]),
)
def test_no_frame_and_no_time_breaks_it(steps, rule):
    made, time = machine(rule()), 0.0
    for step, frame, count in steps:
        for _ in range(count):
            made.feed(time + step, frame)
            if np.isfinite(step):
                time += step
    later = time + 10
    events = [
        e for t, f in stream((RESTING, 1.0), (signing(2), 4.0), (RESTING, 1.0), start=later) for e in made.feed(t, f)
    ]
    assert words(events) == ["Pain"]  # and afterwards it works as ever


def test_time_that_goes_back_is_a_cut():
    made = machine()
    for time, frame in stream((RESTING, 1.0), (signing(0), 1.0)):
        made.feed(time, frame)
    events = made.feed(0.5, RESTING)
    assert [event.kind for event in events][:1] == ["cut"]
    assert len(made._window) == 1


def test_a_sign_that_a_cut_divides_is_not_put_together():
    made = machine()
    before = [e for t, f in stream((RESTING, 1.0), (signing(0), 1.0)) for e in made.feed(t, f)]
    after = [e for t, f in stream((signing(1), 1.0), (RESTING, 1.0), start=9.0) for e in made.feed(t, f)]
    assert words(before) == [] and words(after) == ["Fever"]
    (word,) = [event for event in after if event.kind == "word"]
    assert word.facts["start"] == pytest.approx(9.0, abs=0.05)


def test_a_sign_held_before_a_cut_may_be_accepted_again_after_it():
    """The state of the rule, here that Doctor was accepted, belongs to the scene before the cut."""
    for rule in (BetweenRests(), Consecutive()):
        made = machine(rule)
        parts = (RESTING, 3.0), (signing(0), 6.0)
        before = [e for t, f in stream(*parts) for e in made.feed(t, f)]
        after = [e for t, f in stream((signing(0), 6.0), (RESTING, 1.0), start=20.0) for e in made.feed(t, f)]
        assert words(before) == ["Doctor"] and words(after) == ["Doctor"]


def test_a_long_gap_is_a_cut_and_a_short_one_is_not():
    made = machine()
    made.feed(0.0, RESTING)
    assert [e.kind for e in made.feed(0.9 * GAP, RESTING)].count("cut") == 0
    assert [e.kind for e in made.feed(2.1 * GAP, RESTING)].count("cut") == 1


def test_no_word_is_accepted_from_nan_probabilities(monkeypatch):
    made = machine()
    monkeypatch.setattr(made.recognizer, "judge", lambda clips, aspect: np.full((len(clips), 4), np.nan, np.float32))
    assert words([e for t, f in stream((signing(0), 2.0), (RESTING, 1.0)) for e in made.feed(t, f)]) == []


def test_memory_stays_flat_through_half_an_hour():
    made = machine(BetweenRests(every=1.0))
    made.recognizer.clips = _Forgetful()
    sizes = []
    for time, frame in stream(*[(RESTING, 1.0), (signing(0), 2.0)] * 600, fps=10):
        made.feed(time, frame)
        sizes.append(len(made._window))
    assert max(sizes[-100:]) <= max(sizes[:300]) <= 200


class _Forgetful(list):
    def append(self, item):
        pass


def test_it_asks_the_network_while_somebody_signs_and_not_otherwise():
    made = machine()
    for time, frame in stream((RESTING, 10.0)):
        made.feed(time, frame)
    assert made.recognizer.clips == []
    for time, frame in stream((signing(0), 2.0), start=10.0):
        made.feed(time, frame)
    assert 2 <= len(made.recognizer.clips) <= 3  # every 0.7 s


def test_an_event_is_a_line_of_json():
    events = hear([(RESTING, 1.0), (signing(0), 2.0), (RESTING, 2.0)])
    lines = [json.loads(event.line()) for event in events]
    word = next(line for line in lines if line["event"] == "word")
    assert {"time", "event", "word", "confidence", "start", "end", "top5"} <= set(word)
    assert all("\n" not in event.line() for event in events)


@pytest.mark.parametrize(
    "make",
    [
        lambda: Consecutive(confidence=2),
        lambda: Consecutive(frames=0),
        lambda: BetweenRests(shortest=0),
        lambda: machine(seconds=-1),
        lambda: machine(frames=0.5),
    ],
)
def test_a_wrong_option_is_named(make):
    with pytest.raises(InputError, match="="):
        make()


def test_a_frame_is_prepared_once_however_many_windows_it_is_in():
    made = machine(Consecutive(seconds=1.0))
    frames = list(stream((RESTING, 3.0), (signing(0), 6.0)))
    for time, frame in frames:
        made.feed(time, frame)
    assert len(made.recognizer.clips) > 200  # windows of 60 frames each
    assert made.recognizer.prepared == pytest.approx(len(frames), abs=5)


def test_a_frame_that_no_window_has_is_never_prepared():
    made = machine()
    for time, frame in stream((RESTING, 20.0)):
        made.feed(time, frame)
    assert made.recognizer.prepared == 0
