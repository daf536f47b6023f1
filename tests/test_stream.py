"""Landmarks to words without a camera: whatever the frame rate, one sign is one word and nothing else is any."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from signing import NOBODY, RESTING, Reader, left_handed, signing, stream

from isl.errors import InputError
from isl.landmarks import FRAME_SIZE, resample
from isl.stream.events import State
from isl.stream.rules import BetweenRests, Consecutive
from isl.stream.stream import GAP, Stream
from isl.stream.window import Window

FPS = st.sampled_from([8.0, 10.0, 12.5, 15.0, 24.0, 30.0, 60.0])


def machine(rule=None, **options):
    return Stream(Reader(), rule or BetweenRests(), **options)


def hear(parts, fps=30.0, rule=None, **options):
    """The events of a whole stream."""
    made = machine(rule, **options)
    return [event for time, frame in stream(*parts, fps=fps) for event in made.feed(time, frame)] + made.finish()


def words(events):
    return [event.facts["word"] for event in events if event.kind == "word"]


def states(events):
    return [event.facts["state"] for event in events if event.kind == "state"]


# One sign, one word


@settings(max_examples=25, deadline=None)
@given(
    signed=st.lists(st.tuples(st.integers(0, 2), st.floats(0.8, 3.5), st.floats(1.0, 3.0)), min_size=1, max_size=4),
    fps=FPS,
)
def test_signs_between_rests_are_the_words_in_order_at_any_rate_and_speed(signed, fps):
    parts = [(RESTING, 1.0)]
    for word, lasts, rests in signed:
        parts += [(signing(word), lasts), (RESTING, rests)]
    assert words(hear(parts, fps)) == [Reader().words[word] for word, _, _ in signed]


def test_a_word_knows_when_it_was_signed():
    events = hear([(RESTING, 1.0), (signing(1), 2.0), (RESTING, 2.0)])
    (word,) = [event for event in events if event.kind == "word"]
    assert word.facts["start"] == pytest.approx(1.0, abs=0.05)
    assert word.facts["end"] == pytest.approx(3.0, abs=0.05)
    assert word.time == pytest.approx(3.3, abs=0.05)  # the hands must rest for a moment
    assert word.facts["top5"][0][0] == "Fever"


@pytest.mark.parametrize("rule", [BetweenRests, Consecutive])
def test_a_sign_that_is_held_is_said_once(rule):
    assert words(hear([(RESTING, 1.0), (signing(0), 25.0), (RESTING, 1.0)], rule=rule())) == ["Doctor"]


def test_signs_without_rests_are_told_apart():
    parts = [(RESTING, 1.0), (signing(0), 6.0), (signing(1), 4.0), (signing(2), 4.0), (RESTING, 1.0)]
    assert words(hear(parts)) == ["Doctor", "Fever", "Pain"]


def test_a_word_may_be_repeated_after_a_rest():
    assert words(hear([(RESTING, 1.0), *[(signing(2), 1.5), (RESTING, 1.0)] * 3])) == ["Pain"] * 3


def test_two_strokes_of_one_sign_are_one_word():
    strokes = [(RESTING, 1.0), (signing(0), 1.0), (RESTING, 0.6), (signing(0), 1.0), (RESTING, 0.6), (signing(1), 1.0)]
    assert words(hear([*strokes, (RESTING, 1.0)])) == ["Doctor", "Fever"]


@pytest.mark.parametrize(
    ("reject", "doubt", "least"), [(0.7, 1 / 3, 0.9), (0.7, 1, 0.7), (0.7, 0, 1.0), (0.0, 0.5, 0.6)]
)
def test_a_checkpoint_s_threshold_and_the_doubt_that_is_allowed_say_what_a_sign_must_reach(reject, doubt, least):
    rule = BetweenRests(doubt=doubt)
    made = machine(rule)
    made.recognizer.reject = reject
    for time, frame in stream((signing(0), 1.0)):
        made.feed(time, frame)
    assert rule._least == pytest.approx(least)


def test_a_sign_is_judged_with_its_beginnings():
    """A network that changes its mind in the last moments is less sure than one that knew all along."""
    parts = [(RESTING, 1.0), (signing(0), 1.2), (signing(1), 0.8), (RESTING, 1.0)]
    (alone,) = hear_guesses(parts, BetweenRests(beginnings=[1.0], confidence=0.0))
    (together,) = hear_guesses(parts, BetweenRests(beginnings=[1.0, 0.6], confidence=0.0))
    assert together.facts["confidence"] > alone.facts["confidence"] and together.facts["word"] == "Doctor"


def hear_guesses(parts, rule):
    return [event for event in hear(parts, rule=rule) if event.kind in ("word", "unsure")]


def test_the_left_hand_counts_as_well():
    assert words(hear([(RESTING, 1.0), (left_handed(signing(0)), 2.0), (RESTING, 1.0)]))


def test_a_sign_at_the_end_of_a_file_is_decided():
    assert words(hear([(RESTING, 1.0), (signing(0), 2.0)])) == ["Doctor"]


# What is no word


@pytest.mark.parametrize("rule", [BetweenRests, Consecutive])
@pytest.mark.parametrize("frame", [NOBODY, RESTING], ids=["nobody", "resting"])
def test_nothing_is_said_when_nobody_signs(rule, frame):
    assert words(hear([(frame, 20.0)], rule=rule())) == []


def test_an_unknown_sign_is_refused_and_reported():
    parts = [(RESTING, 1.0), (signing(0), 0.6), (signing(1), 0.6), (signing(2), 0.6), (RESTING, 1.0)]
    events = hear(parts)
    assert words(events) == []
    assert [event.kind for event in events if event.kind != "state"] == ["unsure"]
    assert State.UNSURE.value in states(events)


def test_a_class_that_is_no_word_is_never_said():
    rest = Reader().words.index("_rest")
    for rule in (BetweenRests(), Consecutive()):
        assert words(hear([(RESTING, 1.0), (signing(rest), 3.0), (RESTING, 1.0)], rule=rule)) == []


def test_hands_that_jump_up_for_a_moment_are_no_sign():
    events = hear([(RESTING, 2.0), (signing(0), 0.3), (RESTING, 2.0)])
    assert words(events) == [] and "unsure" not in [event.kind for event in events]


def test_a_hand_that_is_lost_for_a_moment_does_not_end_a_sign():
    parts = [(RESTING, 1.0), (signing(0), 1.0), (RESTING, 0.15), (signing(0), 1.0), (NOBODY, 0.2), (signing(0), 1.0)]
    assert words(hear([*parts, (RESTING, 1.0)])) == ["Doctor"]


def test_a_signer_who_leaves_ends_the_sign_and_comes_back():
    events = hear([(signing(0), 2.0), (NOBODY, 3.0), (RESTING, 1.0), (signing(1), 2.0), (RESTING, 1.0)])
    assert words(events) == ["Doctor", "Fever"]
    assert states(events).count("nobody") == 1


def test_states_follow_the_signer():
    events = hear([(NOBODY, 1.0), (RESTING, 1.0), (signing(0), 2.0), (RESTING, 3.0), (NOBODY, 2.0)])
    assert [state for state in states(events) if state != "unsure"] == [
        "idle", "signing", "accepted", "idle", "nobody"
    ]  # fmt: skip


# The seed's rule


@settings(max_examples=20, deadline=None)
@given(fps=FPS)
def test_by_time_the_seeds_rule_accepts_at_the_same_moment_at_any_rate(fps):
    events = hear([(RESTING, 3.0), (signing(0), 6.0)], fps, rule=Consecutive(confidence=0.6))
    (word,) = [event for event in events if event.kind == "word"]
    # 60 % of the 2 s window are filled after 1.07 s, and that must last for a second
    assert word.time == pytest.approx(5.0, abs=0.35)


def test_by_frames_it_waits_longer_for_a_slow_camera():
    def accepted(fps):
        events = hear([(RESTING, 8.0), (signing(0), 12.0)], fps, rule=Consecutive(frames=30), frames=60)
        return next(event.time for event in events if event.kind == "word") - 8.0

    assert accepted(10) == pytest.approx(3 * accepted(30), rel=0.1)


def test_by_frames_it_says_nothing_before_its_window_is_full():
    made = machine(Consecutive(seconds=0.1), frames=60)
    for time, frame in stream((signing(0), 1.9)):
        assert made.feed(time, frame) == [] or made.shown is None
    assert made.recognizer.clips == []


# The window


@settings(max_examples=30, deadline=None)
@given(frames=st.integers(2, 90), fps=FPS)
def test_a_stretch_at_an_even_rate_is_what_training_picks(frames, fps):
    clip = np.random.default_rng(0).random((frames, FRAME_SIZE), np.float32)
    window = Window(keep=100.0)
    for i, frame in enumerate(clip):
        window.add(i / fps, frame)
    ours, theirs = window.between(0.0, (frames - 1) / fps), resample(clip, 60)
    agree = (ours == theirs).all(1)
    assert agree.mean() >= 0.9  # instants midway between two frames may go to either
    assert agree[0] and agree[-1]


@settings(max_examples=30, deadline=None)
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


# Whatever comes


BAD_FRAMES = [
    np.full(FRAME_SIZE, np.nan, np.float32),
    np.full(FRAME_SIZE, np.inf, np.float32),
    np.zeros(3, np.float32),
    np.zeros((2, FRAME_SIZE), np.float32),
    np.array(["no"] * FRAME_SIZE),
    np.full(FRAME_SIZE, 1e30, np.float32),
    np.zeros(0),
]


@settings(max_examples=40, deadline=None)
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


def test_a_sign_that_was_held_before_a_cut_may_be_said_again_after_it():
    """What the rule remembers (here: that Doctor was said) belongs to the scene before the cut."""
    for rule in (BetweenRests(), Consecutive()):
        made = machine(rule)
        parts = (RESTING, 3.0), (signing(0), 6.0)
        before = [e for t, f in stream(*parts) for e in made.feed(t, f)]
        after = [e for t, f in stream((signing(0), 6.0), (RESTING, 1.0), start=20.0) for e in made.feed(t, f)]
        assert words(before) == ["Doctor"] and words(after) == ["Doctor"]


def test_a_long_gap_is_a_cut_and_a_short_one_is_none():
    made = machine()
    made.feed(0.0, RESTING)
    assert [e.kind for e in made.feed(0.9 * GAP, RESTING)].count("cut") == 0
    assert [e.kind for e in made.feed(2.1 * GAP, RESTING)].count("cut") == 1


def test_a_network_that_answers_nan_says_nothing():
    made = machine()
    made.recognizer.judge = lambda clips, aspect: np.full((len(clips), 4), np.nan, np.float32)
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
