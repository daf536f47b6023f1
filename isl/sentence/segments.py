"""Splits glosses into segments: a greeting begins one, and so does what comes after a question word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from isl.sentence.clauses import Segment, refuse
from isl.sentence.english import with_article
from isl.sentence.reading import Reader
from isl.sentence.words import Word


def parse(words: Sequence[Word]) -> list[Segment]:
    """Turns words, in the order of the signs, into segments. Every word is used.

    Raises:
        DoubtError: the words cannot be read, or have two meanings that exclude each other.
    """
    if [word.kind for word in words] == ["person", "phrase"] and not words[0].has("pronoun"):
        words = words[::-1]  # "Doctor, Hello"
    rest = [word for word in words if not word.has("please")]
    please = len(rest) < len(words)
    for at, word in enumerate(rest[1:], 1):
        if word.has("also_state") and rest[at - 1].has("pronoun"):  # "I, Sorry"
            rest[at] = replace(word, kind="state", of=("person",))
    segments = [Segment()] if words else []
    while rest:
        word = rest[0]
        answers = word.text == "no" and len(rest) > 1 and not segments[-1].clauses
        refuse(answers and rest[1].kind != "person", "“no” may answer somebody or deny what comes after it")
        if segments[-1].clauses:
            segments.append(Segment())
        if word.kind == "phrase" or answers:
            _greet(segments, rest)
            continue
        content = [word, *takewhile(lambda one: one.kind != "phrase", rest[1:])]
        del rest[: len(content)]
        if segments[-1].before and [one.pronoun for one in content] == ["you"]:  # "Welcome, You"
            before = segments[-1].before
            before[-1] += "" if "you" in before[-1] else " to you"
            continue
        for part, asked in _questions(content):
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


def _questions(words: list[Word]) -> list[tuple[list[Word], Word | None]]:
    """Splits words after each question, and returns the words of each part without its question word."""
    parts: list[tuple[list[Word], Word | None]] = []
    at = next((at for at, word in enumerate(words) if word.kind == "question"), None)
    if at is None:
        return [(words, None)] if words else []
    before, asked, after = words[:at], words[at], words[at + 1 :]
    kinds = [word.kind for word in after]
    if before and before[-1].has("since"):  # "You, sick, Since, When"
        before, asked = before[:-1], replace(asked, says=("how long",))
    if not before:
        end = next((at for at, word in enumerate(after) if word.kind == "question"), len(after))
        refuse(end < len(after), "two questions were signed at once")
        return [(after, asked)]
    if len(after) == 1 and kinds == ["person"] and not any(word.kind == "person" for word in before):
        refuse(not after[0].has("pronoun"), "what was asked about was not signed")
        return [([*after, *before], asked)]  # "Glasses, Where, I"
    verbs = list(takewhile(lambda word: word.kind in ("verb", "adverb", "negation"), after))
    if after[: len(verbs)] == after or (asked.text in ("which", "when", "why", "how") and kinds == ["state"]):
        verbs = after
    elif verbs:
        refuse(True, "what was asked about was not signed")
    parts.append(([*before, *verbs], asked))
    return [*parts, *_questions(after[len(verbs) :])]
