"""Writes clauses as English. If several wordings are possible, the caller's ``Choices`` chooses one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from isl.sentence import english
from isl.sentence.choices import Choices
from isl.sentence.clauses import Clause, Segment
from isl.sentence.english import Phrase, capital, listed
from isl.sentence.phrases import noun_text, phrase, write_subject


def write_segments(segments: Sequence[Segment], choose: Choices) -> str:
    """Returns all segments as text. The first option has no contractions."""
    text = " ".join(_write_segment(segment, choose) for segment in segments)
    short = english.shorten(text)
    return choose(text, short) if short != text else text


def _write_segment(segment: Segment, choose: Choices) -> str:
    """Returns the greetings, the sentences and the words after them: "Hello, doctor, please help." """
    from isl.sentence.questions import write_question

    text, before, behind = "", Clause(), list(segment.behind)
    for clause in segment.clauses:
        part = write_question(clause, choose) if clause.question else write_clause(clause, choose)
        if clause.request and behind == ["please"] and not segment.asks and clause is segment.clauses[-1]:
            part, behind = choose(f"please {part}", f"{part}, please"), []
        if clause.request and clause.subjects:
            part = f"you, {part}"
        if part:
            text += _join(before, clause, part, choose) if text else part
            before = clause
    only = segment.clauses[0] if len(segment.clauses) == 1 else Clause()
    named = not only.subjects and only.predicates and all(one.nouns and not one.verb for one in only.predicates)
    greeting = ", ".join(segment.before)
    if text and greeting:  # "Thank you. Medicine.", as "Thank you, medicine." means otherwise
        stop = (named and not segment.asks and not behind) or segment.before[-1].startswith("my name")
        text = f"{greeting}. {capital(text)}" if stop else f"{greeting}, {text}"
    return capital(", ".join(filter(None, (text or greeting, *behind)))) + ("?" if segment.asks else ".")


def _join(before: Clause, clause: Clause, part: str, choose: Choices) -> str:
    """Returns a further clause after "and" or "but", or as a new sentence. Questions and requests are new sentences."""
    stop = f". {capital(part)}"
    if clause.question or clause.request:
        return stop
    if not clause.subjects or not before.subjects:
        return choose(f"; {part}", stop)
    first, second = (any(one.denied for one in each.predicates) for each in (before, clause))
    long = before.carried or clause.carried or len(before.predicates) + len(clause.predicates) > 2
    joints = (" but", " and") if first != second and before.predicates[0].state else (", and" if long else " and",)
    return choose(*(f"{joint} {part}" for joint in joints), stop)


def time_text(clause: Clause) -> str:
    """Returns the times of a clause: "tomorrow in the morning", "on Monday and on Tuesday"."""
    days = [time.text for time in clause.times if time.tense or time.text.startswith("on ")]
    hours = [time.text for time in clause.times if time.text not in days]
    return " ".join(listed(group) for group in (days, hours) if group)


def write_clause(clause: Clause, choose: Choices) -> str:
    """Returns one clause without a mark at its end. Times come before or after it."""
    times = time_text(clause)
    phrases = english.coordinate([phrase(one, clause, choose) for one in clause.predicates])
    if clause.request:
        text = listed([english.base(one) for one in phrases])
    elif clause.subjects and phrases:
        text = _about_subjects(clause, phrases, choose)
    elif clause.subjects:
        return ", ".join(filter(None, (listed([noun_text(one, choose, "topic") for one in clause.subjects]), times)))
    else:
        text = _without_subject(clause, phrases, choose) if phrases else ""
    if not times:
        return text
    if not text or not clause.subjects or (clause.late and len(phrases) > 1):
        return f"{text} {times}".strip()
    return f"{times} {text}" if ". " in text else choose(f"{times} {text}", f"{text} {times}")


def _about_subjects(clause: Clause, phrases: Sequence[Phrase], choose: Choices) -> str:
    """Returns the subjects with their predicates, in one sentence or in two.

    Predicates are joined as in "is sick and needs medicine" or "is tired but not weak".
    """
    subject, person = write_subject(clause, choose)
    said = [english.finite(one, person, clause.tense) for one in phrases]
    if len(said) > 1 and len(clause.subjects) == 1 and clause.subjects[0].word.kind == "person" and choose(False, True):
        again, _ = write_subject(replace(clause, carried=True), choose)
        return f"{subject} {said[0]}. {capital(again)} {_joined(phrases[1:], said[1:], choose)}"
    return f"{subject} {_joined(phrases, said, choose)}"


def _joined(phrases: Sequence[Phrase], said: list[str], choose: Choices) -> str:
    for at, (before, one) in enumerate(pairwise(phrases), 1):
        if before.verb == one.verb == "be" and not one.lasting and not before.denied:
            said[at] = " ".join(filter(None, (one.denied, one.rest)))  # the second "is" is left out
    if len(said) == 2 and english.is_denied(phrases[0]) != english.is_denied(phrases[1]):
        states = phrases[0].verb == phrases[1].verb == "be" and phrases[1].denied
        return choose(*(f"{said[0]} {joint} {said[1]}" for joint in (("but", "and") if states else ("and", "but"))))
    return listed(said)


def _without_subject(clause: Clause, phrases: Sequence[Phrase], choose: Choices) -> str:
    """Returns predicates without a subject: "in need of medicine", "medicine and money", "help is needed"."""
    predicates, only = clause.predicates, clause.predicates[0]
    if all(one.nouns and not one.verb for one in predicates):
        named = [(one.denied, phrase(one, clause, choose, bare=True)) for one in predicates]
        there = [english.base(replace(one, verb="", denied="")) for denied, one in named if not denied]
        missing = [f"{'no' if denied == 'not' else denied} {_indefinite(one)}" for denied, one in named if denied]
        if len(there) == len(missing) == 1 and predicates[1].denied == "not":  # "no bed at the hospital"
            place, money = only.nouns[0].word.kind == "place", predicates[1].nouns[0].word.text == "money"
            if place or money:
                return f"{missing[0]} {'for' if money else 'at'} {noun_text(only.nouns[0], choose, 'topic')}"
        return listed([*there, *missing], "but" if there and missing else "and")
    things = bool(only.nouns) and all(noun.word.kind == "thing" for noun in only.nouns)
    if (
        len(predicates) == 1
        and only.verb
        and only.verb.text != "have"
        and things
        and not only.hangs
        and (only.denied or only.verb.wants)
    ):
        article = (
            "topic" if only.denied and not only.verb.wants else "object"
        )  # "The bill is not paid", "Tea is needed"
        text = listed([noun_text(noun, choose, article) for noun in only.nouns])
        several = len(only.nouns) > 1 or only.nouns[0].word.has("people") or only.nouns[0].number
        done = " ".join([english.inflect(only.verb.text, "VBN"), *only.adverbs])
        passive = Phrase("be", done, only.denied, only.lasting)
        return f"{text} {english.finite(passive, 'they' if several else 'she', clause.tense)}"
    return listed([english.fragment(one, clause.tense) for one in phrases])


def _indefinite(one: Phrase) -> str:
    return english.base(replace(one, verb="", denied="", rest=one.rest.removeprefix("the ").removeprefix("a ")))
