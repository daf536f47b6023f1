"""Writes English word forms: verbs with lemminflect, articles and plurals with inflect, and joins them to phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

OBJECT = {"I": "me", "he": "him", "she": "her", "we": "us", "they": "them"}
POSSESSIVE = {"I": "my", "you": "your", "he": "his", "she": "her", "it": "its", "we": "our", "they": "their"}
BE = {"present": {"I": "am", "she": "is"}, "past": {"I": "was", "she": "was"}}
MODALS = ("can", "must", "should")
SHORT = {"cannot": "can't", "will not": "won't", "I am": "I'm", "he is": "he's", "she is": "she's"}
SHORT |= {f"{verb} not": f"{verb}n't" for verb in "is are was were do does did has have".split()}
SHORT |= {f"{who} are": f"{who}'re" for who in ("you", "we", "they")}
SHORT |= {f"{who} will": f"{who}'ll" for who in ("I", "you", "he", "she")}


@dataclass(frozen=True)
class Phrase:
    """A verb in its base form, the words after it, its denial ("", "not" or "never") and duration ("for three days").

    "no medicine" in ``rest`` is a denial too; ``denied`` is empty then.
    """

    verb: str
    rest: str = ""
    denied: str = ""
    lasting: str = ""

    @property
    def tail(self) -> str:
        """The words after the verb, with the duration."""
        return f"{self.rest} {self.lasting}".strip()


@cache
def inflect(verb: str, tag: str) -> str:
    """Returns a form of a verb: VBZ "takes", VBG "taking", VBD "took", VBN "taken".

    In a verb of several words, such as "look after", the first word changes.
    """
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
    """Returns a noun with its article before it; "a" becomes "an" before a vowel sound."""
    return str(_engine().a(text)) if article in ("a", "an") else f"{article} {text}".strip()


@cache
def plural(noun: str) -> str:
    return str(_engine().plural_noun(noun))


def counted(number: str, noun: str) -> str:
    """Returns a number and its noun: "two weeks", "1 day"."""
    return f"{number} {noun if number in ('one', '1', 'half') else plural(noun)}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(items: Sequence[str], joint: str = "and") -> str:
    """Returns the items as a list in English: "a", "a and b", "a, b and c"."""
    *first, last = items
    return f"{', '.join(first)} {joint} {last}" if first else last


def _split(phrase: Phrase, person: str, tense: str, auxiliary: bool) -> tuple[str, str]:
    """Returns the auxiliary ("" if there is none) and the rest of a finite verb phrase, without its denial.

    Args:
        person: ``I``, ``she`` for the third person singular, ``they`` for the plural and for "you".
        tense: ``present``, ``past`` or ``future``. A state with a duration in the present is written as "has been".
        auxiliary: True if a question or a denial needs an auxiliary: "does take" instead of "takes".
    """
    one, verb = person == "she", phrase.verb
    if verb in MODALS:
        return verb, phrase.tail
    if tense == "future":
        return "will", f"{verb} {phrase.tail}"
    if phrase.lasting and tense == "present" and verb in ("be", "have", "need"):
        return ("has" if one else "have"), f"{inflect(verb, 'VBN')} {phrase.tail}"
    if verb == "be":
        return BE[tense].get(person, "are" if tense == "present" else "were"), phrase.tail
    if auxiliary:
        return ("did" if tense == "past" else "does" if one else "do"), f"{verb} {phrase.tail}"
    form = inflect(verb, "VBD" if tense == "past" else "VBZ") if one or tense == "past" else verb
    return "", f"{form} {phrase.tail}"


def finite(phrase: Phrase, person: str, tense: str = "present") -> str:
    """Returns a verb phrase that agrees with its subject: "does not take medicine", "has had a fever"."""
    auxiliary, rest = _split(phrase, person, tense, phrase.denied == "not")
    return _spaced(auxiliary, phrase.denied, rest).replace("can not", "cannot")


def inverted(phrase: Phrase, subject: str, person: str, tense: str = "present") -> str:
    """Returns the verb phrase of a question, with the subject inside: "does my mother need medicine"."""
    auxiliary, rest = _split(phrase, person, tense, True)
    return _spaced(auxiliary, subject, phrase.denied, rest)


def base(phrase: Phrase) -> str:
    """Returns a request: "take medicine", "do not take medicine"."""
    return _spaced({"not": "do not"}.get(phrase.denied, phrase.denied), phrase.verb, phrase.tail)


def fragment(phrase: Phrase, tense: str = "present") -> str:
    """Returns a phrase without a subject: "sick", "with a fever", "in need of medicine", "not taking medicine"."""
    if phrase.verb in MODALS or (tense == "past" and phrase.verb != "be"):
        return finite(phrase, "they", tense)
    if phrase.verb == "have":
        with_ = "" if phrase.rest.startswith("no ") else "without" if phrase.denied else "with"
        return _spaced(with_, phrase.tail)
    verb = {"be": "", "need": "in need of"}.get(phrase.verb)
    return _spaced(phrase.denied, inflect(phrase.verb, "VBG") if verb is None else verb, phrase.tail)


def gerund(phrase: Phrase) -> str:
    """Returns the form after "stop" and similar verbs: "taking medicine"."""
    return _spaced(inflect(phrase.verb, "VBG"), phrase.rest)


def _spaced(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())


def is_denied(phrase: Phrase) -> bool:
    return bool(phrase.denied) or phrase.rest.startswith("no ")


def coordinate(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Joins neighbours with the same verb: "needs medicine" and "needs money" become "needs medicine and money"."""
    joined: list[list[Phrase]] = []
    for phrase in phrases:
        before = joined[-1][-1] if joined else Phrase("")
        plain = not before.denied and not phrase.denied and not before.lasting
        apart = any(one.rest.startswith(("no ", "at ", "to ")) or not one.rest for one in (before, phrase))
        if plain and before.verb == phrase.verb and not apart:
            joined[-1].append(phrase)
        else:
            joined.append([phrase])
    return [replace(group[-1], rest=listed([phrase.rest for phrase in group])) for group in joined]


def shorten(text: str) -> str:
    """Returns the text with the contractions of everyday speech: "isn't", "I'm"."""
    for long, short in SHORT.items():
        text = f" {text} ".replace(f" {long} ", f" {short} ").strip()
    return text
