"""The conversation: when words become a sentence."""

from __future__ import annotations

import pytest

from isl.recognition.conversation import Conversation
from isl.recognition.events import Event, State
from isl.sentence import Rules


def heard(*words, pause=3.0):
    conversation = Conversation(Rules(), pause=pause)
    for i, word in enumerate(words):
        conversation.add(Event(float(i), "word", {"word": word}))
    return conversation


def test_words_become_a_sentence_once_after_a_pause():
    conversation = heard("Mother", "sick")
    due = [time for time in range(1, 20) if conversation.is_due(float(time), State.IDLE)]
    assert due == [4]  # the last word came at 1
    assert conversation.write().glosses == ("Mother", "sick")
    assert not any(conversation.is_due(float(time), State.IDLE) for time in range(20, 40))


def test_signing_puts_the_sentence_off():
    conversation = heard("Mother")
    assert not any(conversation.is_due(float(time), State.SIGNING) for time in range(20))
    assert [time for time in range(20, 40) if conversation.is_due(float(time), State.IDLE)] == [22]


def test_a_word_after_a_sentence_begins_anew():
    conversation = heard("Mother")
    conversation.write()
    conversation.add(Event(9.0, "word", {"word": "Doctor"}))
    assert conversation.words == ["Doctor"] and conversation.sentence is None


def test_backspace_and_clear_take_the_sentence_along():
    conversation = heard("Mother", "sick")
    conversation.write()
    conversation.backspace()
    assert conversation.words == ["Mother"] and conversation.sentence is None and conversation.has_new_words
    conversation.clear()
    assert conversation.words == [] and not conversation.has_new_words
    conversation.backspace()  # nothing left: nothing happens
    assert conversation.words == []


def test_no_words_are_no_sentence():
    conversation = heard()
    assert not any(conversation.is_due(float(time), State.NOBODY) for time in range(20))


@pytest.mark.parametrize("state", [State.NOBODY, State.IDLE, State.UNSURE, State.ACCEPTED])
def test_no_sign_is_under_way_while_the_last_one_s_outcome_is_shown_or_nobody_is_there(state):
    conversation = heard("Mother", "sick")
    assert [time for time in range(1, 20) if conversation.is_due(float(time), state)] == [4]


def test_words_that_come_while_a_sentence_is_written_are_the_next_one():
    class Slow(Rules):
        def write(self, glosses, context=()):
            if glosses == ["Mother"]:
                conversation.add(Event(1.0, "word", {"word": "Doctor"}))
            return super().write(glosses, context)

    conversation = Conversation(Slow())
    conversation.add(Event(0.0, "word", {"word": "Mother"}))
    assert conversation.write().glosses == ("Mother",)
    assert conversation.words == ["Doctor"] and conversation.has_new_words
    conversation.add(Event(2.0, "word", {"word": "sick"}))
    assert conversation.write().glosses == ("Doctor", "sick") and not conversation.has_new_words
