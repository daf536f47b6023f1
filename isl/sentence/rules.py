"""Writes sentences with rules: all variants of the grammar; the first one is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from isl.sentence.choices import Choices, enumerate_texts
from isl.sentence.clauses import NOUNS, DoubtError, Noun, Predicate, Segment, refuse
from isl.sentence.english import inflect, listed, plural, spaced
from isl.sentence.patterns import DOUBTS
from isl.sentence.phrases import noun_text
from isl.sentence.segments import parse
from isl.sentence.words import Lexicon, Word
from isl.sentence.writing import write_segments

UNSPLIT = [DOUBTS[name] for name in ("denied", "whose", "time", "helper")]
NEGATORS = re.compile(r"\b(?:not|no|never|cannot|without)\b|n't\b")
UNSAID = "a sign has no place in the sentence"
MOST = 50  # variants of one list of glosses


@dataclass(frozen=True)
class Sentence:
    """A sentence with the glosses that it was written from.

    Attributes:
        text: the English sentence; empty if there were no glosses.
        glosses: the glosses as they were recognised. Always show them beside the text.
        source: the writer that chose the sentence: ``rules``, or the name of a language model.
        note: one line for the user, such as the reason why the language model is not used; or None.
    """

    text: str
    glosses: tuple[str, ...]
    source: str = "rules"
    note: str | None = None


class Rules:
    """Writes glosses as sentences, with the grammar and the word tables of this package.

    Args:
        words: the user's own words: a mapping, or the path of a YAML file (see ``isl/sentence/words.py``).
    """

    def __init__(self, words: Mapping[str, Any] | str | Path | None = None) -> None:
        self.lexicon = Lexicon(words)

    def start(self) -> None: ...  # nothing has to be loaded

    def wait(self, seconds: float | None = None) -> bool:
        return True

    def write(self, glosses: Sequence[str], context: Sequence[str] = ()) -> Sentence:
        """Returns the first variant. ``context``: symptoms that the user picked from a list instead of signing."""
        return Sentence(self.variants(glosses, context, 1)[0], tuple(glosses))

    draft = write

    def variants(self, glosses: Sequence[str], context: Sequence[str] = (), most: int = MOST) -> list[str]:
        """Returns at most ``most`` sentences that the glosses allow, the plainest first.

        If the glosses cannot be read or leave a doubt, returns only the bare glosses.
        """
        words = self.lexicon.words(glosses)
        symptoms = [word for word in self.lexicon.words(context) if word.text not in [one.text for one in words]]
        try:
            segments = read(words)
            rest = add_context(segments, symptoms)
            texts = enumerate_texts(lambda choose: _whole(segments, rest, choose), most)
            return [text for text in texts if keeps(text, words)]
        except DoubtError:
            bare = "; ".join(word.gloss for word in words)
            return [". ".join(filter(None, (bare, _symptoms(symptoms, Choices()))))]

    def doubt(self, glosses: Sequence[str]) -> str | None:
        """Returns the open point of the glosses in one line, or None if they make a sentence."""
        try:
            read(self.lexicon.words(glosses))
        except DoubtError as doubt:
            return str(doubt)
        return None


def read(words: Sequence[Word]) -> list[Segment]:
    """Returns the segments of the words; where they leave a doubt, those of two parts that can be read alone.

    The first part must state something of one subject by signs alone, without a relation such as "needs".
    """
    try:
        refuse(not keeps(write_segments(segments := parse(words), Choices()), words), UNSAID)
        return segments
    except DoubtError as doubt:
        cuts = range(len(words) - 1, 1, -1) if str(doubt) not in UNSPLIT else ()
        for at in cuts:
            try:
                first, second = parse(words[:at]), parse(words[at:])
                refuse(not keeps(write_segments([*first, *second], Choices()), words), UNSAID)
            except DoubtError:
                continue
            complete = all(one.predicates or one.subjects for one in second[0].clauses)
            if complete and _is_signed(first, words[:at], words[at:]):
                return [*first, *second]
        raise


def keeps(text: str, words: Sequence[Word]) -> bool:
    """Returns True if a text mentions each sign, denies as often as the signs do, and asks only if they ask."""
    shown, asks = text.casefold(), any(word.kind == "question" or word.has("asks") for word in words)
    denied = sum(word.kind == "negation" or len(NEGATORS.findall(word.text.casefold())) for word in words)
    named = (word for word in words if word.kind not in ("negation", "question"))
    silent = ("pronoun", "please", "since")
    spoken = all(any(form in shown for form in forms(word)) for word in named if not set(silent) & set(word.traits))
    odd = any("?" in word.text for word in words)
    return spoken and len(NEGATORS.findall(shown)) == denied and (odd or ("?" in shown) == asks)


@cache
def forms(word: Word) -> list[str]:
    """Returns the beginnings of a word's English forms: "fall" and "fell"."""
    bases = [re.sub("^(?:on|in|at)(?: the)? ", "", text.casefold()) for text in (*word.says, word.adverb) if text]
    other = [inflect(base, tag) for base in bases for tag in ("VBD", "VBN", "VBZ") if word.kind == "verb"]
    other += [plural(base) for base in bases if word.kind == "person"]
    other += ["there is", "there was", "there will be"] * (word.text == "have")
    return [one[: max(3, len(one) - 2)] for one in (*bases, *other)]


def _is_signed(segments: Sequence[Segment], words: Sequence[Word], rest: Sequence[Word]) -> bool:
    """Returns True if the segments only state what was signed of one subject, and no further sign can be about it."""
    clauses = [clause for segment in segments for clause in segment.clauses]
    predicates = [one for clause in clauses for one in clause.predicates]
    relations = [one for one in predicates if one.identity or (one.is_relation and one.nouns[0].kind != "symptom")]
    partial = any(not (one.subjects and one.predicates) or one.request for one in clauses)
    odd = [one for one in (*words, *rest) if one.has("modal") or one.has("please") or one.has("quotes")]
    odd += [one for one in words if one.has("asked")]
    odd += [one for one in rest[-1:] if one.takes and not one.has("wants")]
    spoken = any(one.slot("person") in ("to", "with") for one in rest if one.kind == "verb")
    odd += [one for one in rest if one.kind == "person" and spoken]  # "Parents, Deaf, Doctor, Talk": who talks?
    kinds = [one.kind for one in words]
    state = clauses[-1].last.state
    either = state and not state.has("ill") and "any" in state.of and rest[0].kind in NOUNS  # "Mother, dry, Money"
    either = either or (state and clauses[-1].only.has("helper") and rest[0].kind == "person")
    late = "person" in kinds and "verb" in kinds[: kinds.index("person")]  # "Blood, Need, Brother": of whom is it said?
    if relations or partial or odd or either or late or kinds.count("person") > 1 or any(one.asks for one in segments):
        return False
    return rest[0].kind != ("state" if state and clauses[-1].about == "person" else "verb")


def add_context(segments: Sequence[Segment], symptoms: Sequence[Word]) -> Sequence[Word]:
    """Add picked symptoms to the clause of the only person. Returns the symptoms that need a sentence of their own."""
    clauses = [clause for segment in segments for clause in segment.clauses]
    persons = {noun.word for clause in clauses for noun in clause.subjects}
    if not symptoms or len(persons) != 1:
        return symptoms
    clause, (word,) = clauses[-1], persons
    if word.has("helper"):
        if len(clauses) == 1 and not clause.predicates and not clause.question:  # the doctor is spoken to
            segments[-1].before.append(word.text)
            clause.subjects = []
        return symptoms
    denied = any(one.denied or one.identity for one in clause.predicates)
    if word.kind != "person" or clause.question or clause.request or clause.times or denied:
        return symptoms
    for symptom in sorted(symptoms, key=lambda symptom: symptom.kind != "state"):
        state = symptom.kind == "state"
        clause.predicates.append(Predicate(state=symptom) if state else Predicate(nouns=[Noun(symptom)]))
    return []


def _whole(segments: Sequence[Segment], symptoms: Sequence[Word], choose: Choices) -> str:
    """Returns the text of the segments and, behind it, a sentence of symptoms."""
    text, more = write_segments(segments, choose), _symptoms(symptoms, choose)
    if text.endswith(".") and more and all(not (one.subjects or one.predicates) for one in segments[-1].clauses):
        return f"{text[:-1]}, {more[:1].lower()}{more[1:]}"  # "Hello, doctor, the symptom is a headache."
    return spaced(text, more)


def _symptoms(symptoms: Sequence[Word], choose: Choices) -> str:
    named = [
        f"{re.sub('y$', 'i', one.text)}ness" if one.kind == "state" else noun_text(Noun(one), choose, "object")
        for one in symptoms
    ]  # the noun of a state is "tiredness" for "tired"
    return f"The symptom{'s are' if len(named) > 1 else ' is'} {listed(named)}." if named else ""
