"""The relation verbs of a sentence: "needs", "gives", "is" are in no gloss, so the tables must allow them.

Every check takes a ``Reading`` and returns the reason why the sentence is refused, or None.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from isl.sentence.order import LINKED, holder_of
from isl.sentence.reading import AUXILIARIES, DETERMINERS, Reading, Token, finite, is_passive, next_is, previous
from isl.sentence.words import Word, table

ENDS = ("and", "comma", "semicolon", "full stop")
INTRANSITIVE = ("go", "come")  # "is gone" has gone
PAST_PERSONS = ("give", "take", "get", "help", "treat")  # "gives the patient medicine": the thing may come second


def relations(reading: Reading) -> str | None:
    """A relation verb must have a subject, and stand with a word whose table entry allows it."""
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        before, subject = previous(tokens, at), token.subject
        if token.kind in ("be", "was") and subject is None and not reading.asks:
            return f"“{token.text}” has no subject"
        if token.kind == "be" and at + 1 < len(tokens):
            rest = [other for other in tokens[at + 1 : at + 3] if other.kind != "negation"]
            if rest and rest[0].kind == "to":
                return f"“{token.text} to” is an order that nobody signed"
        if token.kind == "must" or (token.lemma == "have" and next_is(tokens, at, "to")):
            if not _allowed(reading, at, "need"):
                return f"“{token.text}” asks for something that the glosses don't"
            continue
        if token.kind != "verb":
            continue
        passive = is_passive(tokens, at)
        alone = passive and before and before.kind == "be" and not any(other.text == "by" for other in tokens[at:])
        if alone and token.lemma not in ("need", "require"):
            return f"“{token.text}” by whom?"
        if passive and token.lemma in INTRANSITIVE:
            return f"“{token.text}” speaks of the past"
        if token.form == "participle" and not passive:
            return f"“{token.text}” speaks of the past"
        if token.form == "ing" and (token.lemma == "have" or not before or before.kind not in ("be", "was")):
            return f"“{token.text}” is no relation"  # "is having a baby" is not "has a baby"
        if at + 1 < len(tokens) and tokens[at + 1].kind in ENDS and not passive and not reading.asks:
            return f"“{token.text}” what?"
        if finite(tokens, at) and tokens[at - 1].is_state and not any(other.kind == "relative" for other in tokens):
            return f"“{tokens[at - 1].text} {token.text}” is no English"
        if finite(tokens, at) and not _has_subject(token):
            return f"“{token.text}” has no subject that could do so"
        if not _allowed(reading, at, token.lemma, passive):
            return f"no gloss allows “{token.text}” here"
    return None


def _has_subject(token: Token) -> bool:
    """ "Give medicine" is an order that nobody signed, and a bill needs nothing."""
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


def directions(reading: Reading) -> str | None:
    """One is in, at or goes to a place; only a thing is from one. And a person is not "of", "by" or "for" anything."""
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        if token.kind != "preposition" or at == 0:
            continue
        noun = next((other for other in tokens[at + 1 :] if not other.is_state and other.kind not in DETERMINERS), None)
        before = tokens[at - 1]
        away = before.kind in ("thing", "symptom") or before.text == "need"
        if noun and noun.kind == "place" and token.text not in ("in", "at") and not away:
            return f"“{before.text} {token.text} the {noun.text}” is a way that nobody signed"
        person = any(word.kind == "person" for word in before.subject or ())
        about = noun.kind if noun and token.text != "in" else ""
        with_ = token.text == "with" and about != "thing"
        if before.kind in AUXILIARIES and person and about in ("thing", "person", "pronoun") and not with_:
            return f"“{before.text} {token.text}” is no relation"
    return None


def orders(reading: Reading) -> str | None:
    """Nothing is told to do what a person does, and no thing does it."""
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        if token.kind != "gloss verb" or token.word is None:
            continue
        ends = at + 1 < len(tokens) and tokens[at + 1].kind in ENDS and not reading.asks
        if token.word.takes and ends and at > 0 and tokens[at - 1].kind == "preposition":
            return f"“{token.text}” of what?"
        if not finite(tokens, at):
            continue
        before, subject = previous(tokens, at), token.subject
        listed = tokens[at + 1 :] if token.form == "base" else ()  # "I am warm, see and sit"
        done = any(other.kind == "gloss verb" and other.form == "base" for other in tokens[:at])
        done |= any(
            mark.kind == "and" and (verb.is_verb or verb.kind in AUXILIARIES) for mark, verb in pairwise(listed)
        )
        told = before is None or before.kind in ("semicolon", "so", "phrase") or (before.kind == "comma" and not done)
        signed = [(doer, at) for at in reading.places(token.word) for doer in holder_of(reading.words, at)]
        doers = [reading.words[doer] for doer, place in signed if doer < place]
        if token.word.takes and (before is None or before.kind in ("comma", "semicolon")) and token.form == "base":
            continue  # set beside: "my brother has a fever; need"
        if (
            token.form == "base"
            and told
            and not (reading.asks or reading.requests)
            and any(word.pronoun != "you" for word in doers)
        ):
            return f"“{token.text}” is an order that nobody signed"
        if subject and not told and not _has_subject(token) and token.word.by != "any":
            return f"“{token.text}” has no subject that could do so"
        if token.form == "s" and not subject and not reading.asks:
            return f"“{token.text}” has no subject"
        if token.word.takes and ends:
            return f"“{token.text}” what?"
    return None


def _object(tokens: Sequence[Token], at: int) -> Word | None:
    """What a verb does it with: "gives the patient medicine", or nothing."""
    for token in tokens[at + 1 :]:
        if token.kind in (*ENDS, "preposition", "to"):
            return None
        if token.kind in LINKED:
            return token.word
    return None


def causes(reading: Reading) -> str | None:
    """No sign says why somebody is sick: "sick from the medicine" is refused, "sick with a headache" is no reason.

    What comes after "so" may be what somebody needs or does about it, not what somebody is or has.
    """
    follows = False
    for at, token in enumerate(reading.tokens):
        follows = token.kind == "so" or (follows and token.kind not in ("comma", "semicolon"))
        deed = token.kind == "gloss verb" and token.word and token.word.text not in table("english")["verbs"]
        has = token.lemma in ("have", "feel", "suffer") and not next_is(reading.tokens, at, "to")
        if follows and (token.kind in ("state", "symptom", "unknown") or deed or has):
            return f"“so ... {token.text}” gives a reason that nobody signed"
        if token.kind in ("state", "symptom") and next_is(reading.tokens, at, "preposition"):
            preposition = reading.tokens[at + 1].text
            after = next((other for other in reading.tokens[at + 2 :] if other.word), None)
            harmless = after is None or after.kind in ("symptom", "unknown") or after.word in reading.context
            if token.kind == "symptom" and preposition == "of" and after and after.kind == "person":
                continue  # "the pain of my mother"
            if preposition in ("of", "from", "by") or (preposition == "with" and not harmless):
                return f"“{token.text} {preposition}” gives a reason that nobody signed"
    return None
