"""From glosses to clauses: who, and what is said of them, in the order in which Indian Sign Language says it.

Topic first, comment after it: `Mother, sick, Hospital` is one clause about the mother with two predicates. A new
person starts a new clause, persons in a row share theirs, and the first of them acts on the last where a verb takes
persons. A state belongs to the person before it, or to the thing. A thing or a place is linked to the person by the
relation that its table entry declares. What finds no place in a clause is kept beside it, between commas.
"""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.clauses import Clause, Noun, Predicate, Utterance
from isl.sentence.order import CONTENT, LINKED, is_addressed, negations_behind, opens_anew, owns_next
from isl.sentence.topics import Topics
from isl.sentence.words import Word


def parse(words: Sequence[Word]) -> Utterance:
    """Words in the order in which they were signed, to clauses. Every word has its place in what comes back."""
    parser, words = _Parser(), negations_behind(words)
    for at, word in enumerate(words):
        parser.ahead = words[at + 1 :]
        parser.owned, parser.addressed = at > 0 and owns_next(words, at - 1), is_addressed(words, at)
        getattr(parser, word.kind)(word)
        parser.preceding = word
    return parser.finish()


class _Parser(Topics):
    """One method for each kind of word: those for nouns in ``Topics``, and here what is said of them."""

    def finish(self) -> Utterance:
        self.open()
        if self.clause.times:
            self.utterance.clauses.append(self.clause)
        self.utterance.aside += [state.text for state in self.waiting]
        said = self.utterance
        only = said.clauses[0] if len(said.clauses) == 1 and said.before and not said.question else Clause()
        bare = not (only.predicates or only.denial or only.times) and bool(only.subjects)
        if bare and not said.named and all(map(_can_be_addressed, only.subjects)):
            said.before += [noun.word.text for noun in said.clauses.pop().subjects]  # "hello, doctor"
        return said

    def state(self, word: Word) -> None:
        if self.state_first and self.follows == "person":
            self.open()
        last, subjects = self.clause.last, self.clause.subjects
        things = [*(last.nouns if last and last.verb else []), *self.clause.loose]
        about = [subject for subject in subjects if word.fits(subject.word)]
        person = any(noun.word.kind == "person" for noun in about)
        thing = next((noun for noun in reversed(self.mentioned) if word.fits(noun.word) and noun in things), None)
        if self.acted_on and word.fits(self.acted_on.word):
            self.open(self.acted_on)
            self._be(word)
        elif word.adverb and last and last.verb and self.preceding == last.verb:
            last.adverbs.append(word)
        elif word.of == "any" and self.preceding and self.preceding.kind == "verb":
            self.utterance.aside.append(word.text)  # "You, Speak, slow" does not call you slow
        elif thing and (word.of == "thing" or (word.of == "any" and (not person or self._just_signed(thing)))):
            if subjects or (last and last.verb):
                thing.states.append(word)
            else:
                self._topic(thing)
                self._be(word)
        elif about and len(about) == len(subjects):
            self._be(word)
        elif word.of != "person" and self.follows in LINKED:
            self.waiting.append(word)
        elif not subjects and word.of != "thing":
            self._be(word)
        else:
            self.utterance.aside.append(word.text)

    def _just_signed(self, thing: Noun) -> bool:
        """ "I, Headache, bad": what can be said of anything is said of a thing right before it."""
        return self.preceding == thing.word and thing.word.kind in ("thing", "symptom")

    def _topic(self, thing: Noun) -> None:
        """Make a thing, mentioned so far, what the next clause is about."""
        relation = next(p for p in self.clause.predicates if p.relation and thing in p.nouns)
        relation.nouns = [noun for noun in relation.nouns if noun != thing]
        if not relation.nouns:
            self.clause.predicates.remove(relation)
        self.open(thing)

    def _be(self, word: Word) -> None:
        last = self.clause.last
        if any(word in predicate.states and not predicate.denial for predicate in self.clause.predicates):
            return
        if last is None or not last.states or last.denial:
            self.clause.predicates.append(Predicate())
        self.clause.predicates[-1].states.append(word)

    def verb(self, word: Word) -> None:
        last = self.clause.last
        if last and last.verb and not last.second and self.preceding == last.verb and (word.takes or last.verb.takes):
            first, second = (word, last.verb) if word.takes else (last.verb, word)
            last.verb, last.second = first, second
            return
        predicate = Predicate(word, nouns=self._acted_on(word))
        predicate.nouns += self._unknown_object(word)
        predicate.nouns += self._linked_objects(predicate)
        self._tidy()
        self.clause.predicates.append(predicate)

    def _acted_on(self, verb: Word) -> list[Noun]:
        """Those of the clause's subjects to whom a verb is done; the rest do it."""
        subjects = self.clause.subjects
        if len(subjects) > 1 and verb.turns_to(subjects[-1].word) and self._acts(verb):
            self.acted_on = subjects.pop()
            return [self.acted_on]
        if len(subjects) == 1 and self._is_asked_for(verb, subjects[0].word):
            return [subjects.pop()]
        if verb.to == "to" and not subjects and not self.wanted_next:
            self._moves()
        elif self.acted_on:
            self.open(self.acted_on)
        elif self._inert() and (verb.by != "any" or any(noun.word.kind == "place" for noun in subjects)):
            return self._made_object()
        return []

    def _acts(self, verb: Word) -> bool:
        """Whether the first of several persons does a verb to the last of them."""
        if self.wanted_next and verb.noun:  # "Doctor, Patient, Help, Need"
            return False
        return not self.clause.predicates or (verb.object == "receiver" and bool(self.clause.loose))

    def _is_asked_for(self, verb: Word, person: Word) -> bool:
        """ "Interpreter, Need", "Please, Doctor, Call"; but a doctor who helps is asked for help."""
        if verb.takes and person.helper:
            return self.clause.last is None or self.state_first
        done = verb.turns_to(person) and verb.text not in person.does and not person.is_pronoun
        return done and self.clause.last is None and any("verb" in phrase.asks for phrase in self.phrases)

    def _moves(self) -> None:
        """A thing alone is what comes or goes: "Bus, Hospital, Go"."""
        loose = [noun.word.kind for noun in self.clause.loose]
        if loose[:1] == ["thing"] and "thing" not in loose[1:]:
            relation = next(p for p in self.clause.predicates if p.relation and p.nouns and not p.denial)
            self.clause.subjects.append(relation.nouns.pop(0))

    def _made_object(self) -> list[Noun]:
        """Of the thing that a clause is about the object of its verb, and its owner the one who acts.

        "You, Name, Write": you write your name. Of a thing that something is said of nothing more is made.
        """
        if self.clause.predicates:
            self.open()
            return []
        things = self.clause.subjects
        self.clause.subjects = [noun.owner for noun in things if noun.owner][:1]
        return things

    def _unknown_object(self, verb: Word) -> list[Noun]:
        """The unknown word before a verb is its object: "Paracetamol, Take"; a number is not."""
        word = self.preceding
        if word is None or word.kind != "unknown" or word.has_number or self.utterance.behind[-1:] != [word.text]:
            return []
        if verb.by == "any" or self.clause.loose:
            return []
        self.utterance.behind.pop()
        return [Noun(word)]

    def _linked_objects(self, predicate: Predicate) -> list[Noun]:
        """The nouns of the clause's relations that a verb wants instead: "Mother, Medicine, Take"."""
        assert predicate.verb is not None
        taken: list[Noun] = []
        for relation in [p for p in self.clause.predicates if p.relation and not p.denial]:
            helped = [noun for noun in relation.nouns if predicate.verb.takes or not noun.word.helper]
            wanted = [noun for noun in helped if self._room(predicate, noun.word)]
            relation.nouns = [noun for noun in relation.nouns if noun not in wanted]
            taken += wanted
        return taken

    def negation(self, word: Word) -> None:
        last, not_ = self.clause.last, "never" if word.text == "never" else "not"
        if not self.preceding:
            self.utterance.before.append(word.text)
        elif self.preceding.kind == "unknown" and self.utterance.behind[-1:] == [self.preceding.text]:
            self.utterance.behind[-1] = f"{not_} {self.preceding.text}"
        elif self.preceding.kind == "state" and self.utterance.aside[-1:] == [self.preceding.text]:
            self.utterance.aside[-1] = f"{not_} {self.preceding.text}"
        elif described := self._described(self.preceding):
            described.states.pop()
            self.utterance.aside.append(f"{not_} {self.preceding.text}")
        elif last and not last.denial:
            self._deny(last, not_)
        elif self.clause.subjects and not last:
            denied = self.clause.subjects.pop()
            self.open(denied)
            self.clause.denial = not_
            self.open()
        else:
            self.utterance.behind.append(word.text)

    def _described(self, state: Word) -> Noun | None:
        """The noun that has just been described by a state ("the high bill")."""
        nouns = [noun for predicate in self.clause.predicates for noun in predicate.nouns]
        return next((noun for noun in nouns if noun.states[-1:] == [state]), None)

    def _deny(self, last: Predicate, not_: str) -> None:
        """Deny the last word of a predicate, and leave what else it says as it is."""
        words = last.states or ([] if last.verb else last.nouns)
        if len(words) > 1:
            alone = Predicate(identity=last.identity)
            if last.states:
                alone.states = [last.states.pop()]
            else:
                alone.nouns = [last.nouns.pop()]
            self.clause.predicates.append(alone)
            last = alone
        last.denial = not_

    def time(self, word: Word) -> None:
        """A time is for what comes after it, so behind what was said of somebody it opens a clause."""
        said = next((other.kind for other in self.ahead if other.kind in CONTENT), "")
        subjects = self.clause.subjects
        again = [*self.clause.times, *[noun.word for noun in subjects]]
        if said and not self.clause.predicates and opens_anew(again, word):
            self.open()
        elif said and self.clause.predicates:
            same = said == "state" or (said != "person" and any(noun.word.kind == "person" for noun in subjects))
            self.open(*(subjects if same else []))
        elif not said and self.utterance.clauses:  # of which clause is it?
            self.utterance.behind.append(word.text)
            return
        if word not in self.clause.times:
            self.clause.times.append(word)

    def question(self, word: Word) -> None:
        if self.utterance.question:
            self.utterance.behind.append(word.text)
        else:
            self.utterance.question = word


def _can_be_addressed(noun: Noun) -> bool:
    return noun.word.kind == "person" and not noun.owner
