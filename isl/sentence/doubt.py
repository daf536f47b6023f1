"""What the signs leave open between two things that exclude each other: then the bare glosses stand, and no sentence.

Every function takes the words in the order of ``order.negations_behind``.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from isl.sentence.order import SAID, acted_on, before, frames, in_a_row, is_addressed, persons_in
from isl.sentence.words import Word


def doubt(words: Sequence[Word]) -> str | None:
    """Why no sentence can be trusted to say what was signed, in one line, or None where one can."""
    return next((reason for doubted, reason in DOUBTS if doubted(words)), None)


def _answers_or_denies(words: Sequence[Word]) -> bool:
    """Whether nobody can tell if a "no" answers somebody or denies what comes after it: "No, Medicine, Take"."""
    first = next((word for word in words if word.kind not in ("phrase", "time", "adverb")), None)
    said = any(word.kind in SAID for word in words)
    no = first is not None and first.kind == "negation" and first.text == "no"
    return no and said and not any(word.kind == "person" for word in words)


def _denies_across_times(words: Sequence[Word]) -> bool:
    """Whether a negation reaches back to another time: "Morning, Medicine, Take, Night, Not"."""
    framed = frames(words)
    denials = [(before(words, at), at) for at, word in enumerate(words) if word.kind == "negation"]
    return any(denied >= 0 and framed[denied] != framed[at] for denied, at in denials)


def _mixes_tenses(words: Sequence[Word]) -> bool:
    """Whether two times stand together that can't be one: "Today, Not, Yesterday, sick"."""
    return any(len({time.tense for time in frame.times if time.tense}) > 1 for frame in frames(words))


def _state_of_a_sense(words: Sequence[Word]) -> bool:
    """Whether a state may be said of the hearing rather than of who hears: "Child, Hearing, Weak"."""
    return any({one.kind, two.kind} == {"state"} and (one.sense or two.sense) for one, two in pairwise(words))


def _time_or_conjunction(words: Sequence[Word]) -> bool:
    """Whether "before" may say what comes first, rather than when: "Medicine, Take, Before, Eat"."""
    deeds = any(word.kind in ("verb", "thing", "unknown") for word in words)
    return deeds and any(word.joins for word in words)


def _hurts_whom(words: Sequence[Word]) -> bool:
    """Whether one of two persons hurts, or is hurt: "Husband, I, Hurt"; a doctor elsewhere is needed."""
    unsure = [at for at, word in enumerate(words) if word.object == "unsure"]
    persons = [at for at in persons_in(words) if not words[at].helper or at + 1 in unsure]
    return bool(unsure) and len(persons) > 1


def _calls_or_tells(words: Sequence[Word]) -> bool:
    """Whether a doctor may be called by somebody who is ill, or be ill himself: "Doctor, Fever"."""
    first = next((word for word in words if word.kind != "time"), None)
    ill = any(word.kind == "symptom" or (word.kind == "state" and word.of != "thing") for word in words)
    return first is not None and first.helper and ill and {word for word in words if word.kind == "person"} == {first}


def _whose_relative(words: Sequence[Word]) -> bool:
    """Whether a relative may be that of the person right before: "Boy, Mother, sick"."""
    for at, (owner, relative) in enumerate(pairwise(words), 1):
        other = owner.kind == "person" and not (owner.relative or owner.is_pronoun or owner.helper)
        if other and relative.relative and not is_addressed(words, at - 1) and not acted_on(relative, words[at + 1 :]):
            return True
    return False


def _does_or_undergoes(words: Sequence[Word]) -> bool:
    """Whether somebody does what one asks for, or it is done to him: "Police, Call"; but "please" asks for it.

    So it is with a doctor who is not the first of several: "I, Doctor, Help".
    """
    if any("verb" in word.asks for word in words if word.kind == "phrase"):
        return False
    for at, verb in enumerate(words):
        wanted = any(word.takes == "verb" for word in words[max(at - 1, 0) : at + 2])  # "Mother, Help, Need"
        persons = persons_in(words)
        earlier = [place for place in persons if place < at]
        last = (earlier or persons)[-1:]
        if not verb.asked or wanted or not last or words[last[0]].is_pronoun or (earlier and at + 1 in persons):
            continue
        alone = len(persons if verb.object == "receiver" else in_a_row(words, last[0])) == 1
        if alone or (words[last[0]].helper and verb.text in words[last[0]].does):
            return True
    return False


DOUBTS = (
    (_answers_or_denies, "“no” may answer somebody or deny what comes after it"),
    (_denies_across_times, "what was so at one time is denied at another"),
    (_mixes_tenses, "which of the times holds was not signed"),
    (_hurts_whom, "who hurts whom was not signed"),
    (_calls_or_tells, "whether the doctor is called or spoken of was not signed"),
    (_whose_relative, "whose relative that is was not signed"),
    (_does_or_undergoes, "who does that and to whom was not signed"),
    (_state_of_a_sense, "whether somebody or the hearing is so was not signed"),
    (_time_or_conjunction, "what comes before what was not signed"),
)
