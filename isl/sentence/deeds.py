"""Reads what somebody does, needs and has: verbs with their objects, and things without a verb."""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.clauses import Clause, DoubtError, Noun, Predicate, Segment
from isl.sentence.english import counted
from isl.sentence.words import Word

NOUNS = ("thing", "place", "symptom", "body")


class Deeds:
    """The state of reading a segment, and the half of its grammar that reads verbs and things.

    Attributes:
        objects: persons to whom the next verb is done.
        denial: a denial that was signed before what it denies.
        waiting: adverbs that were signed before their verb.
        describing: states that were signed before the thing that they describe.
        lasting: a length of time that was signed before what lasts.
    """

    def __init__(self, segment: Segment, words: Sequence[Word], please: bool) -> None:
        self.segment, self.words, self.please = segment, list(words), please
        self.asked = any(word.kind == "question" for word in words)
        self.at = 0
        self.objects: list[Noun] = []
        self.denial = self.lasting = ""
        self.waiting: list[str] = []
        self.describing: list[Word] = []
        segment.clauses.append(Clause())

    @property
    def clause(self) -> Clause:
        return self.segment.clauses[-1]

    def peek(self, ahead: int = 0) -> Word | None:
        return self.words[self.at + ahead] if self.at + ahead < len(self.words) else None

    def kind(self, ahead: int = 0) -> str:
        """The kind of a word ahead; empty behind the last."""
        word = self.peek(ahead)
        return word.kind if word else ""

    def take(self) -> Word:
        self.at += 1
        return self.words[self.at - 1]

    def open(self, carry: bool = False) -> None:
        """Begin a clause; with ``carry`` it is about those of the last one."""
        last = self.clause
        subjects = last.subjects if carry else []
        self.segment.clauses.append(Clause(subjects, carried=bool(subjects), tense=last.tense))

    def carry_owner(self) -> None:
        """Begin a clause about whoever owns the thing that the last one is about: "Father, Bill, High, Money"."""
        thing = self.clause.subjects[0]
        tense = self.clause.tense
        self.segment.clauses.append(
            Clause([thing.owner] if thing.owner else [], carried=bool(thing.owner), tense=tense)
        )

    def say(self, predicate: Predicate) -> None:
        if self.denial:
            predicate.denied, self.denial = self.denial, ""
        if self.lasting:
            predicate.lasting, self.lasting = self.lasting, ""
        self.clause.predicates.append(predicate)

    def _arguments(self) -> None:
        """Things and places, and the verbs or the state behind them."""
        nouns = self._nouns()
        after = self.peek()
        if after and after.kind == "verb":
            self._verbs(nouns)
        elif nouns:
            fits = after is not None and after.kind == "state" and after.of != ("person",)
            if fits and nouns[-1].word.kind == "place" and after and after.of != ("thing",) and self.clause.subjects:
                raise DoubtError(f"whether somebody or a place is {after.text} was not signed")
            own = nouns[-1].word.has("own") and nouns[-1].word.kind == "thing"
            if fits or own:
                self.link(nouns[:-1] if not own or len(nouns) == 1 else nouns[:-2])
                if own and len(nouns) > 1:
                    nouns[-1].owner = nouns[-2]
                self.topic(nouns[-1])
            else:
                self.link(nouns)

    def _nouns(self) -> list[Noun]:
        """Nouns with their numbers; a length of time goes to what lasts, a time before a verb to the clause."""
        nouns: list[Noun] = []
        while word := self.peek():
            if word.kind == "number":
                self._number(nouns)
            elif word.kind in NOUNS:
                nouns.append(Noun(self.take(), states=self.describing))
                self.describing = []
            elif word.kind == "state" and nouns and word.of != ("person",) and self._object_of_verb(nouns[-1].word):
                nouns[-1].states.append(self.take())
            elif (
                word.kind == "time"
                and nouns
                and not word.has("joins")
                and (after := self.peek(1))
                and after.kind == "verb"
            ):
                self.clause.times.append(self.take())
                self.clause.tense = word.tense or self.clause.tense
            elif word.kind == "unknown" and (after := self.peek(1)) and after.kind == "verb" and "thing" in after.of:
                self.take()
                nouns.append(Noun(Word(word.gloss, "thing", word.says, traits=("mass", "guessed"))))
            else:
                break
        return nouns

    def _object_of_verb(self, noun: Word) -> bool:
        """Whether the state at hand describes a thing that a verb is done to: "Water, clean, Drink"."""
        verb = self.peek(1)
        return verb is not None and verb.kind == "verb" and noun.kind == "thing" and "thing" in verb.of

    def _number(self, nouns: list[Noun]) -> None:
        number, after = self.take(), self.peek()
        clause = self.clause
        subject = clause.subjects[-1] if clause.subjects else None
        if after and after.kind == "measure":
            self.take()
            lasting = counted(number.text, after.text)
            thing = subject is not None and subject.word.kind == "thing" and not clause.predicates
            if nouns:
                own, last = nouns[-1].word.has("own"), nouns.pop()
                self.link(nouns)
                nouns.clear()
                if own:
                    self.topic(last)
                    self.say(Predicate(nouns=[Noun(Word(lasting, "unknown", (lasting,)))], identity=True))
                else:
                    self.link([last])
                    self._last(lasting)
            elif thing:
                self.say(Predicate(nouns=[Noun(Word(lasting, "unknown", (lasting,)))], identity=True))
            elif clause.predicates:
                self._last(lasting)
            elif self.peek() is None and subject and after.text == "year":
                self.say(Predicate(state=Word(lasting, "state", (f"{lasting} old",))))
            elif self.kind() in ("state", "symptom") and after.text in ("day", "week", "hour"):
                self.lasting = lasting
            else:
                raise DoubtError("what lasts so long was not signed")
        elif after and after.kind in ("thing", "symptom", "body") and not nouns:
            nouns.append(Noun(self.take(), number=number.text))
        elif subject and subject.word.kind == "thing" and subject.word.has("own") and after is None:
            self.say(Predicate(nouns=[Noun(number)], identity=True))
        elif nouns and nouns[-1].word.has("own") and after is None:
            self.topic(nouns.pop())
            self.say(Predicate(nouns=[Noun(number)], identity=True))
        elif (
            subject and subject.owner and after is None and not clause.predicates and not subject.word.has("collective")
        ):
            clause.subjects = [subject.owner]  # "I, Brother, Two"
            has = {"links": ("have {}",), "denied": ("have no {}",)}
            word = Word(subject.word.gloss, "thing", subject.word.says, links=has)
            self.say(Predicate(nouns=[Noun(word, number=number.text)]))
        else:
            raise DoubtError("what was counted was not signed")

    def _last(self, lasting: str) -> None:
        if self.clause.predicates[-1].lasting or self.clause.predicates[-1].denied:
            raise DoubtError("what lasts so long was not signed")
        self.clause.predicates[-1].lasting = lasting

    def topic(self, noun: Noun) -> None:
        """Make a thing what the next clause is about: "Father, Bill, High" is about his bill."""
        clause = self.clause
        person = clause.subjects[0] if clause.subjects and clause.subjects[-1].word.kind == "person" else None
        if self.denial:
            raise DoubtError("what was denied was not signed")
        if person and len(clause.subjects) == 1 and not clause.predicates:
            noun.owner = noun.owner or person
            clause.subjects = [noun]
        elif person and noun.word.kind == "body" and len(clause.subjects) == 1:
            noun.owner = self.pronoun(person.word)
            self.open()
            clause = self.clause
            clause.subjects = [noun]
        elif clause.subjects and not clause.predicates and not person:
            raise DoubtError("of what that was said was not signed")
        else:
            if clause.predicates or clause.subjects:
                self.open()
            self.clause.subjects = [noun]

    def pronoun(self, word: Word) -> Noun:
        """The owner of a part of the body whose person was named before: "his leg"."""
        return Noun(Word(word.gloss, "person", word.says, pronoun=word.pronoun, traits=("pronoun",)))

    def link(self, nouns: Sequence[Noun]) -> None:
        """Say that somebody has to do with things for which no verb was signed."""
        clause = self.clause
        if not nouns:
            return
        thing = clause.subjects and clause.subjects[0].word.kind in NOUNS
        if thing:
            if not clause.predicates:
                raise DoubtError("what that has to do with it was not signed")
            self.carry_owner()
            clause = self.clause
        words = [noun.word for noun in nouns]
        earlier = [noun.word for p in clause.predicates for noun in p.nouns]
        if any(word.has("to") or word.has("guessed") for word in (*words, *earlier)):
            guessed = [word for word in (*words, *earlier) if word.has("guessed") and not word.has("to")]
            allergy = [word for word in words if word.has("to")]
            if (guessed and len([*words, *earlier]) > len(allergy) + 1) or (guessed and self.denial):
                raise DoubtError(f"what “{guessed[0].text}” has to do with it was not signed")
        if clause.subjects and any(word.has("alone") for word in words):
            raise DoubtError(f"what somebody has to do with “{words[-1].text}” was not signed")
        if self.denial and len(nouns) > 1:
            raise DoubtError("which of several things was denied was not signed")
        place = {"thing": "to", "symptom": "pain", "body": "pain"}
        for noun in nouns:
            last = clause.predicates[-1] if clause.predicates else None
            joint = last.nouns[-1].word if last and last.nouns and not last.verb and not last.denied else None
            pair = (joint, noun.word) if joint else None
            if pair and last and len(last.nouns) == 1 and _belong(*pair, place):
                last.nouns.append(noun)
                if self.denial:
                    last.denied, self.denial = self.denial, ""
            else:
                self.say(Predicate(nouns=[noun]))
        for predicate in clause.predicates:
            alone = clause.subjects and not predicate.verb and len(predicate.nouns) == 1
            if alone and predicate.nouns[0].word.kind == "body":
                raise DoubtError("what it is about the body was not signed")

    def _verbs(self, nouns: list[Noun]) -> None:
        """One or more verbs, and which of the things before them they are done to."""
        clause = self.clause
        verbs = [self.take()]
        while (after := self.peek()) and after.kind == "verb":
            verbs.append(self.take())
        first = verbs[0]
        if first.has("noun") and len(verbs) > 1 and verbs[1].takes and not verbs[1].has("modal"):
            noun = Noun(Word(first.gloss, "thing", first.says, traits=("mass",)))
            if any(one.word.has("helper") for one in clause.subjects) and not self.denial:
                raise DoubtError("whether the doctor needs or gives help was not signed")
            nouns, verbs = [*nouns, noun], verbs[1:]
            first = verbs[0]
        count = len(nouns)
        while count and self.accepts(first, nouns[count - 1].word):
            count -= 1
        taken, left = nouns[count:], nouns[:count]
        if left and left[-1].word.kind == "body" and first.has("by_thing") and not taken:
            self.link(left[:-1])
            self.topic(left[-1])
        elif self._does_itself(first, left, taken):
            clause.subjects = left or taken
            taken = taken if left else []
        else:
            self.link(left)
        if self.clause.subjects and self.clause.subjects[0].word.kind in NOUNS and not first.has("by_thing"):
            if not self.clause.predicates or taken or "thing" in first.of:
                raise DoubtError("who does that was not signed")
            self.carry_owner()
        if self.clause.subjects and self.clause.subjects[0].word.kind == "place" and "place" in first.of:
            raise DoubtError("who does that was not signed")
        for noun in taken:
            if noun.word.kind == "body" and clause.subjects and not clause.subjects[0].word.has("helper"):
                if first.has("senses") or len(clause.subjects) > 1:
                    raise DoubtError("whose body that is was not signed")
                noun.owner = self.pronoun(clause.subjects[0].word)
        predicate = Predicate(verb=first, nouns=[*self.objects, *taken], adverbs=self.waiting)
        again, self.objects, self.waiting = bool(self.waiting), [], []
        for verb in verbs[1:]:
            if verb.takes and not verb.has("noun"):
                predicate = Predicate(verb=verb, hangs=predicate)
            elif predicate.verb and predicate.verb.takes and not predicate.nouns and not predicate.hangs:
                predicate.hangs = Predicate(verb=verb)  # "Want, Eat"
            else:
                self.say(predicate)
                predicate = Predicate(verb=verb)
        if not predicate.nouns and not predicate.hangs:
            self._behind(predicate)
            wants = first.takes == "to" and "place" in first.of
            if wants and not predicate.nouns and not self.asked and self.kind() != "person":
                raise DoubtError(f"what somebody {first.text}s was not signed")
        self.say(predicate)
        if self.clause.request is False and not self.clause.subjects and (self.please or first.has("asked") or again):
            self.clause.request = len(verbs) == 1 and not self.asked

    def _does_itself(self, verb: Word, left: Sequence[Noun], taken: Sequence[Noun]) -> bool:
        """Whether a thing does what the verb says: "Bus, Come", "Hospital, Open"."""
        free = not self.clause.subjects and not self.clause.predicates
        if verb.has("by_place") and free and not left and len(taken) == 1:
            return True
        if not left or not verb.has("by_thing") or any(noun.word.kind != "place" for noun in taken):
            return False
        if free and len(left) == 1:
            return True
        if left[-1].word.kind == "thing" and not taken:
            raise DoubtError("who or what does that was not signed")
        return False

    def accepts(self, verb: Word, noun: Word) -> bool:
        if noun.kind == "place":
            return True
        return noun.kind in ("thing", "body") and "thing" in verb.of and not (noun.has("alone") and not noun.has("own"))

    def _behind(self, predicate: Predicate) -> None:
        """Objects that were signed behind their verb, as in English: "Mother, Take, Medicine"."""
        verb, at = predicate.verb, self.at
        nouns = self._nouns() if self.kind() in NOUNS else []
        after = self.peek()
        claimed = after is not None and after.kind in ("verb", "state")
        if verb and nouns and not claimed and all(self.accepts(verb, noun.word) for noun in nouns):
            predicate.nouns = nouns
        else:
            self.at = at


def _belong(first: Word, second: Word, place: dict[str, str]) -> bool:
    """Whether two nouns are one thing: a pain and where it is, an allergy and to what."""
    if first.has("to") and second.kind == "thing":
        return True
    if second.has("to") and first.kind == "thing":
        return True
    return {first.kind, second.kind} == {"symptom", "body"} and (first.has("pain") or second.has("pain"))
