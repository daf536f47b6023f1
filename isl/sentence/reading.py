"""A sentence read against its glosses: every token with what warrants it, every verb with its subject.

This is no parser of English. It reads the plain declarative sentences and questions that a handful of glosses give,
and where it can't, the guard refuses: a sentence that is not understood is a sentence that can't be trusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from isl.sentence.words import NOUNS, Form, Lexicon, Word, is_function, table, tokens

AUXILIARIES = ("be", "was", "will", "must", "do", "did")
PASSED = ("also", "both", "adverb", "negation", "time")  # what may stand between a subject and its verb
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
        form: of a verb ``base``, ``s``, ``ing``, ``past`` or ``participle``; of a noun ``plural``; of a state ``noun``.
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
        return self.kind == "state" and self.form != "noun"

    @property
    def is_verb(self) -> bool:
        return self.kind in ("verb", "gloss verb")

    @property
    def category(self) -> str:
        """The class by which ``never_before`` in ``function.yaml`` knows the token, if it is no passive."""
        if self.is_verb:
            return {"s": "finite", "past": "finite", "base": "base"}.get(self.form, "")
        return "end" if self.kind == "full stop" else self.kind


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
    """A sentence as tokens, the longest gloss that fits first, with the subjects of its verbs."""
    known: dict[Form, tuple[Word, str]] = {}
    apart = [(part, word) for word in words for part in word.parts]  # "the bill of the hospital"
    whole = [(word, word) for word in (*context, *words)]  # a gloss outweighs the context, and both outweigh a part
    for part, word in (*apart, *whole):
        known |= {form: (word, name) for form, name in lexicon.forms(part).items()}
    found = list(_labelled(tokens(text), known, words))
    _tell_exclaimed(found)
    _tell_has_got(found)
    _tell_what_s_is(found)
    _subjects(found)
    return found


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


def finite(found: Sequence[Token], at: int) -> bool:
    """Whether this token is a verb that says something of a subject, rather than one that hangs on another verb."""
    token, before = found[at], previous(found, at)
    if token.kind in AUXILIARIES:
        return True
    if not token.is_verb or token.form not in ("base", "s", "past"):
        return False
    if before and before.kind in ("be", "was", "to", "will", "must", "do", "did", "preposition"):
        return False  # "needs to go", "is needed", "in need of"
    asked = any(
        other.kind in ("do", "did") and (place == 0 or any(asking.kind == "question" for asking in found[:place]))
        for place, other in enumerate(found[:at])
    )
    return not (token.form == "base" and asked)  # "why does my mother need"


def previous(found: Sequence[Token], at: int) -> Token | None:
    """The token before, adverbs and negations not counted."""
    rest = [token for token in found[:at] if token.kind not in PASSED]
    return rest[-1] if rest else None


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
    plural |= verb.kind in ("will", "must", "was", "did") or verb.form == "past"
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
        if before.kind == "possessive" and start > 1:
            start -= 2
        elif (
            before.is_state
            or before.kind in DETERMINERS
            or before.text in POSSESSIVES
            or (
                before.kind in ("thing", "place") and start == head  # "the hospital bill"
            )
        ):
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
