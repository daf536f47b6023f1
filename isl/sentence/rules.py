"""Writes sentences with rules: all variants of the grammar; the first one is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isl.sentence.choices import Choices, enumerate_texts
from isl.sentence.clauses import Clause, DoubtError, Noun, Predicate, Segment
from isl.sentence.english import listed
from isl.sentence.grammar import parse
from isl.sentence.phrases import noun_text
from isl.sentence.words import Lexicon, Word
from isl.sentence.writing import write_segments

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
        if not words and not symptoms:
            return [""]
        try:
            segments = parse(words) if words else []
            rest = add_context(segments, symptoms)
            return list(enumerate_texts(lambda choose: _whole(segments, rest, choose), most))
        except DoubtError:
            bare = "; ".join(word.gloss for word in words)
            return [". ".join(filter(None, (bare, _symptoms(symptoms, Choices()))))]

    def doubt(self, glosses: Sequence[str]) -> str | None:
        """Returns the open point of the glosses in one line, or None if they make a sentence."""
        words = self.lexicon.words(glosses)
        try:
            if words:
                write_segments(parse(words), Choices())
        except DoubtError as doubt:
            return str(doubt)
        return None


def add_context(segments: Sequence[Segment], symptoms: Sequence[Word]) -> list[Word]:
    """Add picked symptoms to the clause of the only person. Returns the symptoms that need a sentence of their own."""
    clauses = [clause for segment in segments for clause in segment.clauses]
    persons = {noun.word for clause in clauses for noun in clause.subjects}
    clause = clauses[-1] if clauses else Clause()
    denied = any(one.denied or one.identity for one in clause.predicates)
    ill = len(persons) == 1 and not clause.question and not clause.request and not denied and not clause.times
    word = next(iter(persons), Word(""))
    if symptoms and len(clauses) == 1 and word.has("helper") and not clause.predicates and not clause.question:
        segments[-1].before.append(word.text)
        clause.subjects = []
    if not symptoms or not ill or word.kind != "person" or word.has("helper"):
        return list(symptoms)
    for symptom in sorted(symptoms, key=lambda symptom: symptom.kind != "state"):
        state = symptom.kind == "state"
        clause.predicates.append(Predicate(state=symptom) if state else Predicate(nouns=[Noun(symptom)]))
    return []


def _whole(segments: Sequence[Segment], symptoms: Sequence[Word], choose: Choices) -> str:
    text = write_segments(segments, choose) if segments else ""
    more = _symptoms(symptoms, choose)
    if text and more and all(not (one.subjects or one.predicates) for one in segments[-1].clauses):
        return f"{text[:-1]}, {more[:1].lower()}{more[1:]}"  # "Hello, doctor, the symptom is a headache."
    return " ".join(filter(None, (text, more)))


def _symptoms(symptoms: Sequence[Word], choose: Choices) -> str:
    """Returns a sentence of picked symptoms without a person: "The symptoms are a headache and dizziness." """
    if not symptoms:
        return ""
    named = [noun_text(Noun(one), choose, "object") if one.kind != "state" else _quality(one) for one in symptoms]
    return f"The symptom{'s are' if len(named) > 1 else ' is'} {listed(named)}."


def _quality(state: Word) -> str:
    """Returns the noun of a state: "tiredness" for "tired"."""
    return f"{state.text.removesuffix('y')}{'i' if state.text.endswith('y') else ''}ness"
