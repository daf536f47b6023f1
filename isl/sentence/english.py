"""Writes English forms: verbs by lemminflect, articles and plurals by inflect; here is only what joins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

OBJECT = {"I": "me", "he": "him", "she": "her", "we": "us", "they": "them"}
POSSESSIVE = {"I": "my", "you": "your", "he": "his", "she": "her", "it": "its", "we": "our", "they": "their"}
BE = {"present": {"I": "am", "she": "is"}, "past": {"I": "was", "she": "was"}}
MODALS = ("can", "must", "should")
SHORT = {
    "is not": "isn't", "are not": "aren't", "was not": "wasn't", "were not": "weren't", "do not": "don't",
    "does not": "doesn't", "did not": "didn't", "has not": "hasn't", "have not": "haven't", "will not": "won't",
    "cannot": "can't", "I am": "I'm", "he is": "he's", "she is": "she's", "you are": "you're", "we are": "we're",
    "they are": "they're", "I will": "I'll", "he will": "he'll", "she will": "she'll", "you will": "you'll",
}  # fmt: skip


@dataclass(frozen=True)
class Phrase:
    """A verb in its base form, what follows it, and its denial: "" or "not" or "never".

    "no medicine" in ``rest`` denies as well; then ``denied`` is empty. ``lasting`` is for how long: "three days".
    """

    verb: str
    rest: str = ""
    denied: str = ""
    lasting: str = ""


@cache
def inflect(verb: str, tag: str) -> str:
    """A form of a verb: VBZ "takes", VBG "taking", VBD "took", VBN "taken"; of "look after" the first word changes."""
    from lemminflect import getInflection

    first, _, rest = verb.partition(" ")
    forms = getInflection(first, tag=tag)
    return f"{forms[0] if forms else first} {rest}".strip()


@cache
def _engine() -> Any:
    from inflect import engine

    return engine()


@cache
def with_article(text: str, article: str) -> str:
    """A noun behind its article; "a" becomes "an" where it has to."""
    if article in ("a", "an"):
        return str(_engine().a(text))
    return f"{article} {text}".strip()


@cache
def plural(noun: str) -> str:
    return str(_engine().plural_noun(noun))


def counted(number: str, noun: str) -> str:
    """ "two weeks", "1 day"."""
    return f"{number} {noun if number in ('one', '1', 'half') else plural(noun)}"


def listed(items: Sequence[str], joint: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    *first, last = items
    return f"{', '.join(first)} {joint} {last}" if first else last


def split_verb(phrase: Phrase, person: str, tense: str, auxiliary: bool) -> tuple[str, str]:
    """The auxiliary, empty where there is none, and the rest of a finite verb phrase without its denial.

    Args:
        person: ``I``, ``she`` for one, ``they`` for several and for "you".
        tense: ``present``, ``past`` or ``future``. Something that lasts up to now "has been" so.
        auxiliary: whether a question or a denial wants one: "does take" instead of "takes".
    """
    one = person == "she"
    rest = phrase.rest + (f" for {phrase.lasting}" if phrase.lasting else "")
    if phrase.verb in MODALS:
        return phrase.verb, rest
    if tense == "future":
        return "will", f"{phrase.verb} {rest}".strip()
    if phrase.lasting and tense == "present" and phrase.verb in ("be", "have", "need"):
        return ("has" if one else "have"), f"{inflect(phrase.verb, 'VBN')} {rest}".strip()
    if phrase.verb == "be":
        return BE[tense].get(person, "are" if tense == "present" else "were"), rest
    if auxiliary:
        do = "did" if tense == "past" else "does" if one else "do"
        return do, f"{phrase.verb} {rest}".strip()
    tag = "VBD" if tense == "past" else "VBZ"
    verb = inflect(phrase.verb, tag) if tense == "past" or one else phrase.verb
    return "", f"{verb} {rest}".strip()


def finite(phrase: Phrase, person: str, tense: str = "present") -> str:
    """A verb phrase that agrees with its subject: "does not take medicine", "has had a fever"."""
    auxiliary, rest = split_verb(phrase, person, tense, phrase.denied == "not")
    if phrase.denied == "not" and auxiliary == "can":
        return f"cannot {rest}".strip()
    if phrase.denied == "never" and not auxiliary:
        return f"never {rest}"
    return " ".join(filter(None, (auxiliary, phrase.denied, rest)))


def inverted(phrase: Phrase, subject: str, person: str, tense: str = "present") -> str:
    """A verb phrase in a question, with its subject inside: "does my mother need medicine"."""
    auxiliary, rest = split_verb(phrase, person, tense, True)
    return " ".join(filter(None, (auxiliary, subject, phrase.denied, rest)))


def base(phrase: Phrase) -> str:
    """A request: "take medicine", "do not take medicine"."""
    prefix = {"not": "do not ", "never": "never "}.get(phrase.denied, "")
    return f"{prefix}{phrase.verb} {phrase.rest}".strip()


def fragment(phrase: Phrase, tense: str = "present") -> str:
    """A verb phrase without a subject: "sick", "with a fever", "in need of medicine", "not taking medicine"."""
    if tense == "past" and phrase.verb != "be":
        return finite(phrase, "they", tense)
    phrase = replace(phrase, rest=phrase.rest + (f" for {phrase.lasting}" if phrase.lasting else ""), lasting="")
    not_ = f"{phrase.denied} " if phrase.denied else ""
    if phrase.verb == "be":
        return not_ + phrase.rest
    if phrase.verb in MODALS:
        return finite(phrase, "they")
    if phrase.verb == "have" and phrase.rest.startswith("no "):
        return phrase.rest
    openers = {"have": "without" if phrase.denied else "with", "need": f"{not_}in need of"}
    return f"{openers.get(phrase.verb) or not_ + inflect(phrase.verb, 'VBG')} {phrase.rest}".strip()


def gerund(phrase: Phrase) -> str:
    """ "taking medicine", behind "stop" and the like."""
    return f"{inflect(phrase.verb, 'VBG')} {phrase.rest}".strip()


def is_denied(phrase: Phrase) -> bool:
    return bool(phrase.denied) or phrase.rest.startswith("no ")


def coordinate(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Neighbours with one verb become one: "needs medicine" and "needs money" is "needs medicine and money"."""
    joined: list[list[Phrase]] = []
    for phrase in phrases:
        last = joined[-1][-1] if joined else None
        same = last and (last.verb, last.denied, phrase.denied) == (phrase.verb, "", "")
        plain = (
            last
            and not last.lasting
            and not any(rest.startswith(("no ", "at ", "to ")) for rest in (last.rest, phrase.rest))
        )
        if same and plain and phrase.rest and last and last.rest:
            joined[-1].append(phrase)
        else:
            joined.append([phrase])
    return [replace(group[0], rest=listed([phrase.rest for phrase in group])) for group in joined]


def shorten(text: str) -> str:
    """The contractions of everyday speech: "isn't", "I'm"."""
    for long, short in SHORT.items():
        text = f" {text} ".replace(f" {long} ", f" {short} ").strip()
    return text
