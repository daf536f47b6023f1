"""Writes English word forms: verbs with lemminflect, articles and plurals with inflect, and joins them to phrases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

OBJECT = {"I": "me", "he": "him", "she": "her", "we": "us", "they": "them"}
POSSESSIVE = {"I": "my", "you": "your", "he": "his", "she": "her", "it": "its", "we": "our", "they": "their"}
BE = {"present": {"I": "am", "she": "is", "they": "are"}, "past": {"I": "was", "she": "was", "they": "were"}}
MODALS = ("can", "must", "should")
SHORT = {"cannot": "can't", "will not": "won't", "I am": "I'm", "he is": "he's", "she is": "she's"}
SHORT |= {f"{verb} not": f"{verb}n't" for verb in "is are was were do does did has have".split()}
SHORT |= {f"{who} are": f"{who}'re" for who in ("you", "we", "they")}
SHORT |= {f"{who} will": f"{who}'ll" for who in ("I", "you", "he", "she")}


@dataclass(frozen=True)
class Phrase:
    """A verb in its base form, the words after it, its denial ("", "not", "never"), its duration ("for three days")."""

    verb: str
    rest: str = ""
    denied: str = ""
    lasting: str = ""

    @property
    def tail(self) -> str:
        """The words after the verb, with the duration."""
        return f"{self.rest} {self.lasting}".strip()

    @property
    def is_denied(self) -> bool:
        return bool(self.denied) or self.rest.startswith("no ")


@cache
def inflect(verb: str, tag: str) -> str:
    """Returns a form of a verb: VBZ "takes", VBG "taking", VBD "took", VBN "taken"; "looks after" of "look after"."""
    from lemminflect import getInflection

    first, _, rest = verb.partition(" ")
    return f"{[*getInflection(first, tag=tag), first][0]} {rest}".strip()


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
    return noun if noun.endswith("children") else str(_engine().plural_noun(noun))


def counted(number: str, noun: str) -> str:
    """Returns a number and its noun: "two weeks", "1 day"."""
    return f"{number} {noun if number in ('one', '1', 'half') else plural(noun)}"


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def spaced(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())


def listed(items: Sequence[str], joint: str = "and") -> str:
    """Returns the items as a list in English: "a", "a and b", "a, b and c"; of no items, nothing."""
    return f"{', '.join(items[:-1])} {joint} {items[-1]}" if items[1:] else "".join(items)


def conjugate(phrase: Phrase, person: str, tense: str = "present", subject: str = "", ask: bool = False) -> str:
    """Returns a verb phrase that agrees with its subject: "does not take medicine", "has had a fever".

    Args:
        person: ``I``, ``she`` for the third person singular, ``they`` for the plural and for "you".
        tense: ``present``, ``past`` or ``future``. A state with a duration in the present is written as "has been".
        subject, ask: for a question, whose subject stands behind the auxiliary: "does my mother need medicine".
    """
    one, verb, auxiliary = person == "she", phrase.verb, ""
    if verb in MODALS:
        auxiliary, verb = verb, ""
    elif tense == "future":
        auxiliary = "will"
    elif (
        phrase.lasting
        and tense == "present"
        and (phrase.denied or verb in ("be", "have", "need") or phrase.lasting.startswith("since"))
    ):
        auxiliary, verb = "has" if one else "have", inflect(verb, "VBN")
    elif verb == "be":
        auxiliary, verb = BE[tense][person], ""
    elif ask or phrase.denied == "not":
        auxiliary = "did" if tense == "past" else "does" if one else "do"
    elif one or tense == "past":
        verb = inflect(verb, "VBD" if tense == "past" else "VBZ")
    text = spaced(auxiliary, subject, phrase.denied, verb, phrase.tail)
    return text if ask else text.replace("can not", "cannot")


def base(phrase: Phrase) -> str:
    """Returns a request: "take medicine", "do not take medicine"."""
    return spaced({"not": "do not"}.get(phrase.denied, phrase.denied), phrase.verb, phrase.tail)


def fragment(phrase: Phrase, tense: str = "present") -> str:
    """Returns a phrase without a subject: "sick", "a fever", "in need of medicine", "not taking medicine"."""
    if phrase.verb in (*MODALS, "want") or (tense == "past" and phrase.verb != "be"):
        return conjugate(phrase, "they", tense)
    if phrase.verb == "have":
        return spaced("without" if phrase.denied else "", phrase.tail)
    verb = {"be": "", "need": "in need of"}.get(phrase.verb)
    return spaced(phrase.denied, inflect(phrase.verb, "VBG") if verb is None else verb, phrase.tail)


def coordinate(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Joins neighbours with the same verb: "needs medicine" and "needs money" become "needs medicine and money"."""
    joined: list[list[Phrase]] = []
    for phrase in phrases:
        before = joined[-1][-1] if joined else Phrase("")
        apart = any(one.rest.startswith(("no ", "at ", "to ")) or not one.rest for one in (before, phrase))
        same = before.verb == phrase.verb and not (apart or before.denied or phrase.denied or before.lasting)
        joined[len(joined) - same :] = [[*(joined[-1] if same else ()), phrase]]
    return [replace(group[-1], rest=listed([phrase.rest for phrase in group])) for group in joined]


def shorten(text: str) -> str:
    """Returns the text with the contractions of everyday speech: "isn't", "I'm"."""
    for long, short in SHORT.items():
        text = f" {text} ".replace(f" {long} ", f" {short} ").strip()
    return text
