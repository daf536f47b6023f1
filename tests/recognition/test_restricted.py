"""Answers among chosen words: what is left out is unknown, not mistaken for what is not."""

from __future__ import annotations

import pytest
from support.signing import RESTING, Reader, signing, stream, words

from isl.errors import InputError
from isl.recognition.acceptance import BetweenRests
from isl.recognition.restricted import RestrictedRecognizer
from isl.recognition.stream import Stream

DAY = [(RESTING, 1.0), (signing(0), 2.0), (RESTING, 1.0), (signing(1), 2.0), (RESTING, 1.0)]


def events(chosen):
    made = Stream(RestrictedRecognizer(Reader(), chosen), BetweenRests())
    return [event for time, frame in stream(*DAY, fps=10.0) for event in made.feed(time, frame)]


@pytest.mark.parametrize(
    ("chosen", "heard"),
    [(None, ["Doctor", "Fever"]), ([], ["Doctor", "Fever"]), (["Fever"], ["Fever"]), (["Pain"], [])],
)
def test_only_chosen_words_are_heard(chosen, heard):
    assert words(events(chosen)) == heard


def test_a_sign_that_was_left_out_is_unknown():
    refused = [event for event in events(["Fever"]) if event.kind == "unsure"]
    assert len(refused) == 1 and refused[0].facts["end"] < 4


def test_an_unknown_word_is_refused():
    with pytest.raises(InputError, match="words=Nonsense"):
        RestrictedRecognizer(Reader(), ["Nonsense"])
