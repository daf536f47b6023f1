"""Defines the parts of the signed words before they become English: segments, clauses, predicates and nouns."""

from __future__ import annotations

from dataclasses import dataclass, field

from isl.sentence.words import Word

NOTHING = Word("", "", ("",))  # stands for a word that was not signed


class DoubtError(Exception):
    """The signs have two meanings that exclude each other, or cannot be read. The bare glosses are shown then.

    The error's text is one line that names the open point.
    """


def refuse(doubtful: object, reason: str) -> None:
    """Raise ``DoubtError`` with the ``reason`` if ``doubtful`` is true."""
    if doubtful:
        raise DoubtError(reason)


@dataclass(eq=False)
class Noun:
    """A person, a thing or a place, with its owner, its states ("clean water") and its number."""

    word: Word
    owner: Noun | None = None
    states: list[Word] = field(default_factory=list)
    number: str = ""

    def as_pronoun(self) -> Noun:
        """The pronoun for a person who was named before: "his leg"."""
        word = self.word
        return Noun(Word(word.gloss, "person", word.says, pronoun=word.pronoun, traits=("pronoun",)))


@dataclass
class Predicate:
    """A statement about the subjects of a clause.

    Attributes:
        verb: the signed verb; None for a state, and for a relation ("needs"), which comes from the noun's table entry.
        state: the state of the subjects ("sick").
        nouns: the objects of the verb, the noun of a relation, or the role of the subjects ("a teacher").
        identity: True if the nouns name the role of the subjects.
        hangs: a verb phrase that depends on the verb: "wants to eat".
        adverbs: the adverbs of the verb, in English.
        lasting: the duration, in English: "three days".
        denied: "not" or "never" if it was denied, else "".
    """

    verb: Word | None = None
    state: Word | None = None
    nouns: list[Noun] = field(default_factory=list)
    identity: bool = False
    hangs: Predicate | None = None
    adverbs: list[str] = field(default_factory=list)
    lasting: str = ""
    denied: str = ""

    @property
    def innermost(self) -> Predicate:
        """The predicate of the main action: "eat" in "wants to eat"."""
        return self.hangs.innermost if self.hangs else self


@dataclass
class Clause:
    """Subjects, their predicates in the order of the signs, and times.

    Attributes:
        subjects: the persons or things that the clause is about; empty if none was signed.
        carried: True if the subjects were named before, so that a pronoun is written for them.
        times: the time words that were signed for the clause.
        late: True if the times were signed after the predicates.
        tense: ``present``, ``past`` or ``future``.
        request: True if the clause asks the listener to do something.
        question: the question word that asks about the clause.
    """

    subjects: list[Noun] = field(default_factory=list)
    carried: bool = False
    predicates: list[Predicate] = field(default_factory=list)
    times: list[Word] = field(default_factory=list)
    late: bool = False
    tense: str = "present"
    request: bool = False
    question: Word | None = None

    @property
    def last(self) -> Predicate:
        """The last predicate; an empty one if the clause has no predicate yet."""
        return self.predicates[-1] if self.predicates else Predicate()


@dataclass
class Segment:
    """The clauses between two greetings, with the words before and after them."""

    before: list[str] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    asks: bool = False
