"""Defines the meaning of signed words before they become English: segments, clauses, predicates and nouns."""

from __future__ import annotations

from dataclasses import dataclass, field

from isl.sentence.words import Word

NOTHING = Word("", "", ("",))  # stands for a word that was not signed
NOUNS = ("thing", "place", "symptom", "body")


class DoubtError(Exception):
    """The signs have two meanings that exclude each other, or cannot be read. The text names the open point."""


def refuse(doubtful: object, reason: str) -> None:
    """Raise ``DoubtError`` with the ``reason`` if ``doubtful`` is true."""
    if doubtful:
        raise DoubtError(reason)


@dataclass(eq=False)
class Noun:
    """A person, a thing or a place: "my clean water", "two tablets", "pain in the chest"."""

    word: Word
    owner: Noun | None = None
    states: list[Word] = field(default_factory=list)
    number: str = ""
    joint: str = ""  # the preposition before the joined noun
    joined: Noun | None = None
    role: str = ""  # its part in the clause while signs are read: a letter of ``patterns.LETTERS`` or ``ROLES``

    @property
    def kind(self) -> str:
        return self.word.kind

    def has(self, trait: str) -> bool:
        return trait in self.word.tags

    def as_pronoun(self) -> Noun:
        """The pronoun for a person who was named before: "his leg"."""
        return Noun(Word(self.word.gloss, "person", self.word.says, pronoun=self.word.pronoun, traits=("pronoun",)))


@dataclass
class Predicate:
    """A statement about the subjects of a clause: a verb, a state, or a noun with a relation ("needs medicine")."""

    verb: Word | None = None
    state: Word | None = None
    nouns: list[Noun] = field(default_factory=list)  # the objects of the verb, or the noun of a relation
    identity: bool = False  # the noun names the role of the subjects: "a teacher"
    hangs: Predicate | None = None  # a verb phrase that depends on the verb: "wants to eat"
    adverbs: list[str] = field(default_factory=list)
    lasting: str = ""  # "for three days"
    denied: str = ""  # "not" or "never"

    @property
    def is_relation(self) -> bool:
        return bool(self.nouns) and not self.verb and not self.identity

    @property
    def innermost(self) -> Predicate:
        """The predicate of the main action: "eat" in "wants to eat"."""
        return self.hangs.innermost if self.hangs else self

    def does(self, trait: str) -> bool:
        """Returns True for a verb without an object, with a trait where one is named."""
        return bool(self.verb and (not trait or self.verb.has(trait)) and not self.nouns and not self.hangs)


@dataclass
class Clause:
    """Subjects, their predicates in the order of the signs, and times."""

    subjects: list[Noun] = field(default_factory=list)  # empty if none was signed
    carried: bool = False  # the subjects were named before: a pronoun is written for them
    predicates: list[Predicate] = field(default_factory=list)
    times: list[Word] = field(default_factory=list)
    late: bool = False  # the times were signed after the predicates
    tense: str = "present"
    request: bool = False  # asks the listener to do something
    question: Word | None = None

    @property
    def last(self) -> Predicate:
        """The last predicate; an empty one if the clause has no predicate yet."""
        return self.predicates[-1] if self.predicates else Predicate()

    @property
    def about(self) -> str:
        """The kind of the last subject; empty if the clause has no subject."""
        return self.subjects[-1].kind if self.subjects else ""

    @property
    def only(self) -> Word:
        """The only subject, if there is one."""
        return self.subjects[0].word if len(self.subjects) == 1 else NOTHING

    @property
    def is_free(self) -> bool:
        """True if nobody was named and nothing was said."""
        return not self.subjects and not self.predicates


@dataclass
class Segment:
    """The clauses between two greetings, with the words before and after them."""

    before: list[str] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    behind: list[str] = field(default_factory=list)
    asks: bool = False
