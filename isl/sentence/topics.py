"""Who and what the clauses are about: persons, things and places, and how each finds its place among the others."""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.clauses import Clause, Noun, Predicate, Utterance
from isl.sentence.order import LINKED, acted_on
from isl.sentence.words import Word


class Topics:
    """The half of the grammar that reads nouns; ``self.clause`` is the clause that is being made.

    Attributes:
        utterance: the clauses that are closed, and what stands around them.
        acted_on: the person that the last verb turned to: what follows is about that one.
        waiting: states that describe the noun after them.
        mentioned: things and places, in the order of the signs.
        phrases: the phrases that were signed.
        preceding, ahead: the word before the one at hand, and the words after it.
        owned: whether the word at hand is a pronoun's: "I, Mother".
        addressed: whether it is only spoken to: "Hello, Teacher, I".
        state_first: whether states were signed before their persons: "sick, Mother, healthy, Father".
    """

    def __init__(self) -> None:
        self.utterance = Utterance()
        self.clause = Clause()
        self.acted_on: Noun | None = None
        self.waiting: list[Word] = []
        self.mentioned: list[Noun] = []
        self.phrases: list[Word] = []
        self.preceding: Word | None = None
        self.ahead: Sequence[Word] = ()
        self.owned = self.addressed = self.state_first = False

    @property
    def follows(self) -> str:
        """The kind of the next word."""
        return self.ahead[0].kind if self.ahead else ""

    @property
    def wanted_next(self) -> bool:
        """Whether the next word takes a verb or a noun: "Help, Need"."""
        return bool(self.ahead) and bool(self.ahead[0].takes)

    def open(self, *subjects: Noun) -> None:
        """Close the clause at hand and open the next one."""
        times = self.clause.times
        if self.clause.subjects or self.clause.predicates:
            self.utterance.clauses.append(self.clause)
            times = []
        self.clause, self.acted_on = Clause(list(subjects), times=times), None

    def address(self) -> None:
        """Turn the bare persons of this clause into those who are spoken to: "Doctor, my mother is sick"."""
        self.utterance.before += [noun.word.text for noun in self.clause.subjects]
        self.clause.subjects.clear()

    def phrase(self, word: Word) -> None:
        behind = self.utterance.behind or self.utterance.clauses or self.clause.predicates
        (self.utterance.behind if behind else self.utterance.before).append(word.text)
        self.phrases.append(word)
        self.utterance.requested |= "verb" in word.asks

    adverb = phrase

    def person(self, word: Word) -> None:
        clause, noun, subjects = self.clause, Noun(word), self.clause.subjects
        verb = clause.last.verb if clause.last else None
        if self.addressed:
            self.phrase(word)
        elif self.owned and subjects and subjects[-1].word == self.preceding:
            subjects[-1] = Noun(word, owner=subjects[-1])
        elif verb and verb.turns_to(word) and self.acted_on is None and self.preceding == verb and subjects:
            self.clause.predicates[-1].nouns.insert(0, noun)
            self.acted_on = noun
        elif not subjects:  # states and things that came before are about this one
            self.state_first = any(predicate.states for predicate in clause.predicates)
            subjects.append(noun)
        elif not clause.predicates or self._receives(word):
            self._one_more_person(noun)
        elif self._needed(word):
            self._link(noun)
        elif [subject.word for subject in subjects] != [word]:  # else the topic is only named again
            self.state_first = False
            self.open(noun)

    def _receives(self, word: Word) -> bool:
        """Whether somebody gets the thing that was signed before: "Doctor, Medicine, Mother, Give"."""
        gives = bool(self.ahead) and self.ahead[0].object == "receiver"
        return gives and len(self.clause.subjects) == 1 and all(p.relation for p in self.clause.predicates)

    def _needed(self, word: Word) -> bool:
        """A helper to whom nothing else happens is what the person before needs."""
        does = (self.follows == "verb" or acted_on(word, self.ahead)) and not self.wanted_next
        own_clause = self.follows == "state" and bool(self.clause.predicates)
        if not word.helper or does or own_clause or word in [noun.word for noun in self.clause.loose]:
            return False
        return not all(subject.word.helper or subject.word.kind in LINKED for subject in self.clause.subjects)

    def _one_more_person(self, noun: Noun) -> None:
        subjects, word = self.clause.subjects, noun.word
        first, last = subjects[0].word, subjects[-1]
        acted_on_ = acted_on(word, self.ahead)
        straight = self.preceding == last.word and len(subjects) == 1
        if any(subject.word == word for subject in subjects):  # named again: the later place counts
            subjects.sort(key=lambda subject: subject.word == word)
        elif straight and self._is_one(first, word) and not acted_on_:
            self.clause.predicates.append(Predicate(nouns=[noun], identity=True))
        elif self._needed(word):
            self._link(noun)
        elif last.owner and (word.relative or word.own):  # "I, Mother, Father": both are mine
            subjects.append(Noun(word, owner=last.owner))
        elif not acted_on_ and any(subject.owner or subject.word.kind in LINKED for subject in subjects):
            self.open(noun)
        else:
            helpers = all(subject.word.helper or subject.word.kind != "person" for subject in subjects)
            if helpers and not word.helper and not acted_on_:
                self.address()
            subjects.append(noun)

    @staticmethod
    def _is_one(first: Word, word: Word) -> bool:
        """ "I, Teacher" says what I am, and so does "You, Doctor"; but "I, Doctor" says whom I need."""
        return first.is_pronoun and not word.is_pronoun and (not word.helper or first.pronoun == "you")

    def thing(self, word: Word) -> None:
        noun = Noun(word, states=self.waiting)
        self.waiting = []
        self.mentioned.append(noun)
        subjects, last = self.clause.subjects, self.clause.last
        if self.preceding and self.preceding.takes == word.kind:  # "welcome to the hospital"
            whereto = " ".join(filter(None, ("to", word.article, word.text)))
            (self.utterance.behind or self.utterance.before)[-1] += f" {whereto}"
        elif word.own and self.preceding and self.clause.loose and self.clause.loose[-1].word == self.preceding:
            self._own(noun)
        elif word.own and len(subjects) == 1 and not last and not subjects[0].owner:
            self.clause.subjects = [Noun(word, owner=subjects[0], states=noun.states)]
        elif last and last.verb and self._room(last, word):
            last.nouns.append(noun)
        elif self.acted_on:
            self.open(self.acted_on)
            self._link(noun)
        elif self._inert():
            self.open()
            self._link(noun)
        else:
            self._link(noun)

    def _own(self, noun: Noun) -> None:
        """ "Medicine, Price": the price of the medicine."""
        relation = next(p for p in reversed(self.clause.predicates) if p.relation)
        noun.owner = relation.nouns.pop()
        relation.nouns.append(noun)

    place = thing
    symptom = thing

    def _room(self, predicate: Predicate, word: Word) -> bool:
        """Whether a verb can take one more noun: one goes to a place, and nobody does anything to a symptom."""
        assert predicate.verb is not None
        moves = predicate.verb.to == "to" and not predicate.second
        idle = moves or predicate.verb.object in ("none", "unsure")
        if predicate.denial or word.kind == "symptom" or (word.kind == "thing" and idle):
            return False
        return word.kind not in [noun.word.kind for noun in predicate.nouns]

    def _link(self, noun: Noun) -> None:
        last = self.clause.last
        for predicate in self.clause.predicates:
            for other in [other for other in predicate.nouns if predicate.relation and other.word == noun.word]:
                if not predicate.denial:  # named again: the later place counts
                    predicate.nouns.remove(other)
                    noun.states = other.states + noun.states
        if last is None or not last.relation or last.denial:
            self.clause.predicates.append(Predicate())
        self.clause.predicates[-1].nouns.append(noun)
        self._tidy()

    def _tidy(self) -> None:
        self.clause.predicates = [p for p in self.clause.predicates if p.verb or p.states or p.nouns]

    def unknown(self, word: Word) -> None:
        """A name, a thing or a verb: what can't be told is kept beside the clauses."""
        texts = self.utterance.behind or self.utterance.before
        named = self.preceding is not None and self.preceding.own and self.preceding.kind == "thing"
        if self.preceding and self.preceding.lead:
            texts[-1] += f" {word.text}"
            self.utterance.named |= texts is self.utterance.before
        elif named and not self.clause.predicates:  # "I, Name, Ravi"
            self.clause.predicates.append(Predicate(nouns=[Noun(word)], identity=True))
        elif self.follows == "state" and not word.has_number:
            self.open(Noun(word))
        elif not self.clause.subjects and not self.clause.predicates and self.follows == "verb":
            self.clause.subjects.append(Noun(word))
        else:
            self.utterance.behind.append(word.text)

    def _inert(self) -> bool:
        """Whether the clause is about things alone, which do nothing and need nothing."""
        things = [noun.word.kind in LINKED for noun in self.clause.subjects]
        told = [state for predicate in self.clause.predicates for state in predicate.states]
        return bool(things) and (all(things) or any(state.of == "thing" for state in told))
