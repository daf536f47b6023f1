"""From glosses to clauses: who, and what is said of them, in the order in which Indian Sign Language says it.

Topic first, comment after it: `Mother, sick, Hospital` is one clause about the mother with two predicates. A new
person starts a new clause, persons in a row share theirs, and the first of them acts on the last where a verb takes
persons. A state belongs to the person before it, or to the thing. A thing or a place is linked to the person by the
relation that its table entry declares. What finds no place in a clause is kept beside it, between commas.
"""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.clauses import Clause, Noun, Predicate, Utterance
from isl.sentence.order import CONTENT, LINKED, acted_on, is_addressed, negations_behind, owns_next
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


class _Parser:
    """One method for each kind of word; ``self.clause`` is the clause that is being made."""

    def __init__(self) -> None:
        self.utterance = Utterance()
        self.clause = Clause()
        self.acted_on: Noun | None = None  # the person that the last verb turned to: what follows is about that one
        self.waiting: list[Word] = []  # states that describe the noun after them
        self.mentioned: list[Noun] = []  # things and places, in the order of the signs
        self.preceding: Word | None = None
        self.ahead: Sequence[Word] = ()
        self.owned = False  # whether the word at hand is a pronoun's: "I, Mother"
        self.addressed = False  # whether it is only spoken to: "Hello, Teacher, I"
        self.phrases: list[Word] = []
        self.state_first = False  # whether states were signed before their persons: "sick, Mother, healthy, Father"

    @property
    def follows(self) -> str:
        """The kind of the next word."""
        return self.ahead[0].kind if self.ahead else ""

    def finish(self) -> Utterance:
        self.open()
        if self.clause.times:
            self.utterance.clauses.append(self.clause)
        self.utterance.aside += [state.text for state in self.waiting]
        said = self.utterance
        only = said.clauses[0] if len(said.clauses) == 1 and said.before and not said.question else Clause()
        if (
            not only.predicates
            and not only.denial
            and not only.times
            and only.subjects
            and all(map(_can_be_addressed, only.subjects))
        ):
            said.before += [noun.word.text for noun in said.clauses.pop().subjects]  # "hello, doctor"
        return said

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

    # -- nouns ---------------------------------------------------------------------------------------------------

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
            self.open(noun)

    def _receives(self, word: Word) -> bool:
        """Whether somebody gets the thing that was signed before: "Doctor, Medicine, Mother, Give"."""
        gives = bool(self.ahead) and self.ahead[0].object == "receiver"
        return gives and len(self.clause.subjects) == 1 and all(p.relation for p in self.clause.predicates)

    def _needed(self, word: Word) -> bool:
        """A helper to whom nothing else happens is what the person before needs."""
        other = self.follows == "verb" and not self.ahead[0].takes
        other |= self.follows == "state" and bool(self.clause.predicates)
        other |= acted_on(word, self.ahead) and not (self.ahead and self.ahead[0].takes)
        if not word.helper or other or word in [noun.word for noun in self.clause.loose]:
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
        assert predicate.verb is not None
        if (
            predicate.denial
            or word.kind == "symptom"
            or (word.kind == "thing" and predicate.verb.to == "to" and not predicate.second)
        ):
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
        texts = self.utterance.behind or self.utterance.before
        if self.preceding and self.preceding.lead:
            texts[-1] += f" {word.text}"
        elif (
            self.preceding and self.preceding.own and self.preceding.kind == "thing" and not self.clause.predicates
        ):  # "I, Name, Ravi"
            self.clause.predicates.append(Predicate(nouns=[Noun(word)], identity=True))
        elif self.follows == "state" and not word.has_number:
            self.open(Noun(word))
        elif not self.clause.subjects and not self.clause.predicates and self.follows == "verb":
            self.clause.subjects.append(Noun(word))
        else:
            self.utterance.behind.append(word.text)

    # -- what is said of them --------------------------------------------------------------------------------------

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
        predicate = Predicate(word)
        subjects = self.clause.subjects
        if len(subjects) > 1 and word.turns_to(subjects[-1].word) and self._acts(word):
            self.acted_on = subjects.pop()
            predicate.nouns.append(self.acted_on)
        elif (
            word.takes and len(subjects) == 1 and subjects[0].word.helper and (not last or self.state_first)
        ):  # "Interpreter, Need"
            predicate.nouns.append(subjects.pop())
        elif len(subjects) == 1 and not last and self._requested(word, subjects[0].word):
            predicate.nouns.append(subjects.pop())
        elif word.to == "to" and not subjects and not (self.ahead and self.ahead[0].takes):
            self._moves()
        elif self.acted_on:
            self.open(self.acted_on)
        elif self._inert() and (word.by != "any" or any(noun.word.kind == "place" for noun in subjects)):
            predicate.nouns += self._made_object()
        unknown = self._unknown_object(word)
        if unknown:
            predicate.nouns.append(Noun(unknown))
            self.utterance.behind.pop()
        relations = [p for p in self.clause.predicates if p.relation and not p.denial]
        for relation in relations:
            wanted = [
                noun
                for noun in relation.nouns
                if self._room(predicate, noun.word) and (word.takes or not noun.word.helper)
            ]
            predicate.nouns += wanted
            relation.nouns = [noun for noun in relation.nouns if noun not in wanted]
        self._tidy()
        self.clause.predicates.append(predicate)

    def _acts(self, verb: Word) -> bool:
        """Whether the first of several persons does a verb to the last of them."""
        if self.ahead and self.ahead[0].takes and verb.noun:  # "Doctor, Patient, Help, Need"
            return False
        return not self.clause.predicates or (verb.object == "receiver" and bool(self.clause.loose))

    def _unknown_object(self, verb: Word) -> Word | None:
        """The unknown word before a verb is its object: "Paracetamol, Take"; no number is."""
        word = self.preceding
        if word is None or word.kind != "unknown" or word.has_number or self.utterance.behind[-1:] != [word.text]:
            return None
        return None if verb.by == "any" or self.clause.loose else word

    def _requested(self, verb: Word, person: Word) -> bool:
        """ "Please, Doctor, Call" asks for a call, while a doctor who helps is asked for help."""
        done = verb.turns_to(person) and verb.text not in person.does and not person.is_pronoun
        return done and any("verb" in phrase.asks for phrase in self.phrases)

    def _moves(self) -> None:
        """A thing alone is what comes or goes: "Bus, Hospital, Go"."""
        if [noun.word.kind for noun in self.clause.loose].count("thing") == 1 and self.clause.loose[
            0
        ].word.kind == "thing":
            relation = next(p for p in self.clause.predicates if p.relation and p.nouns and not p.denial)
            self.clause.subjects.append(relation.nouns.pop(0))

    def _inert(self) -> bool:
        """Whether the clause is about things alone, which do nothing and need nothing."""
        things = [noun.word.kind in LINKED for noun in self.clause.subjects]
        told = [state for predicate in self.clause.predicates for state in predicate.states]
        return bool(things) and (all(things) or any(state.of == "thing" for state in told))

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

    # -- what stands around them -----------------------------------------------------------------------------------

    def phrase(self, word: Word) -> None:
        behind = self.utterance.behind or self.utterance.clauses or self.clause.predicates
        (self.utterance.behind if behind else self.utterance.before).append(word.text)
        self.phrases.append(word)

    adverb = phrase

    def time(self, word: Word) -> None:
        """A time is for what comes after it, so behind what was said of somebody it opens a clause."""
        said = next((other.kind for other in self.ahead if other.kind in CONTENT), "")
        subjects = self.clause.subjects
        if self.clause.predicates and said:
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
