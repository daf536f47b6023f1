"""What is denied: the word before the negation, and no more than that.

Every check takes a ``Reading`` and returns the reason why the sentence is refused, or None. ``order.py`` puts a
negation behind what it denies.
"""

from __future__ import annotations

from isl.sentence.labels import AUXILIARIES, POSSESSIVES, Token, is_told, previous
from isl.sentence.order import CONTENT, LINKED, before, holder_of, state_of
from isl.sentence.reading import Reading, next_is
from isl.sentence.words import Word

JOINTS = ("comma", "semicolon", "and")
REFUSING = ("want", "give", "pay", "need", "require")  # who does not need medicine is told to take none
DENIABLE = ("person", *LINKED, "state", "gloss verb", "pronoun", "unknown")
SHARED = (*LINKED, "state", "gloss verb")  # what "not" goes on to deny: "has no fever and no cough"


def negations(reading: Reading) -> str | None:
    """A negation must deny what was signed just before it, and all that was denied is denied in the sentence."""
    tokens = reading.tokens
    found = [at for at, token in enumerate(tokens) if token.kind == "negation"]
    signed = [at for at, word in enumerate(reading.words) if word.kind == "negation"]
    if len(found) > len(signed):
        return "more is denied than was signed"
    signed.sort(key=lambda place: _denied(reading, place) is None)  # those that tell, first
    meant = [word for place in signed if (word := _denied(reading, place))]
    said: list[Word] = []
    for at in found:
        match = next((place for place in signed if _denies(reading, at, place)), None)
        if match is None:
            return "what is denied is not what was signed so"
        signed.remove(match)
        denied = _denied(reading, match)
        if denied is None:
            continue
        shared = _shared(reading, at)
        more = next((token for token in shared if token.word not in meant), None)
        if more:
            return f"“{tokens[at].text}” denies “{more.text}” as well"
        said += [denied, *(token.word for token in shared if token.word)]
    for word in meant:
        affirmed = sum(token.word == word for token in tokens) - said.count(word)
        if word not in said or (not word.is_pronoun and affirmed > reading.words.count(word) - meant.count(word)):
            return f"“{word.text}” is said, and was denied"
    return None


def scope(reading: Reading) -> str | None:
    """A denial is no prohibition ("do not take it"), no advice ("need not") and no refusal; "any" needs one."""
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        denied = _under_negation(tokens, at)
        if token.kind == "any" and not denied:
            return f"“{token.text}” is not what was signed"
        if token.kind == "this" and next_is(tokens, at, "be") and denied:
            return f"“{token.text}” is nothing that was signed"  # "this is not medicine": there is none
        obliged = token.lemma == "have" and next_is(tokens, at, "to")
        if denied and (obliged or token.lemma in REFUSING):
            return f"“not” and “{token.text}” forbid or refuse, which nobody signed"
        if token.kind == "do" and not reading.asks and not reading.requests and is_told(previous(tokens, at)):
            return f"“{token.text} not” is an order that nobody signed"
    return None


def _denied(reading: Reading, place: int) -> Word | None:
    """The word that the negation at word ``place`` denies, if there is one."""
    denied = before(reading.words, place)
    return reading.words[denied] if denied >= 0 and reading.words[denied].kind in CONTENT else None


def _denies(reading: Reading, at: int, place: int) -> bool:
    """Whether the negation at token ``at`` denies what the one at word ``place`` denied."""
    tokens, denied = reading.tokens, _denied(reading, place)
    if (tokens[at].text == "never") != (reading.words[place].text == "never"):
        return False
    if denied is None:  # "No, ..."
        beside = (*tokens[max(at - 1, 0) : at], *tokens[at + 1 : at + 2])
        return all(token.kind in (*JOINTS, "full stop", "phrase") for token in beside)
    owner = () if denied.is_pronoun else POSSESSIVES
    end = next((place for place in range(at + 1, len(tokens)) if tokens[place].kind in JOINTS), len(tokens))
    following = [
        token
        for place, token in enumerate(tokens[at + 1 : end], at + 1)
        if token.word in reading.words and token.kind in DENIABLE and token.text not in owner
        if not next_is(tokens, place, "possessive")
    ]
    if reading.asks and not tokens[at - 1].is_noun:  # "why doesn't the baby eat"
        following = [token for token in following if token.word not in (tokens[at].subject or ())] or following
    if not following or not _of_the_same(reading, at, place):
        return False
    if following[0].kind != "gloss verb":  # "not the cheap city" denies what it begins with, or its noun
        following = [following[0], *[token for token in following if not token.is_state][:1]]
    words = [*(token.word for token in following), *(tokens[at].subject or ())]
    return any(word and (word == denied or denied in word.parts) for word in words)


def _of_the_same(reading: Reading, at: int, place: int) -> bool:
    """Whether a word that was signed of several is denied of the one of whom it was denied."""
    words, signed = reading.words, before(reading.words, place)
    if words.count(words[signed]) < 2:
        return True
    meant = state_of(words, signed) if words[signed].kind == "state" else holder_of(words, signed)
    subject = reading.tokens[at].subject or ()
    near = [token.word for token in reading.tokens[:at] if token.word and token.kind == "person"][-1:]
    persons = [word for word in subject if word.kind == "person"] or near  # "my mother; no medicine"
    return not (persons and meant) or bool(set(persons) & {words[other] for other in meant})


def _shared(reading: Reading, at: int) -> list[Token]:
    """What "not" goes on to deny, since it is joined without a verb of its own: "not sick and weak"."""
    tokens, shared = reading.tokens, list[Token]()
    joined = False
    for after in range(at + 1, len(tokens)):
        token = tokens[after]
        if token.kind in ("semicolon", "negation", "so") or token.text == "but":
            break
        joined = joined or token.kind in ("and", "comma") or token.text == "with"
        says = token.kind in AUXILIARIES or (token.is_verb and token.form in ("s", "past"))
        subject = token.kind in ("person", "pronoun", "unknown")
        if joined and (says or subject):
            break
        if joined and token.kind in SHARED:
            shared.append(token)
    return shared


def _under_negation(tokens: list[Token], at: int) -> bool:
    """Whether a negation stands in the same part of the sentence."""
    start = end = at
    while start > 0 and tokens[start - 1].kind not in JOINTS:
        start -= 1
    while end < len(tokens) and tokens[end].kind not in JOINTS:
        end += 1
    return any(token.kind == "negation" for token in tokens[start:end])
