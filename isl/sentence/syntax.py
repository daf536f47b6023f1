"""Enough grammar to tell an English sentence from a heap of its words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from isl.sentence.files import table
from isl.sentence.labels import MARKS, Token
from isl.sentence.order import LINKED, frames, is_addressed
from isl.sentence.reading import Reading, finite, is_passive, noun_start
from isl.sentence.words import Word


def grammar(reading: Reading) -> str | None:
    """What can't stand beside each other, and articles without a noun."""
    found = reading.tokens
    if found[0].kind == "and":
        return "it begins in the middle"
    reason = next(filter(None, (_side_by_side(found, at) for at in range(1, len(found)))), None)
    if reason:
        return reason
    for at, token in enumerate(found):
        if token.kind == "article" and not _leads_to_noun(found, at + 1):
            return f"“{token.text} {found[at + 1].text}” makes a thing of it"
    return None


def _side_by_side(found: Sequence[Token], at: int) -> str | None:
    """Why a token can't stand behind the one before it: by ``never_before`` in ``function.yaml``, or by its word."""
    token, after = found[at - 1], found[at]
    never = table("function")["never_before"].get("state" if token.is_state else token.category, ())
    noun = after.word is not None and after.text in after.word.noun  # "need help"
    category = "state" if after.is_state else "" if noun or is_passive(found, at) else after.category
    needed = noun and after.kind == "gloss verb" and at > 1 and found[at - 2].is_verb  # who needs help does not help
    unasked = token.kind == "question" and token.word and after.kind == "person" and "person" not in token.word.asks
    idle = after.form == "adverb" and not any(other.kind == "gloss verb" for other in found[:at])
    if category in never or (token.kind == "to" and needed) or unasked or idle:
        return f"“{token.text} {after.text}” is no English for it"
    if token.text == after.text and token.kind not in ("unknown", "phrase"):
        return f"“{token.text}” is doubled"
    return None


def asides(reading: Reading) -> str | None:
    """A phrase is called out, and nothing is said by it: no "my mother is welcome", no "thanks to the doctor"."""
    found = reading.tokens
    for at, token in enumerate(found):
        if token.kind != "phrase" or token.word is None or token.word.lead or token.word.ask:
            continue
        before, after = found[:at][-1:], found[at + 1 : at + 2]
        polite = bool(token.word.asks)  # "needs medicine please"
        if before and before[0].kind not in (*MARKS, "phrase", "adverb", "so") and not polite:
            return f"“{before[0].text} {token.text}” is said of nobody"
        for_thing = after and after[0].text == "for" and any(other.kind == "thing" for other in found[at + 2 : at + 4])
        if after and after[0].kind in ("preposition", "to") and not token.word.takes and not for_thing:
            return f"“{token.text} {after[0].text}” gives a reason that nobody signed"
    return None


def names(reading: Reading) -> str | None:
    """A thing without its article is somebody's name: "the patient pays Bill"; and who is with baby is pregnant."""
    found = reading.tokens
    for at, token in enumerate(found):
        someone = token.kind == "person" and token.word and token.word.article == "the" and not token.form
        if someone and at and found[at - 1].kind == "preposition":
            return f"“{found[at - 1].text} {token.text}” without an article is a state"
        if token.kind != "thing" or token.form or not token.word or not token.word.article:
            continue
        bare = noun_start(found, at) == at and token.text not in token.word.says[1:]
        object_ = at > 0 and (found[at - 1].is_verb or found[at - 1].kind in ("be", "was"))
        if bare and (object_ or (at + 1 < len(found) and finite(found, at + 1))):
            return f"“{token.text}” without an article is a name"
    return None


def _leads_to_noun(found: Sequence[Token], at: int) -> bool:
    while at < len(found) and (found[at].is_state or (found[at].kind in ("and", "comma") and found[at + 1].is_state)):
        at += 1
    nation = found[at - 1].word if at else None
    if nation and found[at - 1].text in (noun.casefold() for noun in nation.noun):
        return True  # "I am an Indian"
    return at < len(found) and (found[at].is_noun or found[at].kind in ("time", "gloss verb", "question", "phrase"))


def telegram(reading: Reading) -> str | None:
    """Glosses set side by side are no sentence, where the tables know how one is made of them."""
    found = reading.tokens
    for at, token in enumerate(found[1:], 1):
        before, after = found[at - 1], found[at + 1 : at + 2]
        described = bool(after) and after[0].is_noun
        if token.is_state and before.is_noun and before.kind != "unknown" and not described and not reading.asks:
            return f"“{before.text} {token.text}” is no English"
    joined = any(
        token.is_verb
        or token.kind in ("be", "was", "to_be", "preposition", "to", "possessive")
        or (token.is_state and after.is_noun and token.word and after.word and token.word.fits(after.word))
        for token, after in pairwise(found)
    )
    if not joined and any(map(_connected, _stretches(reading.words))):
        return "it is a row of words, no sentence"
    return None


def _stretches(words: Sequence[Word]) -> list[list[Word]]:
    """The words between phrases, negations and times; what is denied may stand alone: "my father; no medicine"."""
    found: list[list[Word]] = [[]]
    framed = frames(words)
    for at, word in enumerate(words):
        if word.kind in ("phrase", "negation") or framed[at] != framed[at - 1]:
            found[-1] = found[-1][:-1] if word.kind == "negation" else found[-1]
            found.append([])
        if word.kind not in ("phrase", "negation") and not is_addressed(words, at):
            found[-1].append(word)
    return found


def _connected(words: Sequence[Word]) -> bool:
    """Whether the tables know a relation between two of these words."""
    kinds = {word.kind for word in words}
    if any(word.own and word.kind == "thing" for word in words):
        return False  # "your name" is whole without a verb
    if "person" in kinds and any(word.kind in LINKED and word.link for word in words):
        return True
    return any(
        noun.kind in ("person", *LINKED) and state.kind == "state" and state.fits(noun)
        for at, state in enumerate(words)
        for noun in words[: at + 2]
    )
