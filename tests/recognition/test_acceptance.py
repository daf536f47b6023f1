"""When a word is accepted: whatever the frame rate, one sign is one word and nothing else is any."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.signing import FPS, NOBODY, RESTING, Reader, hear, left_handed, machine, signing, states, stream, words

from isl.landmarks import FACE
from isl.recognition.acceptance import BetweenRests, Consecutive
from isl.recognition.events import State

# One sign, one word


@settings(max_examples=25)
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


@pytest.mark.parametrize("around", [0.0, 0.2, 0.25])
def test_the_rest_around_a_sign_belongs_to_its_clip(around):
    made = machine(BetweenRests(around=around))
    for time, frame in stream((RESTING, 2.0), (signing(1), 2.0), (RESTING, 2.0), fps=60):
        timed = frame.copy()
        timed[FACE.start] = time + 1  # which frame it is: no rule and no reader looks at a face
        made.feed(time, timed)
    *looks, whole = [clip[:, FACE.start] - 1 for clip in made.recognizer.clips]
    assert looks and [look[0] for look in looks] == pytest.approx([2.0 - around] * len(looks), abs=0.02)
    assert (whole[0], whole[-1]) == pytest.approx((2.0 - around, 4.0 + around), abs=0.02)


@pytest.mark.parametrize("rule", [BetweenRests, Consecutive])
def test_a_held_sign_is_accepted_once(rule):
    assert words(hear([(RESTING, 1.0), (signing(0), 25.0), (RESTING, 1.0)], rule=rule())) == ["Doctor"]


def test_signs_without_a_rest_between_are_separated():
    parts = [(RESTING, 1.0), (signing(0), 6.0), (signing(1), 4.0), (signing(2), 4.0), (RESTING, 1.0)]
    assert words(hear(parts)) == ["Doctor", "Fever", "Pain"]


@pytest.mark.parametrize(("rest", "said"), [(0.7, ["Doctor"]), (1.6, ["Doctor", "Fever"])])
def test_the_end_of_long_signing_is_a_sign_if_it_lasts_half_a_sign(rest, said):
    """A sign takes 2 s here; the rest is measured from when the word before it was said."""
    held = [(RESTING, 1.0), (signing(0), 9.0)]
    spoken = next(event.time for event in hear(held) if event.kind == "word")
    assert spoken < 8.0  # while the hands were up
    events = hear([(RESTING, 1.0), (signing(0), spoken - 1.0 + 0.05), (signing(1), rest), (RESTING, 1.0)])
    assert words(events) == said and "unsure" not in [event.kind for event in events]


def test_a_word_may_be_repeated_after_a_rest():
    assert words(hear([(RESTING, 1.0), *[(signing(2), 1.5), (RESTING, 1.0)] * 3])) == ["Pain"] * 3


def test_two_strokes_of_one_sign_are_one_word():
    strokes = [(RESTING, 1.0), (signing(0), 1.0), (RESTING, 0.6), (signing(0), 1.0), (RESTING, 0.6), (signing(1), 1.0)]
    assert words(hear([*strokes, (RESTING, 1.0)])) == ["Doctor", "Fever"]


def always(confidence, clips, aspect):
    return np.array([[confidence, 1 - confidence, 0, 0]], np.float32)


@pytest.mark.parametrize(
    ("reject", "doubt", "least"), [(0.7, 1 / 3, 0.9), (0.7, 1, 0.7), (0.7, 0, 1.0), (0.0, 0.5, 0.6)]
)
def test_the_required_confidence_follows_from_the_threshold_and_the_allowed_doubt(reject, doubt, least, monkeypatch):
    for confidence, said in ((min(least + 1e-3, 1.0), ["word"]), (least - 0.02, ["unsure"])):
        made = machine(BetweenRests(doubt=doubt))
        made.recognizer.reject = reject
        monkeypatch.setattr(made.recognizer, "judge", partial(always, confidence))
        events = [e for t, f in stream((RESTING, 1.0), (signing(0), 1.5), (RESTING, 1.0)) for e in made.feed(t, f)]
        assert [event.kind for event in events if event.kind != "state"] == said


def test_the_left_hand_counts_as_well():
    assert words(hear([(RESTING, 1.0), (left_handed(signing(0)), 2.0), (RESTING, 1.0)]))


def test_a_sign_at_the_end_of_a_file_is_decided():
    assert words(hear([(RESTING, 1.0), (signing(0), 2.0)])) == ["Doctor"]


# What is no word


@pytest.mark.parametrize("rule", [BetweenRests, Consecutive])
@pytest.mark.parametrize("frame", [NOBODY, RESTING], ids=["nobody", "resting"])
def test_no_word_is_accepted_without_signing(rule, frame):
    assert words(hear([(frame, 20.0)], rule=rule())) == []


def test_an_unknown_sign_is_refused_and_reported():
    parts = [(RESTING, 1.0), (signing(0), 0.6), (signing(1), 0.6), (signing(2), 0.6), (RESTING, 1.0)]
    events = hear(parts)
    assert words(events) == []
    assert [event.kind for event in events if event.kind != "state"] == ["unsure"]
    assert State.UNSURE.value in states(events)


@pytest.mark.parametrize("rule", [BetweenRests, Consecutive])
def test_a_sign_that_looks_like_no_word_is_doubted_while_it_is_signed(rule):
    parts = [(RESTING, 2.0), *[(signing(word), 0.4) for word in (0, 1, 2, 0, 1, 2)]]
    made = machine(rule())
    events = [event for time, frame in stream(*parts) for event in made.feed(time, frame)]
    assert made.state is State.UNSURE
    assert {event.kind for event in events} == {"state"}  # nothing has been decided yet


def test_a_sign_like_a_word_is_not_unsure_while_it_is_signed():
    assert states(hear([(RESTING, 2.0), (signing(0), 2.4)])) == ["idle", "signing", "accepted"]


def test_a_class_that_is_no_word_is_never_accepted():
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


# Insignia's rule


@settings(max_examples=20)
@given(fps=FPS)
def test_by_time_the_consecutive_rule_accepts_at_the_same_moment_at_any_frame_rate(fps):
    events = hear([(RESTING, 3.0), (signing(0), 6.0)], fps, rule=Consecutive(confidence=0.6))
    (word,) = [event for event in events if event.kind == "word"]
    # 60 % of the 2 s window are filled after 1.07 s, and that must last for a second
    assert word.time == pytest.approx(5.0, abs=0.35)


def test_by_frames_it_waits_longer_for_a_slow_camera():
    def accepted(fps):
        events = hear([(RESTING, 8.0), (signing(0), 12.0)], fps, rule=Consecutive(frames=30), frames=60)
        return next(event.time for event in events if event.kind == "word") - 8.0

    assert accepted(10) == pytest.approx(3 * accepted(30), rel=0.1)


def test_by_frames_no_word_is_accepted_before_the_window_is_full():
    made = machine(Consecutive(seconds=0.1), frames=60)
    for time, frame in stream((signing(0), 1.9)):
        assert made.feed(time, frame) == [] or made.shown is None
    assert made.recognizer.clips == []
