"""Raised and resting hands: near the limit, after wrong frames, and in pictures of any aspect."""

from __future__ import annotations

import pytest
from support.signing import NOBODY, RESTING, hear, person, signing, stream, words

from isl.landmarks import LEFT_SHOULDER, POSE, RIGHT_SHOULDER, Floats
from isl.recognition.hands import Hands, Posture


def followed(*parts: tuple[Floats, float], **options: float) -> list[Hands]:
    """The states that a stream at 30 frames a second goes through."""
    posture = Posture(**options)
    return [posture.hands for time, frame in stream(*parts) if posture.step(time, frame, aspect=1.0)]


def with_shoulders(frame: Floats, width: float) -> Floats:
    """The same frame with shoulders that are ``width`` of the picture apart."""
    frame = frame.copy()
    POSE.of(frame)[[LEFT_SHOULDER, RIGHT_SHOULDER], 0] = 0.5 + width / 2, 0.5 - width / 2
    return frame


def squeezed(frame: Floats, aspect: float) -> Floats:
    """The same body in a picture ``aspect`` times as wide, where x is a smaller part of the width."""
    frame = frame.copy()
    POSE.of(frame)[:, 0] = 0.5 + (POSE.of(frame)[:, 0] - 0.5) / aspect
    return frame


@pytest.mark.parametrize("inside", [0.84, 0.87, 0.89, 0.92])
def test_hands_between_resting_and_signing_change_no_state(inside):
    band = (person(inside), 2.0)
    assert followed((RESTING, 1.0), band, rest=0.88, margin=0.05) == [Hands.RESTING]
    assert followed((person(0.2), 1.0), band, rest=0.88, margin=0.05) == [Hands.UP]


def test_hands_outside_the_band_do_change_it():
    parts = [(RESTING, 1.0), (person(0.81), 1.0), (person(0.95), 1.0), (NOBODY, 1.0)]
    assert followed(*parts, rest=0.88, margin=0.05) == [Hands.RESTING, Hands.UP, Hands.RESTING, Hands.NOBODY]


@pytest.mark.parametrize(
    ("frame", "width"), [(person(0.7), 0.1), (RESTING, 0.5)], ids=["narrow while signing", "wide at rest"]
)
def test_one_frame_with_a_wrong_shoulder_width_changes_nothing(frame, width):
    still = followed((frame, 2.0), rise=0, settle=0)
    assert followed((frame, 1.0), (with_shoulders(frame, width), 1 / 30), (frame, 1.0), rise=0, settle=0) == still
    assert len(followed((frame, 1.0), (with_shoulders(frame, width), 1.0), rise=0, settle=0)) == 2  # and many do


@pytest.mark.parametrize("aspect", [16 / 9, 4 / 3, 9 / 16])
def test_a_signer_gives_the_same_events_in_a_picture_of_any_shape(aspect):
    sign = signing(0).copy()
    sign[POSE.slice] = person(0.7)[POSE.slice]  # near where resting begins
    day = [(RESTING, 1.0), (sign, 2.0), (RESTING, 1.5)]
    square = hear(day)
    assert words(square) == ["Doctor"]
    wide = hear([(squeezed(frame, aspect), seconds) for frame, seconds in day], aspect=aspect)
    assert [event.line() for event in wide] == [event.line() for event in square]
