"""Defines the parts of what was signed: segments, clauses, predicates and nouns, before they are English."""

from __future__ import annotations

from dataclasses import dataclass, field

from isl.sentence.words import Word

NOTHING = Word("", "", ("",))  # stands where no word was signed


class DoubtError(Exception):
    """The signs leave open two things that exclude each other, or cannot be read: then the glosses are shown.

    Its text is one line that says what is open.
    """


def refuse(doubtful: object, reason: str) -> None:
    """Raise ``DoubtError`` where something is in doubt."""
    if doubtful:
        raise DoubtError(reason)


@dataclass(eq=False)
class Noun:
    """A person, a thing or a place: whose it is, how it is ("clean water") and how many there are."""

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
    """Something said of the subjects of a clause.

    Attributes:
        verb: the verb that was signed; None for a state, and for a relation ("needs"), which its noun brings along.
        state: how the subjects are.
        nouns: objects of the verb, the noun of a relation, or what the subjects are ("a teacher").
        identity: whether the nouns are what the subjects are.
        hangs: a verb phrase that hangs on the verb: "wants to eat".
        adverbs: how a verb is done, as English.
        lasting: for how long, as English: "three days".
        denied: "not" or "never" where it was denied.
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
        """The deed itself: "eat" of "wants to eat"."""
        return self.hangs.innermost if self.hangs else self


@dataclass
class Clause:
    """Who, what is said of them in the order of the signs, and when.

    Attributes:
        subjects: empty where nobody was signed; ``carried`` where they were named before, so that a pronoun does.
        times: the time words that were signed for it; ``late`` where they came behind what is said.
        tense: ``present``, ``past`` or ``future``.
        request: whether whoever is spoken to is asked to do it.
        question: the question word that asks about it.
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
        """The last predicate; an empty one where nothing is said yet."""
        return self.predicates[-1] if self.predicates else Predicate()


@dataclass
class Segment:
    """The clauses between two greetings, and what is said before and behind them."""

    before: list[str] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    asks: bool = False
