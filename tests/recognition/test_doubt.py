"""Explains in one line for the signer why a sign was not accepted."""

from __future__ import annotations

import numpy as np
from support.signing import NOBODY, RESTING, signing

from isl.recognition.doubt import HandsSeen, explain_doubt

WORDS = ["Doctor", "Fever", "Pain"]


def explained(*probabilities, hands=1.0):
    return explain_doubt(np.array(probabilities, np.float32), WORDS, 0.96, hands)


def test_the_likeliest_word_and_the_required_confidence_are_named():
    assert explained(0.62, 0.1, 0.28) == "Doctor 62%, 96% needed"


def test_two_words_that_are_close_are_both_named():
    assert explained(0.5, 0.42, 0.08) == "Doctor 50% or Fever 42%, 96% needed"


def test_a_confidence_just_below_the_limit_is_not_rounded_up_to_it():
    assert explained(0.9599, 0.0, 0.0).startswith("Doctor 95%")


def test_a_sign_with_few_found_hands_is_shown_with_that_reason():
    assert "hands seen in 20% of the sign" in explained(0.5, 0, 0, hands=0.2)


def test_hands_are_counted_between_two_times():
    seen = HandsSeen()
    for time, frame in enumerate([NOBODY, RESTING, signing(0), signing(0), NOBODY]):
        seen.add(float(time), frame)
    assert seen.share(1.0, 3.0) == 2 / 3 and seen.share(9.0, 10.0) is None
