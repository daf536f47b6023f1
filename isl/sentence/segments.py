"""Splits glosses into segments: a greeting begins one, and so does what comes after a question word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from isl.sentence.clauses import Segment, refuse
from isl.sentence.english import with_article
from isl.sentence.patterns import QUESTIONS, rewrite
from isl.sentence.reader import Reader
from isl.sentence.words import Word


def parse(words: Sequence[Word]) -> list[Segment]:
    """Turns words, in the order of the signs, into segments. Every word is used.

    Raises:
        DoubtError: the words cannot be read, or have two meanings that exclude each other.
    """
    if [word.kind for word in words[:2]] == ["person", "phrase"] and not words[0].has("pronoun"):
        words = [words[1], words[0], *words[2:]]  # "Doctor, Hello"
    rest = [word for word in words if not word.has("please")]
    please = len(rest) < len(words)
    for at, word in enumerate(rest[1:], 1):
        if word.has("also_state") and rest[at - 1].has("pronoun"):  # "I, Sorry"
            rest[at] = replace(word, kind="state", of=("person",))
    segments = [Segment()] if words else []
    while rest:
        word, last = rest[0], segments[-1]
        answers = word.text == "no" and len(rest) > 1 and not last.clauses
        refuse(answers and rest[1].kind != "person", "“no” may answer somebody or deny what comes after it")
        if last.clauses:
            segments.append(last := Segment())
        if word.kind == "phrase" or answers:
            _greet(segments, rest)
            continue
        content = [word, *takewhile(lambda one: one.kind != "phrase", rest[1:])]
        del rest[: len(content)]
        if last.before and [one.pronoun for one in content] == ["you"]:  # "Welcome, You"
            last.before[-1] += "" if "you" in last.before[-1] else " to you"
            continue
        if last.asks and len(content) > 1:  # "How are you, Baby, healthy"
            segments.append(last := Segment())
        signs = [sign.word for sign in rewrite(content, "", QUESTIONS)[0]]
        while signs:
            part = [*takewhile(lambda one: one.kind != "question", signs)]
            asked = [*signs[len(part) :], None][0]
            del signs[: len(part) + 1]
            if segments[-1].clauses:
                segments.append(Segment())
            Reader(segments[-1], part, please, asked).read()
    if please:
        asked_for = [segment for segment in segments if segment.clauses and segment.clauses[-1].request]
        [*segments[-1:], *asked_for][-1].behind.append("please")
    return segments


def _greet(segments: list[Segment], rest: list[Word]) -> None:
    """Put a greeting before the next words, or after the last ones if no word follows."""
    word = rest.pop(0)
    text, joint = word.text, word.slot("thing" if rest[0].has("noun") else rest[0].kind) if rest else None
    if word.has("names"):
        name = list(takewhile(lambda one: one.kind == "unknown", rest))
        text = " ".join([text, *(one.text for one in name)])
        del rest[: len(name)]
    elif joint is not None and (len(rest) == 1 or rest[0].kind == "place" or rest[1].kind == "phrase"):
        noun = rest.pop(0)  # "Welcome, Hospital", "Thankyou, Medicine"
        text += f" {joint} {with_article(noun.text, noun.article if noun.kind == 'place' else 'the')}"
    if not rest and len(segments) > 1 and not segments[-1].before and not word.has("asks"):
        segments.pop()
        segments[-1].behind.append(text)
        return
    if segments[-1].asks:
        segments.append(Segment())
    segments[-1].before.append(text)
    segments[-1].asks = word.has("asks")
