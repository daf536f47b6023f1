"""What is done beyond the signs: orders, ways and reasons that nobody signed.

Every check takes a ``Reading`` and returns the reason why the sentence is refused, or None.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, takewhile

from isl.sentence.files import table
from isl.sentence.labels import AUXILIARIES, DETERMINERS, Token, is_told, previous
from isl.sentence.order import holder_of
from isl.sentence.reading import Reading, finite, next_is
from isl.sentence.relations import ENDS, has_subject


def deeds(reading: Reading) -> str | None:
    """A verb that was signed is done by somebody who can, and nobody is told to do it, unless a "please" was signed."""
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        if token.kind != "gloss verb" or token.word is None:
            continue
        ends = at + 1 < len(tokens) and tokens[at + 1].kind in ENDS and not reading.asks
        if token.word.takes and ends and at > 0 and tokens[at - 1].kind == "preposition":
            return f"“{token.text}” of what?"  # "is in need"
        before = previous(tokens, at)
        beside = before is None or before.kind in ("comma", "semicolon")
        if not finite(tokens, at) or (token.word.takes and beside and token.form == "base"):
            continue  # set beside: "my brother has a fever; need"
        told = _is_told(reading, at)
        if told and (_is_done(reading, token) or _has_object(tokens, at)) and not (reading.asks or reading.requests):
            return f"“{token.text}” is an order that nobody signed"
        if told and reading.requests and any(other.kind == "possessive" for other in tokens[at:]):
            return f"“{token.text}” makes an owner of who is asked"  # "please take my mother's medicine"
        if token.subject and not told and not has_subject(token) and token.word.by != "any":
            return f"“{token.text}” has no subject that could do so"
        if token.form == "s" and not token.subject and not reading.asks:
            return f"“{token.text}” has no subject"
        if token.word.takes and ends:
            return f"“{token.text}” what?"
    return None


def _is_told(reading: Reading, at: int) -> bool:
    """Whether a verb is an order: it has no subject before it, and is not one of a list ("I am warm, see and sit")."""
    tokens, before = reading.tokens, previous(reading.tokens, at)
    bases = [other.kind == "gloss verb" and other.form == "base" for other in tokens]
    joined = any(
        mark.kind == "and" and (verb.is_verb or verb.kind in AUXILIARIES) for mark, verb in pairwise(tokens[at + 1 :])
    )
    listed = not bases[at] or any(bases[:at]) or joined
    return is_told(before) and not (listed and before is not None and before.kind == "comma")


def _has_object(tokens: Sequence[Token], at: int) -> bool:
    """Whether a verb in its base form has an object or a place: "take medicine"; "drink" by itself is the gloss."""
    verb = tokens[at]
    order = verb.form == "base" and not (verb.word and verb.word.takes)
    return order and any(token.is_noun for token in takewhile(lambda token: token.kind not in ENDS, tokens[at + 1 :]))


def _is_done(reading: Reading, verb: Token) -> bool:
    """Whether somebody but "you" was signed before a verb as the one who does it."""
    if verb.form != "base" or verb.word is None:
        return False
    signed = [(doer, at) for at in reading.places(verb.word) for doer in holder_of(reading.words, at)]
    return any(reading.words[doer].pronoun != "you" for doer, at in signed if doer < at)


def directions(reading: Reading) -> str | None:
    """One is in, at or goes to a place; only a thing is from one, but no money is paid to one or got from there.

    And a person is not "of", "by" or "for" anything.
    """
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        if at and token.text in ("from", "to") and _is_paid(tokens[:at]):
            return f"“{tokens[at - 1].text} {token.text}” is a way that nobody signed"
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


def _is_paid(tokens: Sequence[Token]) -> bool:
    """Whether a sentence so far ends in money that changes hands, without a sign for it: "pays money"."""
    thing, verb = tokens[-1], next((token for token in reversed(tokens) if token.is_verb), None)
    money = thing.kind == "thing" and thing.word is not None and thing.word.allows("pay")
    return money and verb is not None and verb.lemma in ("get", "give", "pay")


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
