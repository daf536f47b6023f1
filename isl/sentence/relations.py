"""The relation verbs of a sentence: "needs", "gives", "is" are in no gloss, so the tables must allow them.

Every check takes a ``Reading`` and returns the reason why the sentence is refused, or None.
"""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.labels import Token, previous
from isl.sentence.order import LINKED, state_of
from isl.sentence.reading import Reading, finite, is_passive, next_is
from isl.sentence.words import Word

ENDS = ("and", "comma", "semicolon", "full stop")
INTRANSITIVE = ("go", "come")  # "is gone" has gone
LASTING = ("need", "require")  # "is needed" goes on
PAST_PERSONS = ("give", "take", "get", "help", "treat")  # "gives the patient medicine": the thing may come second


def relations(reading: Reading) -> str | None:
    """A relation verb must have a subject, and stand with a word whose table entry allows it."""
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        before, subject = previous(tokens, at), token.subject
        if token.kind in ("be", "was") and subject is None and not reading.asks:
            return f"“{token.text}” has no subject"
        rest = [other.kind for other in tokens[at + 1 : at + 3] if other.kind != "negation"]
        if token.kind == "be" and rest[:1] == ["to"]:
            return f"“{token.text} to” is an order that nobody signed"
        if token.lemma == "have" and next_is(tokens, at, "to"):
            if not _allowed(reading, at, "need"):
                return f"“{token.text}” asks for something that the glosses don't"
            continue
        if token.kind != "verb":
            continue
        passive = is_passive(tokens, at)
        alone = passive and before and before.kind == "be" and not any(other.text == "by" for other in tokens[at:])
        if alone and token.lemma not in LASTING:
            return f"“{token.text}” by whom?"  # "the bill is paid" has been paid
        if token.form == "participle" and (not passive or token.lemma in INTRANSITIVE):
            return f"“{token.text}” speaks of the past"
        if token.form == "ing" and (token.lemma == "have" or not before or before.kind not in ("be", "was")):
            return f"“{token.text}” is no relation"  # "is having a baby" is not "has a baby"
        if at + 1 < len(tokens) and tokens[at + 1].kind in ENDS and not passive and not reading.asks:
            return f"“{token.text}” what?"
        if finite(tokens, at) and tokens[at - 1].is_state and not any(other.kind == "relative" for other in tokens):
            return f"“{tokens[at - 1].text} {token.text}” is no English"
        if finite(tokens, at) and not has_subject(token):
            return f"“{token.text}” has no subject that could do so"
        if not _allowed(reading, at, token.lemma, passive):
            return f"no gloss allows “{token.text}” here"
    return None


def dead(reading: Reading) -> str | None:
    """Who is dead needs, has and does nothing."""
    words = reading.words
    denied = [at - 1 for at, word in enumerate(words) if word.kind == "negation"]
    ends = [at for at, word in enumerate(words) if word.ends and at not in denied]
    ended = {words[meant] for at in ends for meant in state_of(words, at)[:1]}
    told = [token for token in reading.tokens if token.is_verb and ended & set(token.subject or ())]
    return f"“{told[0].text}” is said of the dead" if told else None


def has_subject(token: Token) -> bool:
    """Whether a verb has a subject that could do so and that agrees with it: a bill needs nothing."""
    subject = token.subject
    if not subject or all(word.kind in ("thing", "symptom") for word in subject):
        return False
    one = len(subject) == 1 and subject[0].agrees == "she" and subject[0].kind != "unknown"
    return token.form != "base" or not one


def _allowed(reading: Reading, at: int, verb: str, passive: bool = False) -> bool:
    """Whether the tables allow a verb with what stands behind it, or its doer with whom it turns to."""
    tokens, subject = reading.tokens, reading.tokens[at].subject or ()
    if passive:
        behind = [token.word for token in tokens[at + 1 :] if token.word]
        doers, places = ([word for word in behind if word.kind == kind] for kind in ("person", "place"))
        return any(word.allows(verb) for word in (*subject, *places)) or any(verb in word.does for word in doers[:1])
    following = [token for token in tokens[at + 1 :] if token.word and token.kind not in ("adverb", "time", "negation")]
    if reading.asks and not following and any(word.allows(verb) for word in reading.words):
        return True  # "what does my mother need"
    receives = any(token.kind in ("person", "pronoun") for token in following)
    if verb == "give" and not receives and not any(verb in word.does for word in subject):
        return False
    for token in following:
        if verb == "have" and token.kind == "person" and len(subject) > 1:
            return False  # "my father and my mother have a son": whose child a person is has nobody signed
        if token.word and token.word.allows(verb):
            return True
        if token.kind in ("person", "pronoun"):
            if any(verb in word.does for word in subject):
                thing = _object(tokens, at)
                return thing is None or thing.allows(verb)
            if verb not in PAST_PERSONS:
                return False
        elif not token.is_state or token is following[-1]:
            return False
    return False


def _object(tokens: Sequence[Token], at: int) -> Word | None:
    """What a verb does it with: "gives the patient medicine", or nothing."""
    for token in tokens[at + 1 :]:
        if token.kind in (*ENDS, "preposition", "to"):
            return None
        if token.kind in LINKED:
            return token.word
    return None
