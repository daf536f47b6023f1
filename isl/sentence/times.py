"""When it is: a past or a future needs a sign for it, and holds for what was signed with it.

Every check takes a ``Reading`` and returns the reason why the sentence is refused, or None.
"""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.labels import Token, previous
from isl.sentence.order import CONTENT, LINKED, Frame, frames
from isl.sentence.reading import Reading, finite, is_passive
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
    signed = [word for word in reading.words if word.kind == "time"]
    framed = frames(reading.words)
    told: dict[Frame, set[Word]] = {}
    for part in _parts(reading.tokens) if signed else ():
        said, when = _content(reading, part), {token.word for token in part if token.word and token.kind == "time"}
        fitting = [
            frame
            for frame in dict.fromkeys(framed)
            if when <= set(frame.times) and all(frame in [framed[at] for at in reading.places(word)] for word in said)
        ]
        if (said or when) and not fitting:
            return f"“{' '.join(token.text for token in part)}” mixes times"
        fitting = [frame for frame in fitting if _fits(reading.tokens, part, frame.tense)]
        if (said or when) and not fitting:
            return f"“{' '.join(token.text for token in part)}” is not of that time"
        for frame in fitting:
            told.setdefault(frame, set()).update(when)
    untold = next((time for frame in told for time in frame.times if time not in told[frame]), None)
    return f"“{untold.text}” is said of something else" if untold else None


def _content(reading: Reading, part: Sequence[Token]) -> list[Word]:
    """What is said in a part; an unknown word that stands beside it is bound to no time."""
    known = [token.word for token in part if token.word and token.word in reading.words]
    told = [word for word in known if word.kind in (*LINKED, "state", "verb", "negation")]
    return told or [word for word in known if word.kind == "unknown"]


def _fits(found: Sequence[Token], part: Sequence[Token], tense: str) -> bool:
    """Whether every verb of a part is in a tense: of tomorrow the present may speak as well."""
    verbs = [at for at, token in enumerate(found) if any(token is other for other in part)]
    past = any(is_past(found, at) for at in verbs)
    future = any(is_future(found, at) for at in verbs)
    present = any(finite(found, at) and not is_past(found, at) and found[at].kind != "will" for at in verbs)
    return not {"past": present or future, "future": past}.get(tense, past or future)


def _parts(found: Sequence[Token]) -> list[list[Token]]:
    """A sentence cut into what has a verb of its own, with its time and its subject.

    What has none belongs to the part before it, unless it is only a time or a subject for what comes.
    """
    parts: list[list[Token]] = [[]]
    waiting: list[Token] = []
    piece: list[Token] = []
    opened = True
    for at, token in enumerate(found):
        ends = token.kind in ("and", "so", "comma", "semicolon", "full stop")
        piece += [] if ends else [token]
        if not ends:
            continue
        places = range(at - len(piece), at)
        if any(finite(found, place) for place in places):
            parts, opened = (
                [*parts, waiting + piece] if not opened else [*parts[:-1], parts[-1] + waiting + piece],
                False,
            )
            waiting = []
        elif any(other.kind in (*CONTENT, "gloss verb") and other.kind != "person" for other in piece):
            parts[-1] += waiting + piece
            waiting = []
        else:
            waiting = waiting + piece
        piece = []
        if token.kind in ("semicolon", "full stop"):
            parts[-1] += waiting
            parts.append([])
            waiting, opened = [], True
    return parts
