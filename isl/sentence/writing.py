"""Writes segments as English: greetings, clauses and questions, joined to sentences."""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.choices import Choices
from isl.sentence.clauses import Clause, Segment, refuse
from isl.sentence.english import capital, shorten
from isl.sentence.questions import write_question
from isl.sentence.statements import is_sentence, write_clause


def write_segments(segments: Sequence[Segment], choose: Choices) -> str:
    """Returns all segments as text. The first option has no contractions."""
    text = " ".join(_write_segment(segment, choose) for segment in segments)
    short = shorten(text)
    return choose(text, short) if short != text else text


def _write_segment(segment: Segment, choose: Choices) -> str:
    """Returns the greetings, the sentences and the words after them: "Hello, doctor, please help." """
    text, before, behind, alone = "", Clause(), list(segment.behind), len(segment.clauses) == 1
    for clause in segment.clauses:
        part = write_question(clause, choose) if clause.question else write_clause(clause, choose, alone)
        if clause.request:
            if behind == ["please"] and not segment.asks and clause is segment.clauses[-1]:
                part, behind = choose(f"please {part}", f"{part}, please"), []
            part = f"you, {part}" if clause.subjects else part
        if part:
            text += _join(before, clause, part, choose) if text else part
            before = clause
    only = segment.clauses[0] if alone else Clause()
    named = not only.subjects and only.predicates and all(one.is_relation and not one.denied for one in only.predicates)
    greeting = ", ".join(segment.before)
    if text and greeting:  # "Thank you. Medicine.", as "Thank you, medicine." means otherwise
        stop = (named and not segment.asks and not behind) or segment.before[-1].startswith("my name")
        text = f"{greeting}. {capital(text)}" if stop else f"{greeting}, {text}"
    return capital(", ".join(filter(None, (text or greeting, *behind)))) + ("?" if segment.asks else ".")


def _join(before: Clause, clause: Clause, part: str, choose: Choices) -> str:
    """Returns a further clause after "and", "but" or "that", or as a new sentence, as questions and requests are."""
    stop = f". {capital(part)}"
    quoting, quoted = (one.last.verb and one.last.verb.has("quotes") and not one.last.nouns for one in (before, clause))
    if clause.question or clause.request or before.request:
        return stop
    refuse(quoting and not is_sentence(clause), "what was said was not signed")
    if quoting and not before.last.denied:
        return choose(f" that {part}", f" {part}")
    if quoted and is_sentence(before) and len(clause.predicates) == 1 and not clause.last.denied:
        return f", {part}"  # "my mother needs an operation, the doctor says"
    if not (is_sentence(clause) and is_sentence(before) and before.predicates):
        return choose(f"; {part}", stop)
    first, second = (any(one.denied for one in each.predicates) for each in (before, clause))
    long = before.carried or clause.carried or len(before.predicates) + len(clause.predicates) > 2
    contrast = first != second and before.last.state and clause.last.state
    joints = (" but", " and") if contrast else (", and" if long else " and",)
    return choose(*(f"{joint} {part}" for joint in joints), stop)
