"""What the order of the signs says: of whom a state was signed, and whose a thing or a deed may be.

Indian Sign Language sets the topic first and says of it what follows, so the last person before a sign is the one
that it is about. Places are indices into the signed words.
"""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.words import Word

LINKED = ("thing", "place", "symptom")
STOPS = ("negation", "phrase")  # "Brother, Thankyou, Medicine, Girl": what comes after may be about the next person


def negations_behind(words: Sequence[Word]) -> list[Word]:
    """A negation that was signed where English has it, put where Indian Sign Language has it: behind what it denies.

    "Father, Not, sick" is what a learner signs for "Father, sick, Not": nobody denies a father and then is sick. It
    goes behind a state, and behind verbs that end the sentence; of what else it may deny something else.
    """
    ordered, moved = list(words), -1  # the place of the last negation that was moved: "Not, sick, Not, weak"
    for at in range(1, len(ordered) - 1):
        if ordered[at].kind != "negation" or (ordered[at - 1].kind != "person" and moved != at - 1):
            continue
        verbs = ordered[at + 1 :] if all(word.kind == "verb" for word in ordered[at + 1 :]) else []
        denied = verbs or ([ordered[at + 1]] if ordered[at + 1].kind == "state" else [])
        if denied:
            moved = at + len(denied)
            ordered[at : moved + 1] = [*denied, ordered[at]]
    return ordered


def state_of(words: Sequence[Word], at: int) -> list[int]:
    """The places of those of whom the state at place ``at`` may have been signed, the likeliest first."""
    state = words[at]
    nouns = [place for place, word in enumerate(words) if word.kind in ("person", *LINKED, "unknown")]
    before, after = [place for place in nouns if place < at], [place for place in nouns if place > at]
    persons = [place for place in before if words[place].kind == "person"]
    fitting = [place for place in before if words[place].kind != "unknown" and state.fits(words[place])]
    found = [*persons[-1:], *before[-1:], *fitting[-1:], *[place for place in before if words[place].kind == "unknown"]]
    start = at
    while start > 0 and words[start - 1].kind == "state":
        start -= 1
    while start > 0 and words[start - 1].kind != "state":
        start -= 1
    found += [place for place in fitting if place >= start and words[place].kind != "person"]  # "Medicine, Bill, High"
    if persons and words[persons[-1]].helper:  # "Patient, Doctor, sick": the patient, who needs the doctor
        found += [place for place in persons if not words[place].helper][-1:]
    if persons and not words[persons[-1]].relative:  # "I, Patient, sick": I am the patient
        found += [place for place in in_a_row(words, persons[-1]) if words[place].is_pronoun]
    first = next((word for word in words if word.kind in ("state", "person", *LINKED)), None)
    if not persons or _stopped(words, persons[-1], at) or (first and first.kind == "state"):
        found += [*after[:1], *[place for place in after if words[place].kind == "person"][:1]]
    if state.of == "thing" and after[:1] == [at + 1] and words[at + 1].kind in LINKED:
        found.append(at + 1)
    return found


def holder_of(words: Sequence[Word], at: int) -> list[int]:
    """The places of the persons whose thing, symptom or deed the word at place ``at`` may be."""
    persons = [place for place, word in enumerate(words) if word.kind == "person"]
    before = [place for place in persons if place < at]
    after = [person for place in persons if place > at for person in in_a_row(words, place)]
    if not before:
        return after
    near = in_a_row(words, before[-1])
    if all(words[place].helper for place in near) and near[-1:] > before[:1]:
        others = [place for place in before if place < near[-1]]
        near += in_a_row(words, others[-1]) if others else []
    return near + (after if _stopped(words, before[-1], at) else [])


def in_a_row(words: Sequence[Word], at: int) -> list[int]:
    """The places of the persons that were signed in a row with the one at ``at``, which is the last of them."""
    found = []
    while at >= 0 and (words[at].kind not in (*LINKED, "state", "verb", "negation") or words[at].of == "thing"):
        found += [at] if words[at].kind == "person" else []
        at -= 1
    return found


def _stopped(words: Sequence[Word], start: int, end: int) -> bool:
    return any(word.kind in STOPS or word.own for word in words[start:end])
