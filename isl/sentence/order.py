"""Puts signed words into the order that the grammar reads: topic, things, verb, denial. Every word is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from isl.sentence.clauses import NOTHING
from isl.sentence.english import counted
from isl.sentence.words import Word

KINDS = "person state verb thing place symptom body number measure time adverb negation question unknown span"
CODES = dict(zip(KINDS.split(), "psvtlybnmdaxquw", strict=True))  # one letter for each kind of word


def accepts(verb: Word, noun: Word) -> bool:
    """Returns True if a noun can be the object or the place of a verb."""
    thing = noun.kind in ("thing", "body") and (noun.has("own") or not noun.has("alone"))
    return noun.kind == "place" or (thing and "thing" in verb.of)


# A pattern of letters, the new order of its groups, and a condition on the first words of the groups.
ORDERS: tuple[tuple[str, str, Callable[..., object]], ...] = (
    (r"(?<!n)(m)(n)(?!m)", "21", lambda *_: True),  # "Week, Two"
    (r"(d)(a)", "21", lambda time, word: word.has("since")),  # "Yesterday, Since"
    (r"([ty])(n)(?![mtyb])", "21", lambda noun, _: not noun.has("own")),  # "Tablet, Two"
    (r"^(d*)([tlybu]+)(p+)(?![pnmw])", "132", lambda *_: True),  # "Medicine, Mother, Take"
    (r"^(d*)(s+)(p+)(?=x?$)", "132", lambda _, state, person: not person.has("helper")),  # "sick, Mother"
    (r"^(d*)(s+)(p)(?=[^p]+$)", "132", lambda _, state, person: not person.has("helper")),  # "Indian, Woman, Deaf"
    (r"^([tlyb]+)(s)(p)", "312", lambda noun, state, person: state.has("fears")),  # "Operation, afraid, I"
    (r"^([tlyb]+)(v+)(p)$", "312", lambda _, verb, person: person.has("pronoun") and not verb.has("asked")),
    (r"(t)(p)(v)", "213", lambda thing, person, verb: "receiver" in verb.of),  # "Medicine, Patient, Give"
    (r"(t)(x)(v+)", "132", lambda thing, _, verb: accepts(verb, thing)),  # "Milk, Not, Want"
    (r"(l)(x)(v+)", "132", lambda place, _, verb: "place" in verb.of),
)


def arrange(words: Sequence[Word]) -> list[Word]:
    """Returns the words in reading order; a number and a period, or "since" and a time, become one word (a span)."""
    words = list(words)
    for pattern, order, fits in ORDERS:
        for match in re.finditer(pattern, "".join(CODES[word.kind] for word in words)):
            groups = {str(at): words[match.start(at) : match.end(at)] for at in range(1, len(order) + 1)}
            if fits(*((group or [NOTHING])[0] for group in groups.values())):
                words[match.start() : match.end()] = [word for at in order for word in groups[at]]
    at = 0
    while at < len(words) - 1:
        one, two = words[at : at + 2]
        if one.kind == "number" and two.kind == "measure":
            amount = counted(one.text, two.text)
            says = (amount if two.text == "time" else f"for {amount}", amount, two.text)
            words[at : at + 2] = [Word(amount, "span", says)]
        elif one.has("since") and two.kind == "time":
            words[at : at + 2] = [Word("", "span", (f"since {two.text.removeprefix('on ')}", "", ""))]
        at += 1
    return words
