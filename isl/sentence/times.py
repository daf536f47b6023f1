"""When it is: a past or a future needs a sign for it, and holds for what was signed with it.

Every check takes a ``Reading`` and returns the reason why the sentence is refused, or None.
"""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.labels import Token, previous
from isl.sentence.order import SAID, Frame, frames
from isl.sentence.reading import Reading, finite, is_passive, noun_start
from isl.sentence.words import Word


def tense(reading: Reading) -> str | None:
    """Without a time that was signed, the sentence is in the present, and what it says is so, not wished or planned."""
    found, tenses = reading.tokens, {word.tense for word in reading.words}
    for at, token in enumerate(found):
        before, two = previous(found, at), found[at + 1 : at + 3]
        if is_past(found, at) and "past" not in tenses:
            return f"“{token.text}” speaks of the past"
        if is_future(found, at) and "future" not in tenses:
            return f"“{token.text}” speaks of the future"
        wished = token.kind == "to_be" and two and not (before and before.kind == "will")
        if wished and not reading.asks and two[0].kind != "preposition" and two[0].form not in ("past", "participle"):
            return f"“{two[0].text}” is only wished for"  # "needs to be healthy" says the opposite
    return None


def durations(reading: Reading) -> str | None:
    """A time is no date ("by tomorrow"), and how long something is was not signed ("for a week", "this month")."""
    found = reading.tokens
    for at, token in enumerate(found):
        measure = token.word is not None and token.word.measure
        start = noun_start(found, at) if measure else at
        shifted = start > 0 and found[start - 1].kind == "preposition"
        dated = any(other.kind == "this" for other in found[start:at])
        if (shifted and (measure or token.kind == "time")) or dated:
            return f"“{found[at - 1].text} {token.text}” is a time that nobody signed"
    return None


def is_past(found: Sequence[Token], at: int) -> bool:
    """Whether a token speaks of the past: "was", "took", "has taken"; but not "is needed"."""
    token = found[at]
    if token.kind in ("was", "did"):
        return True
    if token.form in ("past", "participle"):
        before = previous(found, at)
        return not is_passive(found, at) and (token.form == "past" or bool(before and before.lemma == "have"))
    return False


def is_future(found: Sequence[Token], at: int) -> bool:
    """Whether a token speaks of the future: "will", "is going to take"."""
    token, two = found[at], found[at + 1 : at + 3]
    going = token.text == "going" and len(two) == 2 and two[0].kind == "to" and two[1].is_verb
    return token.kind == "will" or going


def times(reading: Reading) -> str | None:
    """What is said of a time must have been signed in its frame, and be in its tense."""
    if not reading.signed("time"):
        return None
    found, framed = reading.tokens, frames(reading.words)
    told: dict[Frame, set[Word]] = {}
    for part in _parts(found):
        said, when = _content(reading, part), {word for at in part if (word := found[at].word) and word.kind == "time"}
        if not said and not when:
            continue
        text = " ".join(found[at].text for at in part)
        fitting = [frame for frame in dict.fromkeys(framed) if when <= set(frame.times)]
        fitting = [f for f in fitting if all(f in [framed[at] for at in reading.places(word)] for word in said)]
        if not fitting:
            return f"“{text}” mixes times"
        fitting = [frame for frame in fitting if _fits(found, part, frame.tense)]
        if not fitting:
            return f"“{text}” is not of that time"
        for frame in fitting:
            told.setdefault(frame, set()).update(when)
    untold = next((time for frame in told for time in frame.times if time not in told[frame]), None)
    return f"“{untold.text}” is said of something else" if untold else None


def _content(reading: Reading, part: Sequence[int]) -> list[Word]:
    """What is said in a part; an unknown word that stands beside it is bound to no time."""
    known = [word for at in part if (word := reading.tokens[at].word) and word in reading.words]
    told = [word for word in known if word.kind in (*SAID, "negation")]
    return told or [word for word in known if word.kind == "unknown"]


def _fits(found: Sequence[Token], part: Sequence[int], tense: str) -> bool:
    """Whether every verb of a part is in a tense: of tomorrow the present may speak as well."""
    past = any(is_past(found, at) for at in part)
    future = any(is_future(found, at) for at in part)
    present = any(finite(found, at) and not is_past(found, at) and found[at].kind != "will" for at in part)
    return not {"past": present or future, "future": past}.get(tense, past or future)


def _parts(found: Sequence[Token]) -> list[list[int]]:
    """A sentence cut into what has a verb of its own, with its time and its subject, as places of tokens.

    What has none belongs to the part before it, unless it is only a time or a subject for what comes.
    """
    parts: list[list[int]] = []
    for stretch in _cut(found, range(len(found)), ("semicolon", "full stop")):
        here: list[list[int]] = []
        waiting: list[int] = []
        for piece in _cut(found, stretch, ("and", "so", "comma")):
            says = any(found[at].kind in (*SAID, "gloss verb", "unknown") for at in piece)
            if any(finite(found, at) for at in piece) or (says and not here):
                here.append(waiting + piece)
            elif says:
                here[-1] += waiting + piece
            waiting = [] if here and here[-1][-1:] == piece[-1:] else waiting + piece
        parts += [*here[:-1], [*here[-1], *waiting]] if here else [waiting]
    return parts


def _cut(found: Sequence[Token], places: Sequence[int], marks: Sequence[str]) -> list[list[int]]:
    """The places between marks."""
    pieces: list[list[int]] = [[]]
    for at in places:
        if found[at].kind in marks:
            pieces.append([])
        else:
            pieces[-1].append(at)
    return [piece for piece in pieces if piece]
