"""A sentence read against its glosses: every token with what warrants it, every verb with its subject.

This is no parser of English. It reads the plain declarative sentences and questions that a handful of glosses give,
and where it can't, the guard refuses: a sentence that is not understood is a sentence that can't be trusted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isl.sentence.labels import AUXILIARIES, DETERMINERS, PASSED, POSSESSIVES, Token, labelled, previous
from isl.sentence.words import Lexicon, Word


@dataclass(frozen=True)
class Reading:
    """A sentence, the words that were signed, the words of the context, and the sentence's tokens."""

    text: str
    words: list[Word]
    context: list[Word]
    tokens: list[Token]
    lexicon: Lexicon

    @property
    def asks(self) -> bool:
        return self.text.rstrip().endswith("?")

    @property
    def requests(self) -> bool:
        """Whether a "please" was signed, which asks for what a verb says."""
        return any("verb" in word.asks for word in self.signed("phrase"))

    def signed(self, kind: str) -> list[Word]:
        return [word for word in self.words if word.kind == kind]

    def places(self, word: Word) -> list[int]:
        """Where a word was signed; behind all others where it was not."""
        return [at for at, other in enumerate(self.words) if other == word] or [len(self.words)]


def read(text: str, words: Sequence[Word], context: Sequence[Word], lexicon: Lexicon) -> list[Token]:
    """A sentence as tokens, with the subjects of its verbs."""
    found = labelled(text, words, context, lexicon)
    _subjects(found)
    return found


def finite(found: Sequence[Token], at: int) -> bool:
    """Whether this token is a verb that says something of a subject, rather than one that hangs on another verb."""
    token, before = found[at], previous(found, at)
    if token.kind in AUXILIARIES:
        return True
    if not token.is_verb or token.form not in ("base", "s", "past"):
        return False
    if before and before.kind in ("be", "was", "to", "will", "do", "did", "preposition"):
        return False  # "needs to go", "is needed", "in need of"
    asked = any(
        other.kind in ("do", "did") and (place == 0 or any(asking.kind == "question" for asking in found[:place]))
        for place, other in enumerate(found[:at])
    )
    return not (token.form == "base" and asked)  # "why does my mother need"


def next_is(found: Sequence[Token], at: int, kind: str) -> bool:
    return at + 1 < len(found) and found[at + 1].kind == kind


def _subjects(found: list[Token]) -> None:
    current: tuple[Word, ...] | None = None
    for at, token in enumerate(found):
        if token.kind == "semicolon":
            current = None
        elif finite(found, at):
            group = _before(found, at)
            before = previous(found, at)
            asks = found[-1].text == "?" and not token.is_verb and (before is None or before.kind == "question")
            if group is None and asks:  # "where is the hospital"
                group = _behind(found, at) or None
            current = current if group is None else group
        token.subject = current


def is_passive(found: Sequence[Token], at: int) -> bool:
    """Whether a verb is one that is done to its subject: "is needed", "to be taken"."""
    before = previous(found, at)
    if found[at].form not in ("past", "participle") or before is None:
        return False
    first = next((token for token in found if token.is_verb or token.kind in AUXILIARIES), None)
    asked = first is not None and found[-1].text == "?" and first.kind in ("be", "was")  # "why is the boy helped"
    return before.kind in ("be", "was", "to_be") or (asked and before.is_noun)


def _behind(found: Sequence[Token], at: int) -> tuple[Word, ...]:
    """The nouns behind the verb of a question, up to what is asked of them."""
    group: list[Word] = []
    for after, token in enumerate(found[at + 1 :], at + 1):
        asked = token.is_state and group and not (after + 1 < len(found) and found[after + 1].is_noun)
        if token.is_verb or token.kind == "semicolon" or asked:
            break
        if token.word and (token.is_noun or token.kind == "pronoun") and token.text not in POSSESSIVES:
            group.append(token.word)
    return tuple(group)


def _before(found: Sequence[Token], at: int) -> tuple[Word, ...] | None:
    """The nouns right before a verb that are its subject; None where the verb goes on with the last one."""
    verb, head = found[at], at - 1
    while head >= 0 and found[head].kind in PASSED:
        head -= 1
    if head > 0 and found[head].kind in ("relative", "this") and found[head - 1].kind == "comma":
        head -= 2  # "my mother, who is sick"
    elif head > 0 and found[head].kind == "relative":
        head -= 1
    if head < 0:
        return None
    token = found[head]
    if token.kind in ("this", "there") or (token.kind == "pronoun" and token.lemma == "it"):
        return ()
    if token.kind == "pronoun":
        group, start = meant(found, head), head
    elif token.is_noun and token.word:
        group, start = (token.word,), noun_start(found, head)
    else:
        return None
    if start > 0 and found[start - 1].kind == "preposition":  # "the patient in the hospital is sick"
        return _before(found, start - 1) if found[start - 2].is_noun and start > 1 else None
    plural = verb.text in ("are", "were", "do") or verb.form == "base"
    plural |= verb.kind in ("will", "was", "did") or verb.form == "past"
    joins: tuple[str, ...] = ("and",) if plural else ()
    while start > 1 and found[start - 1].kind in joins:
        oxford = found[start - 1].kind == "and" and found[start - 2].kind == "comma" and start > 2
        head = start - 3 if oxford else start - 2
        other = found[head]
        if other.word is None or not (other.is_noun or other.kind == "pronoun"):
            break
        group, start = (other.word, *group), noun_start(found, head)
        joins = ("and", "comma")  # "mother, you are sick" is no list
    return group


def noun_start(found: Sequence[Token], head: int) -> int:
    """Where the noun phrase begins whose last word is at ``head``."""
    start = head
    while start > 0:
        before = found[start - 1]
        describes = before.is_state or before.kind in DETERMINERS or before.text in POSSESSIVES
        if before.kind == "possessive" and start > 1:
            start -= 2
        elif describes or (before.kind in ("thing", "place") and start == head):  # "the hospital bill"
            start -= 1
        elif before.kind == "and" and found[start].is_state and start > 1 and found[start - 2].is_state:
            start -= 2  # "the cold and dry hospital"
        else:
            break
    return start


def meant(found: Sequence[Token], at: int) -> tuple[Word, ...]:
    """For whom a pronoun stands: who was signed by it, else whoever was last spoken of and agrees with it."""
    token = found[at]
    if token.word:
        return (token.word,)
    persons = [other.word for other in found[:at] if other.word and other.kind in ("person", "unknown")]
    agreeing = [word for word in persons if word.pronoun in (token.lemma, "they") or token.lemma == "they"]
    return tuple(agreeing[-1:])
