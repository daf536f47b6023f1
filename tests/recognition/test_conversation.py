"""The conversation: when words become a sentence."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from isl.recognition.conversation import Conversation
from isl.recognition.events import Event, State
from isl.recognition.interpreter import Interpreter
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


def test_the_rules_sentence_is_there_before_that_of_a_slow_writer():
    seen: list[Any] = []

    class Slow(Rules):
        def write(self, glosses, context=()):
            assert conversation.sentence is not None
            seen.append(
                (conversation.sentence.text, interpreter.screen_state.sentence, interpreter.screen_state.writing)
            )
            return replace(super().write(glosses, context), text="A better one.")

        def draft(self, glosses, context=()):
            return Rules().write(glosses, context)

    conversation = Conversation(Slow())
    interpreter = Interpreter(conversation)
    conversation.add(Event(0.0, "word", {"word": "Mother"}))
    interpreter.write_sentence()
    assert seen == [("My mother.", "My mother.", True)]
    assert interpreter.screen_state.sentence == "A better one." and not interpreter.screen_state.writing


def test_a_picked_symptom_is_in_the_next_sentence_and_a_second_press_takes_it_back():
    conversation = heard("Mother", "sick")
    conversation.context = ["Headache"]
    conversation.toggle_symptom(8)
    assert conversation.write().text == "My mother is sick and has a headache and dizziness."
    conversation.toggle_symptom(1)
    assert conversation.context == ["dizziness"]


def test_words_in_hindi_where_they_have_a_hindi_name():
    assert heard().hindi(["Mother", "sick", "Xyzzy"]) == ["माता", "बीमार", "Xyzzy"]


def test_signing_puts_the_sentence_off():
    conversation = heard("Mother")
    assert not any(conversation.is_due(float(time), State.SIGNING) for time in range(20))
    assert [time for time in range(20, 40) if conversation.is_due(float(time), State.IDLE)] == [22]


def test_a_word_after_a_sentence_begins_anew():
    conversation = heard("Mother")
    conversation.write()
    conversation.add(Event(9.0, "word", {"word": "Doctor"}))
    assert conversation.words == ["Doctor"] and conversation.sentence is None


def test_backspace_and_clear_remove_the_sentence_too():
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
def test_no_sign_is_in_progress_while_an_outcome_is_shown_or_no_person_is_found(state):
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
