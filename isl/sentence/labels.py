"""Every token of a sentence with what warrants it: a gloss, a word of the context, or English grammar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from isl.sentence.files import table
from isl.sentence.words import NOUNS, Form, Lexicon, Word, is_function, tokens

AUXILIARIES = ("be", "was", "will", "do", "did")
PASSED = ("also", "both", "adverb", "negation", "time")  # what may stand between a subject and its verb
MARKS = ("comma", "semicolon", "full stop")
DETERMINERS = ("article", "mine", "some", "any", "this")
POSSESSIVES = ("my", "our", "your", "his", "her", "their", "its")


@dataclass
class Token:
    """One token, or the tokens of one gloss.

    Attributes:
        text: as it stands, lower case.
        kind: the kind of the gloss or context word; the class of the function word; ``verb`` for a relation verb,
            ``gloss verb`` for a verb that was signed; ``pronoun``; or nothing: neither the glosses nor English
            grammar give a reason for it.
        word: the gloss or the context word, if it is one.
        form: of a verb ``base``, ``s``, ``ing``, ``past`` or ``participle``; of a noun ``plural``; of a state ``noun``
            or ``adverb``.
        lemma: of a relation verb its base form, of a pronoun the person in ``function.yaml``.
        subject: who or what the sentence is speaking of here, as far as it can be told.
    """

    text: str
    kind: str = ""
    word: Word | None = None
    form: str = ""
    lemma: str = ""
    subject: tuple[Word, ...] | None = None

    @property
    def is_noun(self) -> bool:
        return self.kind in NOUNS or (self.kind == "state" and self.form == "noun")

    @property
    def is_state(self) -> bool:
        return self.kind == "state" and self.form not in ("noun", "adverb")

    @property
    def is_verb(self) -> bool:
        return self.kind in ("verb", "gloss verb")

    @property
    def category(self) -> str:
        """The class by which ``never_before`` in ``function.yaml`` knows the token, if it is no passive."""
        if self.is_verb:
            return {"s": "finite", "past": "finite", "base": "base"}.get(self.form, "")
        return "end" if self.kind == "full stop" else self.kind


def labelled(text: str, words: Sequence[Word], context: Sequence[Word], lexicon: Lexicon) -> list[Token]:
    """A sentence as tokens, the longest gloss that fits first."""
    known: dict[Form, tuple[Word, str]] = {}
    apart = [(part, word) for word in words for part in word.parts]  # "the bill of the hospital"
    whole = [(word, word) for word in (*context, *words)]  # a gloss outweighs the context, and both outweigh a part
    for part, word in (*apart, *whole):
        known |= {form: (word, name) for form, name in lexicon.forms(part).items()}
    found = list(_labelled(tokens(text), known, words))
    _tell_exclaimed(found)
    _tell_has_got(found)
    _tell_what_s_is(found)
    return found


def previous(found: Sequence[Token], at: int) -> Token | None:
    """The token before, adverbs and negations not counted."""
    rest = [token for token in found[:at] if token.kind not in PASSED]
    return rest[-1] if rest else None


def is_told(before: Token | None) -> bool:
    """Whether a verb behind ``before`` has no subject there, and so tells somebody to do it: "Doctor, do not come"."""
    return before is None or before.kind in ("comma", "semicolon", "so", "phrase")


def _labelled(text: Form, known: dict[Form, tuple[Word, str]], words: Sequence[Word]) -> Iterator[Token]:
    longest = max(map(len, known), default=0)
    at = 0
    while at < len(text):
        for length in range(min(longest, len(text) - at), 0, -1):
            piece = text[at : at + length]
            word, form = known.get(piece, (None, ""))
            if word and not word.is_pronoun and (_apart(text, at, length) or not _as_it_stands(word)):
                yield Token(" ".join(piece), "gloss verb" if word.kind == "verb" else word.kind, word, form)
                at += length
                break
        else:
            yield _function(text[at], words)
            at += 1


def _as_it_stands(word: Word) -> bool:
    """A gloss that is a function word itself, such as "is": only between commas it is the gloss."""
    return word.kind == "phrase" and all(map(is_function, tokens(word.text)))


def _apart(text: Form, at: int, length: int) -> bool:
    marks = (",", ";", ".", "?")
    return (at == 0 or text[at - 1] in marks) and (at + length == len(text) or text[at + length] in marks)


def _function(text: str, words: Sequence[Word]) -> Token:
    function = table("function")
    for person, forms in function["pronouns"].items():
        if text in forms:
            signed = next((word for word in words if word.kind == "person" and word.text.casefold() == forms[0]), None)
            return Token(text, "mine" if text in POSSESSIVES[:2] else "pronoun", signed, lemma=person)
    for label, members in function["classes"].items():
        if text in members:
            return Token(text, label)
    for base, forms in table("english")["verbs"].items():
        if text in forms:
            return Token(text, "verb", form=("base", "s", "ing", "past", "participle")[forms.index(text)], lemma=base)
    return Token(text)


def _tell_exclaimed(found: list[Token]) -> None:
    """The mark in "Hello! How are you?" ends a greeting, and no sentence."""
    greeted = True
    for token in found[:-1]:
        if token.text == "!" and greeted:
            token.kind = "comma"
        greeted = greeted and token.kind in ("phrase", "comma", "person")


def _tell_has_got(found: list[Token]) -> None:
    """ "I have got a fever" is "I have a fever"; but "has got sick" has become so."""
    for at in range(len(found) - 2, 0, -1):
        before = previous(found, at)
        if found[at].text == "got" and before and before.text in ("have", "has", "'s") and not found[at + 1].is_state:
            if before.text == "'s":
                before.kind, before.lemma, before.form = "verb", "have", "s"
            del found[at]


def _tell_what_s_is(found: list[Token]) -> None:
    """``'s`` before a noun is possession ("my mother's medicine"), else "is" ("my mother's sick") or "has".

    "My mother's taken medicine" has an object, so it speaks of the past, and so does whatever is gone.
    """
    for at, token in enumerate(found):
        if token.text != "'s" or token.kind != "possessive":
            continue
        after = at + 1
        while after < len(found) and found[after].is_state:
            after += 1
        done = found[at + 1] if at + 1 < len(found) and found[at + 1].form in ("past", "participle") else None
        of_it = found[at + 2] if done and at + 2 < len(found) else None
        if done and (done.lemma == "go" or (of_it and (of_it.is_noun or of_it.kind in DETERMINERS))):
            token.kind, token.lemma, token.form = "verb", "have", "s"
        elif after == len(found) or not found[after].is_noun:
            token.kind = "be"
