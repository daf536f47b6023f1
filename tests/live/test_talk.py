"""The conversation: when words become a sentence."""

from __future__ import annotations

import pytest

from isl.live.talk import Talk
from isl.sentence import Rules
from isl.stream.events import Event, State


def heard(*words, pause=3.0):
    talk = Talk(Rules(), pause=pause)
    for i, word in enumerate(words):
        talk.hear(Event(float(i), "word", {"word": word}))
    return talk


def test_words_become_a_sentence_once_after_a_pause():
    talk = heard("Mother", "sick")
    due = [time for time in range(1, 20) if talk.due(float(time), State.IDLE)]
    assert due == [4]  # the last word came at 1
    assert talk.write().glosses == ("Mother", "sick")
    assert not any(talk.due(float(time), State.IDLE) for time in range(20, 40))


def test_signing_puts_the_sentence_off():
    talk = heard("Mother")
    assert not any(talk.due(float(time), State.SIGNING) for time in range(20))
    assert [time for time in range(20, 40) if talk.due(float(time), State.IDLE)] == [22]


def test_a_word_after_a_sentence_begins_anew():
    talk = heard("Mother")
    talk.write()
    talk.hear(Event(9.0, "word", {"word": "Doctor"}))
    assert talk.words == ["Doctor"] and talk.sentence is None


def test_backspace_and_clear_take_the_sentence_along():
    talk = heard("Mother", "sick")
    talk.write()
    talk.backspace()
    assert talk.words == ["Mother"] and talk.sentence is None and talk.unsaid
    talk.clear()
    assert talk.words == [] and not talk.unsaid
    talk.backspace()  # nothing left: nothing happens
    assert talk.words == []


def test_no_words_are_no_sentence():
    talk = heard()
    assert not any(talk.due(float(time), State.NOBODY) for time in range(20))


@pytest.mark.parametrize("state", [State.NOBODY, State.IDLE, State.UNSURE, State.ACCEPTED])
def test_no_sign_is_under_way_while_the_last_one_s_outcome_is_shown_or_nobody_is_there(state):
    talk = heard("Mother", "sick")
    assert [time for time in range(1, 20) if talk.due(float(time), state)] == [4]


def test_words_that_come_while_a_sentence_is_written_are_the_next_one():
    class Slow(Rules):
        def write(self, glosses, context=()):
            if glosses == ["Mother"]:
                talk.hear(Event(1.0, "word", {"word": "Doctor"}))
            return super().write(glosses, context)

    talk = Talk(Slow())
    talk.hear(Event(0.0, "word", {"word": "Mother"}))
    assert talk.write().glosses == ("Mother",)
    assert talk.words == ["Doctor"] and talk.unsaid
    talk.hear(Event(2.0, "word", {"word": "sick"}))
    assert talk.write().glosses == ("Doctor", "sick") and not talk.unsaid
