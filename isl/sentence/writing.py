"""Writes clauses as English. If several wordings are possible, the caller's ``Choices`` chooses one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from isl.sentence.choices import Choices
from isl.sentence.clauses import Clause, Predicate, Segment
from isl.sentence.english import (
    Phrase,
    base,
    capital,
    conjugate,
    coordinate,
    fragment,
    inflect,
    listed,
    shorten,
    spaced,
)  # fmt: skip
from isl.sentence.phrases import compound, noun_text, phrase, write_subject


def write_segments(segments: Sequence[Segment], choose: Choices) -> str:
    """Returns all segments as text. The first option has no contractions."""
    text = " ".join(_write_segment(segment, choose) for segment in segments)
    short = shorten(text)
    return choose(text, short) if short != text else text


def _write_segment(segment: Segment, choose: Choices) -> str:
    """Returns the greetings, the sentences and the words after them: "Hello, doctor, please help." """
    from isl.sentence.questions import write_question

    text, before, behind = "", Clause(), list(segment.behind)
    for clause in segment.clauses:
        part = write_question(clause, choose) if clause.question else write_clause(clause, choose)
        if clause.request:
            if behind == ["please"] and not segment.asks and clause is segment.clauses[-1]:
                part, behind = choose(f"please {part}", f"{part}, please"), []
            part = f"you, {part}" if clause.subjects else part
        if part:
            text += _join(before, clause, part, choose) if text else part
            before = clause
    only = segment.clauses[0] if len(segment.clauses) == 1 else Clause()
    named = not only.subjects and only.predicates and all(one.is_relation for one in only.predicates)
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
    phrases = coordinate([phrase(one, clause, choose) for one in clause.predicates])
    if clause.request:
        text = listed([base(one) for one in phrases])
    elif clause.subjects and phrases:
        text = _about_subjects(clause, phrases, choose)
    elif clause.subjects:
        return ", ".join(filter(None, (listed([noun_text(one, choose, "topic") for one in clause.subjects]), times)))
    else:
        text = _without_subject(clause, phrases, choose) if phrases else ""
    if not times or not text or not clause.subjects or (clause.late and len(phrases) > 1):
        return f"{text} {times}".strip()
    return f"{times} {text}" if ". " in text else choose(f"{times} {text}", f"{text} {times}")


def _about_subjects(clause: Clause, phrases: Sequence[Phrase], choose: Choices) -> str:
    """Returns the subjects with their predicates: "is sick and needs medicine", or in two sentences."""
    subject, person = write_subject(clause, choose)
    one = len(clause.subjects) == 1 and clause.subjects[0].word.kind == "person"
    if one and len(phrases) > 1 and choose(False, True):
        again, other = write_subject(replace(clause, carried=True), choose)
        rest = _joined(phrases[1:], other, clause, choose)
        return f"{subject} {conjugate(phrases[0], person, clause.tense)}. {capital(again)} {rest}"
    return f"{subject} {_joined(phrases, person, clause, choose)}"


def _joined(phrases: Sequence[Phrase], person: str, clause: Clause, choose: Choices) -> str:
    said = [conjugate(one, person, clause.tense) for one in phrases]
    for at, (before, one) in enumerate(pairwise(phrases), 1):
        if before.verb == one.verb == "be" and not one.lasting and not before.denied:
            said[at] = spaced(one.denied, one.rest)  # the second "is" is left out
    if len(said) == 2 and phrases[0].is_denied != phrases[1].is_denied:
        states = phrases[0].verb == phrases[1].verb == "be" and phrases[1].denied
        return choose(*(f"{said[0]} {joint} {said[1]}" for joint in (("but", "and") if states else ("and", "but"))))
    return listed(said)


def _without_subject(clause: Clause, phrases: Sequence[Phrase], choose: Choices) -> str:
    """Returns predicates without a subject: "medicine and money", "help is needed", "no bed at the hospital"."""
    predicates, only = clause.predicates, clause.predicates[0]
    if all(one.is_relation for one in predicates):
        there = [_named(one, choose) for one in predicates if not one.denied]
        missing = [_named(one, choose) for one in predicates if one.denied]
        money = predicates[-1].nouns[0].word.text == "money"
        if len(there) == len(missing) == 1 and predicates[1].denied and (money or only.nouns[0].word.kind == "place"):
            return f"{missing[0]} {'for' if money else 'at'} {noun_text(only.nouns[0], choose, 'topic')}"
        return listed([*there, *missing], "but" if there and missing else "and")
    verb, nouns = only.verb, only.nouns
    things = nouns and not only.hangs and all(noun.word.kind == "thing" for noun in nouns)
    if verb and len(predicates) == 1 and things and verb.text != "have" and (only.denied or verb.wants):
        role = "object" if verb.wants else "topic"  # "Tea is needed", "The bill is not paid"
        passive = Phrase("be", " ".join([inflect(verb.text, "VBN"), *only.adverbs]), only.denied, only.lasting)
        several = len(nouns) > 1 or nouns[0].word.has("people") or nouns[0].number
        text = listed([noun_text(noun, choose, role) for noun in nouns])
        return f"{text} {conjugate(passive, 'they' if several else 'she', clause.tense)}"
    return listed([fragment(one, clause.tense) for one in phrases])


def _named(predicate: Predicate, choose: Choices) -> str:
    """Returns the noun of a relation alone: "medicine", "no bed", "a fever for two days"."""
    text = spaced(compound(predicate, choose)[0], *predicate.adverbs, predicate.lasting)
    if not predicate.denied:
        return text
    return re.sub(r"^(the |an? )?", "no " if predicate.denied == "not" else "never ", text, count=1)
