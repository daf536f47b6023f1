"""Rewrites signs by rules: an ordered list of patterns over kinds and traits, read from ``readings/*.yaml``.

A pattern is a regular expression over signs. A letter stands for a kind (``words.KINDS``), ``N`` for a thing, place,
symptom or part of the body, ``.`` for any sign, ``A`` for things and a verb that can be done to the person before them.
Conditions follow in angle brackets: ``p<helper !pronoun>`` is a person who is a helper and no pronoun,
``v<_have|wants>`` the verb "have" or a verb with the trait ``wants``. ``c`` stands before the first sign and carries
the facts of the segment: ``please``, ``greeted``, ``asked``. An action says what becomes of a pattern's groups:

    order 2 1       the groups change places
    number 2 1      the second group (a noun) takes the first as its number; so with attribute, owner, in, to, by, with
    called 1        the person is spoken to and is no part of the sentence
    doubt whose     the signs have two opposite meanings
    object 1        any other word gives the group a part in its clause (``ROLES``)
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from isl.sentence.clauses import NOTHING, DoubtError, Noun
from isl.sentence.english import counted, inflect, with_article
from isl.sentence.words import KINDS, Word, dictionary_case

QUESTIONS = ("questions",)
READINGS = ("order", "nouns", "called", "owners", "persons", "deeds", "doubts")
MACROS = {"N": "[tlyb]", "A": "(?:[lb]*v<of_person !wants>|[tlyb]*v<of_receiver>)"}
LETTERS = {**KINDS, "unknown": "u", "span": "w"}  # a span is a duration: "three days"
ROLES = {"person": "p", "object": "o", "needed": "h", "role": "r", "topic": "k", "request": "i", "thing": "t"}
ROLES |= {"place": "l", "states": "s", "adverb": "a", "past": "e", "state": "s"}
HAVE = {"links": ("have {}",), "denied": ("have no {}",)}
DOUBTS = {
    "who": "who does that and to whom was not signed",
    "whose": "whose that is was not signed",
    "relation": "what that has to do with it was not signed",
    "time": "for which of several things the time was signed is open",
    "denied": "what was denied was not signed",
    "asked": "what was asked was not signed",
    "how": "of whom or of what that is said was not signed",
    "helper": "whether somebody is, needs or calls a doctor was not signed",
}


@cache
def rules(names: tuple[str, ...]) -> list[tuple[list[str], re.Pattern[str]]]:
    """Returns the rules in their order: the parts of an action, and its pattern."""
    from omegaconf import OmegaConf

    folder = Path(__file__).parent / "readings"
    lines: list[Any] = [line for name in names for line in OmegaConf.load(folder / f"{name}.yaml")]
    return [(str(action).split(), compile_pattern(text)) for line in lines for action, text in line.items()]


def compile_pattern(text: str) -> re.Pattern[str]:
    """Returns the regular expression for signs as ``encode`` writes them."""

    def sign(match: re.Match[str]) -> str:
        kinds, conditions = match.groups()
        looks = [
            rf"(?{'!' if one[0] == '!' else '='}[^>]*\b(?:{one.lstrip('!')})\b)" for one in (conditions or "").split()
        ]
        return f"(?:{kinds}<{''.join(looks)}[^>]*>)"

    text = re.sub(r"\s+(?![^<]*>)", "", text)
    text = text.replace("A", MACROS["A"]).replace("N", "tlyb")
    text = re.sub(r"(\[[^]]*\])|tlyb", lambda match: match[1] or "[tlyb]", text)
    return re.compile(re.sub(r"(\[[^]]+\]|[a-z]|\.)(?:<([^>]*)>)?", sign, text))


def encode(signs: Sequence[Noun], facts: str = "") -> str:
    """Returns the signs as text, after ``c`` and the facts: the letter of each and its tags in angle brackets."""
    return f"c<{facts}>" + "".join(f"{sign.role}<{_tags(sign)}>" for sign in signs)


@cache
def _word_tags(word: Word) -> str:
    return " ".join(word.tags)


def _tags(sign: Noun) -> str:
    mine = sign.owner and sign.owner.has("pronoun")
    more = {"owned": sign.owner, "mine": mine, "counted": sign.number, "described": sign.states, "joined": sign.joined}
    return " ".join([_word_tags(sign.word), *(name for name, value in more.items() if value)])


def span(match: re.Match[str], group: int) -> slice:
    """Returns where the signs of a group are among all signs."""
    begin, end = (match.string.count("<", 0, max(at, 1)) - 1 for at in match.span(group))
    return slice(begin, end)


def rewrite(words: Sequence[Word], facts: str, names: tuple[str, ...] = READINGS) -> tuple[list[Noun], list[str]]:
    """Returns the signs after all rules of some tables, and the English of those who are spoken to.

    Raises:
        DoubtError: a rule found two opposite meanings.
    """
    signs, called = [Noun(word, role=LETTERS[word.kind]) for word in words], list[str]()
    text = encode(signs, facts)
    for (action, *numbers), pattern in rules(names):
        matches = [*pattern.finditer(text)]
        for match in reversed(matches):
            if action == "doubt":
                raise DoubtError(DOUBTS[numbers[0]])
            spans = [span(match, int(number)) for number in numbers]
            groups = [signs[one] for one in spans]
            if action == "order":
                begin, end = min(one.start for one in spans), max(one.stop for one in spans)
                signs[begin:end] = [sign for group in groups for sign in group]
            elif action == "called":
                called += [" ".join(one.text for one in (*sign.states, sign.word)) for sign in groups[0]]
                del signs[spans[0]]
            elif action == "split":
                signs.insert(spans[0].start, Noun(NOTHING, role="z"))
            elif action in ROLES:
                for sign in groups[0]:
                    _recast(sign, action)
            else:
                _fold(action, groups[0][0], groups[1])
                signs = [sign for sign in signs if action == "shared" or sign not in groups[1]]
        text = encode(signs, facts) if matches else text
    return signs, called


def _fold(action: str, head: Noun, parts: Sequence[Noun]) -> None:
    """Add signs to another one."""
    word, part, other = head.word, parts[0], parts[0].word
    taken = {"number": head.number, "owner": head.owner, "attribute": False, "shared": head.owner}.get(
        action, head.joined
    )
    named_only = action in ("fears", "by", "in") and (
        part.number or part.owner or part.joined or (part.states and action != "in")
    )
    if taken or named_only:  # a sign would not be written
        raise DoubtError(DOUBTS["relation"])
    if action == "number":
        head.number = other.text + " of" * (other.kind == "adverb")
    elif action == "attribute":
        head.states += [one.word for one in parts]
    elif action == "owner":
        head.owner = part
    elif action == "shared":
        head.owner = part.owner and part.owner.as_pronoun()
    elif action == "fears":
        joint = "to" if word.text == "allergic" else "of"
        head.word = Word(word.gloss, "state", (f"{word.text} {joint} {with_article(other.text, other.article)}",))
    elif action == "since" and word.kind == "span":
        pass  # "since two days" lasts two days
    elif action == "since" and word.kind == "question":
        head.word = replace(word, says=("how long",))
    elif action == "since":
        head.word, head.role = Word("", "span", (f"since {re.sub('^(on|in|at) ', '', other.text)}", "", "")), "w"
    elif action == "span" and word.text == "time":  # "two times"
        head.word, head.role = Word("", "adverb", (counted(other.text, word.text),)), "a"
    elif action == "tens":
        head.word = replace(word, says=(f"{word.text}-{other.text}",))
    elif action == "meal":
        meal = with_article(other.text, "the" if other.article else "")
        head.word = Word(word.gloss, "time", (f"{word.says[-1]} {meal}",))
    elif action == "measured":
        head.word = replace(word, says=(f"{other.says[1]} {word.text}",))
    elif action == "span":
        amount = counted(other.text, word.text)
        head.word, head.role = Word(amount, "span", (f"for {amount}", amount, word.text), traits=other.traits), "w"
    else:
        head.joint, head.joined = action, part


def _recast(sign: Noun, action: str) -> None:
    """Give a sign another part in its clause, and the word for it."""
    word = sign.word
    sign.role = ROLES[action]
    if action == "role" and word.kind in ("number", "span", "unknown"):
        text = word.says[-2] if word.kind == "span" else word.text
        sign.word = Word(text, "unknown", (text,))
    elif action == "states" and word.kind == "span":
        sign.word = Word(word.gloss, "state", (f"{word.says[1]} old",))
    elif action == "states":
        sign.word = Word(word.gloss, "state", (inflect(word.text, "VBN"),))
    elif action == "adverb" and (sign.states or sign.number or sign.owner):
        raise DoubtError(DOUBTS["relation"])
    elif action == "adverb":
        sign.word = Word(word.gloss, "adverb", (word.adverb or f"{word.means} {word.text}",))
    elif action == "topic" and word.kind == "state":
        sign.word = Word(word.gloss, "body", word.says, article="the")
    elif action in ("thing", "place") and word.kind == "unknown":
        sign.word = Word(word.gloss, action, (dictionary_case(word.text),), traits=("mass", "guessed"))
    elif action == "thing" and word.kind == "measure":
        sign.word = Word(word.gloss, "thing", word.says, article="the", traits=("of", "own", "alone"))
    elif action == "thing" and word.kind == "state":
        one = word.says[1:] or (f"{word.text} one",)  # "sweets", "a new one"
        sign.word = Word(word.gloss, "thing", one, article="" if word.says[1:] else "a")
    elif action == "thing" and word.kind == "person":
        sign.word = Word(word.gloss, "thing", word.says, article="" if word.has("people") else "a", links=HAVE)
    elif action == "thing":
        sign.word = Word(word.gloss, "thing", word.says, links=HAVE, traits=("mass", "deed"))
