"""What a sentence is made of, before it is English: nouns, what is said of them, and what stands around."""

from __future__ import annotations

from dataclasses import dataclass, field

from isl.sentence.words import Word


@dataclass(eq=False)
class Noun:
    """A person, a thing or a place, the states that describe it ("the high bill"), and whose it is ("your name")."""

    word: Word
    states: list[Word] = field(default_factory=list)
    owner: Noun | None = None


@dataclass
class Predicate:
    """What is said of a clause's subjects.

    Attributes:
        verb: the verb that was signed; None for a state ("is sick"), and for a relation ("needs"), which the nouns
            bring with them.
        states: what the subjects are.
        nouns: the objects of the verb, or the nouns of a relation, or what the subjects are ("a teacher").
        second: a verb that hangs on the first ("wants to eat").
        adverbs: how the verb is done ("speaks slowly").
        identity: whether the nouns are what the subjects are, or their name.
        denial: "not" or "never", where it was denied.
    """

    verb: Word | None = None
    states: list[Word] = field(default_factory=list)
    nouns: list[Noun] = field(default_factory=list)
    second: Word | None = None
    adverbs: list[Word] = field(default_factory=list)
    identity: bool = False
    denial: str = ""

    @property
    def relation(self) -> bool:
        return self.verb is None and not self.states and not self.identity


@dataclass
class Clause:
    """Some nouns, what is said of them, and when. Without subjects it is a fragment, without predicates a mention."""

    subjects: list[Noun] = field(default_factory=list)
    predicates: list[Predicate] = field(default_factory=list)
    denial: str = ""
    times: list[Word] = field(default_factory=list)

    @property
    def last(self) -> Predicate | None:
        return self.predicates[-1] if self.predicates else None

    @property
    def ended(self) -> bool:
        """Whether the subjects are dead: nothing that was signed is theirs any more."""
        return any(state.ends for predicate in self.predicates if not predicate.denial for state in predicate.states)

    @property
    def loose(self) -> list[Noun]:
        """The nouns that are linked by a relation so far; a verb that follows may want them."""
        relations = [predicate for predicate in self.predicates if predicate.relation and not predicate.denial]
        return [noun for predicate in relations for noun in predicate.nouns]


@dataclass
class Utterance:
    """The clauses, what stands before and behind them between commas, and what is asked."""

    before: list[str] = field(default_factory=list)
    requested: bool = False  # whether a "please" was signed, which asks for what a verb says
    named: bool = False  # whether a name stands before: "my name is Ravi, the doctor" would say who Ravi is
    clauses: list[Clause] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)  # states that describe nothing that was signed
    behind: list[str] = field(default_factory=list)
    question: Word | None = None
