"""Puts signed words into the order that the grammar reads: time, topic, things, verb, denial. Every word is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from isl.sentence.clauses import NOTHING
from isl.sentence.english import counted
from isl.sentence.words import Word

KINDS = "person state verb thing place symptom body number measure time adverb negation unknown span phrase question"
CODES = dict(zip(KINDS.split(), "psvtlybnmdaxuwfq", strict=True))  # one letter for each kind of word
HEAD = "(?:n?[tlyb])*(?:s|v+)|(?:n?[tyb])+"  # what is said of a topic

# A pattern of letters, the new order of its groups, and a condition on the first words of the groups.
SPANS: tuple[tuple[str, str, Callable[..., object]], ...] = (
    (r"(?<!n)(m)(n)(?!m)", "21", lambda *_: True),  # "Week, Two"
    (r"([ty])(n)(?![mtyb])", "21", lambda noun, _: not noun.has("own")),  # "Tablet, Two"
)
ORDERS: tuple[tuple[str, str, Callable[..., object]], ...] = (
    (r"^(d*)([tlybu]+)(p+)(?![pnmw])", "132", lambda _, noun, one: not noun.has("alive")),  # "Medicine, Mother, Take"
    (
        r"^([da]*)(s+)(p+)(?=x?$|(?<=sp)[^p]+$)",
        "132",
        lambda _, state, person: not person.has("helper"),
    ),  # "sick, Mother"
    (r"^(d*)(s[ty])(p+)(?![pnmw])", "132", lambda _, state, person: state.has("origin")),
    (r"^([tlyb]+)(s)(p)", "312", lambda noun, state, person: state.has("fears")),  # "Operation, afraid, I"
    (r"^([tlyb]+)(s)(p)$", "312", lambda noun, state, person: state.fits("thing")),  # "Fever, High, Baby"
    (r"^([tlyb]+)(v+)(p)$", "312", lambda _, verb, person: not (verb.has("asked") or person.has("helper"))),
    (r"^([aw])(p.+)$", "21", lambda *_: True),  # "Again, Baby, sick"
    (r"(?<=p)(s)(b)(?![ysb])", "21", lambda state, _: state.fits("thing")),  # "Son, dry, Skin"
    (r"(?<!p)(s)(p)(?=p)", "21", lambda state, person: state.has("lasting")),  # "Deaf, Man, Doctor, See"
    (r"(t)(p)(v)", "213", lambda thing, person, verb: verb.slot("receiver") is not None),  # "Medicine, Patient, Give"
    (r"(s)(v)(?!v)", "21", lambda state, verb: state.has("manner")),  # "slow, Speak"
    (rf"(a|(?<![svtlyb])[xw])({HEAD}|l)", "21", lambda word, _: not word.has("since")),  # "Father, Not, sick"
    (
        r"([tlv])([xw])(v+)",
        "132",
        lambda one, _, verb: verb.takes or (one.kind != "verb" and accepts(verb, one)),
    ),  # "Milk, Not, Want"
    (r"^(p+)([tlybsv]+)(d)([tlybsv]+)(d)$", "13254", lambda *_: True),  # "Mother, sick, Yesterday, ..., Today"
    (r"^(p+)([tlybsv]+)(d)(d)", "1324", lambda *_: True),  # "Father, Operation, Yesterday, Now, healthy"
    (r"^([^d]*[svtlyb])(d+)(x)$", "132", lambda *_: True),  # "Medicine, Take, Today, Not"
)


def accepts(verb: Word, noun: Word) -> bool:
    """Returns True if a noun can be the object or the place of a verb."""
    if noun.kind == "symptom":
        return verb.slot("symptom") is not None
    free = verb.wants or noun.has("own") or not noun.has("alone")
    return noun.kind == "place" or (free and verb.slot("thing") is not None)


def arrange(words: Sequence[Word]) -> list[Word]:
    """Returns the words in reading order; a number and a period, or "since" and a time, become one word (a span)."""
    words = list(words)
    kinds = [word.kind for word in words[:3]]
    if kinds in (["state", "thing", "person"], ["state", "symptom", "person"]):
        words[0] = replace(words[0], traits=(*words[0].traits, "origin"))  # "cold, Water, Baby, Drink"
    return _reorder(_spans(_reorder(words, SPANS)), ORDERS)


def _reorder(words: list[Word], orders: Sequence[tuple[str, str, Callable[..., object]]]) -> list[Word]:
    for pattern, order, fits in orders:
        for match in re.finditer(pattern, "".join(CODES[word.kind] for word in words)):
            groups = {str(at): words[match.start(at) : match.end(at)] for at in range(1, len(order) + 1)}
            if fits(*((group or [NOTHING])[0] for group in groups.values())):
                words[match.start() : match.end()] = [word for at in order for word in groups[at]]
    return words


def _spans(words: list[Word]) -> list[Word]:
    at = 0
    while at < len(words) - 1:
        one, two = words[at : at + 2]
        if one.kind == "number" and two.kind == "measure":
            amount = counted(one.text, two.text)
            often = two.text == "time"  # "two times"
            says = (amount,) if often else (f"for {amount}", amount, two.text)
            words[at : at + 2] = [Word(amount, "adverb" if often else "span", says)]
        elif one.has("since") and two.kind == "time":
            words[at : at + 2] = [Word("", "span", (f"since {two.text.removeprefix('on ')}", "", ""))]
        at += 1
    return words
