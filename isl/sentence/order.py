"""What the order of the signs says: what was denied, when, of whom a state was signed, and whose a thing or a deed is.

Indian Sign Language sets the topic first and says of it what follows, so the last person before a sign is the one
that it is about. Places are indices into the signed words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile, pairwise, takewhile

from isl.sentence.words import Word

LINKED = ("thing", "place", "symptom")
SAID = (*LINKED, "state", "verb")  # what is said of a topic
CONTENT = ("person", *SAID, "unknown")  # what can be denied
STOPS = ("negation", "phrase")  # "Brother, Thankyou, Medicine, Girl": what comes after may be about the next person


def negations_behind(words: Sequence[Word]) -> list[Word]:
    """A negation that was signed where English has it, put where Indian Sign Language has it: behind what it denies.

    "Father, Not, sick" is what a learner signs for "Father, sick, Not": nobody denies a father and then is sick; nor
    the medicine of "Father, Medicine, Not, Take". A "not" before which nothing was signed denies what comes after it,
    but a "no" there answers somebody.
    """
    ordered = list(words)
    at = 0
    while at < len(ordered) - 1:
        word, moved = ordered[at], at
        if word.kind == "negation":
            moved = at + _learners(ordered, at)
            ordered[at : moved + 1] = [*ordered[at + 1 : moved + 1], word]
        at = moved + 1
    return ordered


def _learners(words: Sequence[Word], at: int) -> int:
    """How many of the words behind a negation are those that it denies: none where it stands behind them already."""
    preceding = before(words, at)
    kind = words[preceding].kind if preceding >= 0 else ""
    after = words[at + 1 :]
    verbs = list(takewhile(lambda word: word.kind == "verb", after))
    if kind in ("thing", "place"):
        return len(verbs) if len(verbs) == len(after) or not any(verb.to == "to" for verb in verbs) else 0
    if kind == "negation" and any(word.kind in CONTENT for word in words[:preceding]):  # "sick, Not, Not, weak"
        kind = "person"
    first = kind not in (*CONTENT, "negation") and words[at].text != "no"
    if kind == "person" or first:
        if after[0].kind in ("thing", "place"):
            return 1 + len(list(takewhile(lambda word: word.kind == "verb", after[1:])))
        return len(verbs) or int(after[0].kind in ("symptom", "state") or (first and after[0].kind in CONTENT))
    return 0


@dataclass(frozen=True)
class Frame:
    """The times that hold for a stretch of words, and their tense."""

    times: tuple[Word, ...] = ()
    tense: str = ""


def frames(words: Sequence[Word]) -> list[Frame]:
    """The frame of every word: a time is for what was signed behind it, until the next; one at the end is for the last.

    Of what comes before a time, only the persons right before it are in its frame: "Mother, Yesterday, sick".
    """
    starts, said, start = [0], False, 0  # where the frames begin; whether something is said since; the topic's place
    for at, word in enumerate(words):
        frame = words[starts[-1] : at]
        if word.kind == "time" and _goes_on(words[at:], frame) and (said or opens_anew(frame, word)):
            starts.append(start if said else at)
            said = False
        elif word.kind in SAID:
            said, start = True, at + 1
        elif word.kind not in ("person", "time"):
            start = at + 1
    found: list[Frame] = []
    tense = ""
    for begin, end in pairwise([*starts, len(words)]):
        times = tuple(word for word in words[begin:end] if word.kind == "time")
        tense = next((time.tense for time in times if time.tense), tense)
        found += [Frame(times, tense)] * (end - begin)
    return found


def _goes_on(words: Sequence[Word], frame: Sequence[Word]) -> bool:
    """Whether something is said from a time on; of a second time in a frame a bare negation says enough."""
    second = any(word.kind == "time" for word in frame)
    return any(word.kind in CONTENT or (second and word.kind == "negation") for word in words)


def opens_anew(words: Sequence[Word], time: Word) -> bool:
    """Whether a time behind an earlier one and a person is another: "Monday, Doctor, Tuesday".

    It is not where it only says more of it: "Tomorrow, Doctor, Morning".
    """
    since = list(dropwhile(lambda word: word.kind != "time", words))
    earlier = [word for word in since if word.kind == "time"]
    named = any(word.kind == "person" for word in since)
    return named and all(bool(word.tense) == bool(time.tense) for word in earlier)


def before(words: Sequence[Word], at: int) -> int:
    """The place of the word before the one at ``at``, times and adverbs not counted; -1 where there is none."""
    at -= 1
    while at >= 0 and words[at].kind in ("time", "adverb"):
        at -= 1
    return at


def state_of(words: Sequence[Word], at: int) -> list[int]:
    """The places of those of whom the state at place ``at`` may have been signed, the likeliest first."""
    state = words[at]
    others = [place for place, word in enumerate(words) if word.kind in (*LINKED, "unknown")]
    nouns = sorted(persons_in(words) + others)
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


def owns_next(words: Sequence[Word], at: int) -> bool:
    """Whether the pronoun at ``at`` says whose the person after it is: "I, Mother, sick"; but not "I, Mother, Help"."""
    after = words[at + 1] if at + 1 < len(words) else None
    if after is None or after.kind != "person" or not (after.relative or after.own):
        return False
    return words[at].is_pronoun and not acted_on(after, words[at + 2 :])


def acted_on(person: Word, ahead: Sequence[Word]) -> bool:
    """Whether a verb is done to a person who was signed just before ``ahead``: "Doctor, Patient, Help".

    It is not where it has a thing for its object ("Patient, Medicine, Need"), nor where it is one itself: help, in
    "Patient, Help, Need".
    """
    passed = list(takewhile(lambda word: word.kind not in ("person", "state", "verb"), ahead))
    verb, *after = ahead[len(passed) : len(passed) + 2] or [person]
    if verb.kind != "verb" or (verb.noun and after and after[0].takes):
        return False
    things = any(word.kind in ("thing", "symptom") for word in passed)
    return verb.turns_to(person) and (not things or verb.object == "receiver")


def is_addressed(words: Sequence[Word], at: int) -> bool:
    """Whether somebody is only spoken to: between a greeting and a pronoun or a name, "Hello, Teacher, I, Deaf".

    So is a doctor behind a greeting where nobody else could be meant and nobody does anything: "Hello, Doctor, Fever".
    """
    greeted = at > 0 and words[at - 1].kind == "phrase" and not words[at - 1].lead
    if words[at].kind != "person" or words[at].is_pronoun or not greeted:
        return False
    speaks = any(word.text in ("I", "you", "we") or word.lead for word in words[at + 1 : at + 2])
    alone = words[at].helper and not any(word.kind == "person" for word in (*words[:at], *words[at + 1 :]))
    kinds = {word.kind for word in words}
    return speaks or (alone and "verb" not in kinds and bool(kinds & {*LINKED, "state"}))


def persons_in(words: Sequence[Word]) -> list[int]:
    """The places of the persons of whom something can be said: no owners, and nobody who is only spoken to."""
    persons = [place for place, word in enumerate(words) if word.kind == "person"]
    return [place for place in persons if not owns_next(words, place) and not is_addressed(words, place)]


def holder_of(words: Sequence[Word], at: int) -> list[int]:
    """The places of the persons whose thing, symptom or deed the word at place ``at`` may be."""
    persons = persons_in(words)
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
    found, persons = [], persons_in(words)
    while at >= 0 and (words[at].kind not in (*LINKED, "state", "verb", "negation") or words[at].of == "thing"):
        found += [at] if at in persons else []
        at -= 1
    return found


def _stopped(words: Sequence[Word], start: int, end: int) -> bool:
    return any(word.kind in STOPS or (word.own and word.kind == "thing") for word in words[start:end])
