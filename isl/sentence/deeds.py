"""Reads predicates: verbs with their objects, and things without a verb, which somebody needs or has."""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.clauses import NOTHING, Clause, Noun, Predicate, Segment, refuse
from isl.sentence.english import inflect
from isl.sentence.order import accepts
from isl.sentence.words import Word, dictionary_case

NOUNS = ("thing", "place", "symptom", "body")


class Deeds:
    """Reads the verbs and things of one segment, and holds the state of the reading.

    Attributes:
        objects: persons who are the object of the next verb.
        denial, lasting: a denial and a duration that were signed before their predicate.
        waiting, describing: adverbs that were signed before their verb, and states before their thing.
    """

    def __init__(self, segment: Segment, words: Sequence[Word], please: bool) -> None:
        self.segment, self.words, self.please = segment, list(words), please
        self.asked = any(word.kind == "question" for word in words)
        self.at = 0
        self.denial = self.lasting = ""
        self.objects: list[Noun] = []
        self.waiting: list[str] = []
        self.describing: list[Word] = []
        segment.clauses.append(Clause())

    @property
    def clause(self) -> Clause:
        return self.segment.clauses[-1]

    @property
    def about(self) -> str:
        """The kind of the last subject; empty if the clause has no subject."""
        return self.clause.subjects[-1].word.kind if self.clause.subjects else ""

    def peek(self, ahead: int = 0) -> Word:
        return self.words[self.at + ahead] if 0 <= self.at + ahead < len(self.words) else NOTHING

    def span(self, kinds: Sequence[str], start: int) -> int:
        """Returns the index after the run of words of these kinds that begins at ``start``."""
        while start < len(self.words) and self.words[start].kind in kinds:
            start += 1
        return start

    def take(self) -> Word:
        self.at += 1
        return self.words[self.at - 1]

    def open(self, subjects: Sequence[Noun] = ()) -> None:
        """Begin a clause, with subjects that were named before or without subjects."""
        self.segment.clauses.append(Clause(list(subjects), carried=bool(subjects), tense=self.clause.tense))

    def carry_owner(self) -> None:
        """Begin a clause about the owner of the last clause's thing: "Father, Bill, High, Money"."""
        owner = self.clause.subjects[0].owner
        self.open([owner] if owner else [])

    def say(self, predicate: Predicate) -> None:
        predicate.denied, self.denial = predicate.denied or self.denial, ""
        predicate.adverbs, self.waiting = [*predicate.adverbs, *self.waiting], []
        predicate.lasting, self.lasting = predicate.lasting or self.lasting, ""
        self.clause.predicates.append(predicate)

    def _arguments(self) -> None:
        """Read things and places, and the verbs or the state after them."""
        nouns = self._nouns()
        after = self.peek()
        if after.kind == "verb":
            self._verbs(nouns)
        elif nouns:
            last = nouns[-1]
            fits = after.kind == "state" and after.of != ("person",) and not after.has("fears")
            place = fits and last.word.kind == "place" and "any" in after.of and self.about
            refuse(place, f"whether somebody or a place is {after.text} was not signed")
            own = last.word.kind == "thing" and last.word.has("own")
            owned = len(nouns) > 1 and (own or (fits and nouns[-2].word.kind == "place"))
            if owned:
                last.owner = nouns[-2]  # "Medicine, Price", "Hospital, Food, cold"
            self.link(nouns[: -2 if owned else -1] if fits or own else nouns)
            if fits or own:
                self.topic(last)

    def _nouns(self) -> list[Noun]:
        """Read nouns with their numbers and, before a verb, their states. A time before a verb goes to the clause."""
        nouns: list[Noun] = []
        while (word := self.peek()).kind:
            verb = self.peek(1) if self.peek(1).kind == "verb" else NOTHING
            if word.kind == "number":
                self._number(nouns)
            elif word.kind in NOUNS:
                nouns.append(Noun(self.take(), states=self.describing))
                self.describing = []
            elif word.kind == "state" and nouns and word.of != ("person",) and "thing" in verb.of:
                refuse(nouns[-1].word.kind != "thing", f"what is {word.text} was not signed")
                nouns[-1].states.append(self.take())  # "Water, clean, Drink"
            elif word.kind == "span" and nouns and not nouns[-1].word.has("own"):
                self._span(nouns)
            elif word.kind == "time" and nouns and verb.kind and not word.has("joins"):
                self.clause.times.append(self.take())
                self.clause.tense = word.tense or self.clause.tense
            elif word.kind == "adverb" and nouns and verb.kind:
                self.waiting.append(self.take().text)
            elif self.is_named(word, verb):
                kind = "thing" if "thing" in verb.of else "place"
                nouns.append(
                    Noun(Word(self.take().gloss, kind, (dictionary_case(word.text),), traits=("mass", "guessed")))
                )
            else:
                break
        return nouns

    def is_named(self, word: Word, verb: Word) -> bool:
        """Returns True if an unknown word can only be the thing or the place of the verb after it: "Delhi, Live"."""
        place = "place" in verb.of or verb.before_place == "in"
        return word.kind == "unknown" and verb.kind == "verb" and ("thing" in verb.of or place)

    def _number(self, nouns: list[Noun]) -> None:
        number, after, clause = self.take(), self.peek(), self.clause
        subject = clause.subjects[-1] if clause.subjects else Noun(NOTHING)
        own = self.about == "thing" and not clause.predicates
        if nouns and nouns[-1].word.has("own"):  # "Age, 60"
            self.topic(nouns.pop())
            own = True
        if own and not after.kind:
            self.say(Predicate(nouns=[Noun(Word(number.text, "unknown", (number.text,)))], identity=True))
        elif after.kind in ("thing", "symptom", "body") and not nouns:
            nouns.append(Noun(self.take(), number=number.text))
        else:
            alone = subject.owner and not after.kind and not clause.predicates and not nouns
            refuse(not alone or subject.word.has("collective"), "what was counted was not signed")
            clause.subjects = [subject.owner] if subject.owner else []  # "I, Brother, Two"
            counted = Word(subject.word.gloss, "thing", subject.word.says)
            self.say(Predicate(nouns=[Noun(counted, number=number.text)]))

    def _span(self, nouns: list[Noun] | None = None) -> None:
        """Read a duration. It belongs to the words before it, to the verb after it, or is an age."""
        span, after = self.take(), self.peek()
        lasting, amount, period = span.says
        nouns = [] if nouns is None else nouns
        if self.about == "thing" and not self.clause.predicates and not nouns:
            self.say(Predicate(nouns=[Noun(Word(amount, "unknown", (amount,)))], identity=True))
        elif (nouns and after.kind == "verb") or (period != "year" and after.kind in ("state", "symptom", "verb")):
            self.lasting = lasting
        elif nouns or self.clause.predicates:
            self.link(nouns)
            nouns.clear()
            last = self.clause.predicates[-1]
            refuse(last.lasting, "what lasts so long was not signed")
            last.lasting = lasting
        else:
            aged = period == "year" and self.about == "person" and not after.kind
            refuse(not aged, "what lasts so long was not signed")
            self.say(Predicate(state=Word(amount, "state", (f"{amount} old",))))

    def topic(self, noun: Noun) -> None:
        """Make a thing the subject of the next predicates: "Father, Bill, High" is about his bill."""
        clause, one = self.clause, self.about == "person" and len(self.clause.subjects) == 1
        refuse(self.denial, "what was denied was not signed")
        refuse(self.about not in ("", "person") and not clause.predicates, "of what that was said was not signed")
        if one and not clause.predicates:
            noun.owner = noun.owner or clause.subjects[0]
        else:
            if one and noun.word.kind == "body":
                noun.owner = clause.subjects[0].as_pronoun()
            if clause.predicates or clause.subjects:
                self.open()
        self.clause.subjects = [noun]

    def link(self, nouns: Sequence[Noun]) -> None:
        """Add predicates for things that were signed without a verb; each gets a relation such as "needs" later."""
        if not nouns:
            return
        if self.about in NOUNS:
            refuse(not self.clause.predicates, "what that has to do with it was not signed")
            self.carry_owner()
        clause = self.clause
        helper = clause.subjects and clause.subjects[0].word.has("helper")
        if nouns[0].word.has("with") and helper and not clause.predicates:  # "Doctor, Appointment"
            self.say(Predicate(nouns=clause.subjects[:1]))
            clause.subjects = []
        words = [noun.word for noun in nouns]
        linked = [*words, *(noun.word for one in clause.predicates for noun in one.nouns)]
        guessed = any(word.has("guessed") for word in linked) and not any(word.has("to") for word in words)
        refuse(guessed and (len(linked) > 1 or self.denial), "what an unknown word has to do with it was not signed")
        refuse(self.about and any(word.has("alone") for word in words), "what that has to do with it was not signed")
        refuse(self.denial and len(nouns) > 1, "which of several things was denied was not signed")
        for noun in nouns:
            last = clause.last
            if len(last.nouns) == 1 and not last.verb and not last.denied and _belong(last.nouns[0].word, noun.word):
                last.nouns.append(noun)
                last.denied, self.denial = self.denial, ""
            else:
                self.say(Predicate(nouns=[noun]))
        alone = [one.nouns[0].word.kind for one in clause.predicates if len(one.nouns) == 1 and not one.verb]
        refuse(self.about and "body" in alone, "what it is about the body was not signed")

    def _verbs(self, nouns: list[Noun]) -> None:
        """Read one or more verbs, and find their objects among the things before them."""
        end = self.span(("verb",), self.at)
        (first, *others), self.at = self.words[self.at : end], end
        if (
            first.has("noun") and others and (others[0].wants or ("thing" in others[0].of and not others[0].takes))
        ):  # "Help, Need"
            helper = any(one.word.has("helper") for one in self.clause.subjects)
            refuse(helper and not self.denial, "whether the doctor needs or gives help was not signed")
            nouns.append(Noun(Word(first.gloss, "thing", first.says, traits=("mass",))))
            first, *others = others
        nouns = self._means(first, nouns)
        if self._phase(first, nouns, others):
            return
        count = len(nouns)
        while count and accepts(first, nouns[count - 1].word):
            count -= 1
        taken = self._subject_of(first, nouns[:count], nouns[count:])
        for noun in taken:
            subjects = self.clause.subjects
            if noun.word.kind == "body" and subjects and not subjects[0].word.has("helper"):
                refuse(first.has("senses") or len(subjects) > 1, "whose body that is was not signed")
                noun.owner = subjects[0].as_pronoun()
        again = "again" in self.waiting
        predicate = Predicate(verb=first, nouns=[*self.objects, *taken], adverbs=self.waiting)
        self.objects, self.waiting = [], []
        had = first.text == "have" and any(noun.word.kind == "place" for noun in taken)
        refuse(had, "who has what was not signed")
        for verb in others:
            if verb.takes and not verb.has("noun"):
                predicate = Predicate(verb=verb, hangs=predicate)
            elif predicate.verb and predicate.verb.takes and not predicate.nouns and not predicate.hangs:
                predicate.hangs = Predicate(verb=verb)  # "Want, Eat"
            else:
                self.say(predicate)
                predicate = Predicate(verb=verb)
        if not predicate.nouns and not predicate.hangs:
            self._behind(predicate, predicate.verb or first)
        self.say(predicate)
        if not self.clause.subjects and not self.asked:
            self.clause.request |= self.please or (not others and (first.has("asked") or again))

    def _means(self, verb: Word, nouns: Sequence[Noun]) -> list[Noun]:
        """Turn the means of a verb into adverbs: "Mother, Bus, Go" by bus. Returns the other nouns."""
        means = [one for one in nouns if verb.means and one.word.means == verb.means and self.about == "person"]
        behind = verb.means and self.peek().means == verb.means and self.peek(1).kind in ("", "time", "negation")
        words = [*(one.word for one in means), *([self.take()] if behind else [])]
        self.waiting += [f"{word.means} {word.text}" for word in words]
        return [one for one in nouns if one not in means]

    def _phase(self, verb: Word, nouns: list[Noun], others: Sequence[Word]) -> bool:
        """Read "Operation, Finish" and "Mother, Fever, Start": the thing is finished, the fever starts."""
        free = not self.clause.subjects and not self.clause.predicates
        if verb.takes != "ing" or not verb.has("by_thing") or others or not nouns:
            return False
        symptom = nouns[-1].word.kind == "symptom"
        if not symptom and not (free and len(nouns) == 1 and nouns[0].word.kind == "thing"):
            return False
        self.link(nouns[:-1])
        self.topic(nouns[-1])
        state = Word(verb.gloss, "state", (inflect(verb.text, "VBN"),))
        self.say(Predicate(verb=verb) if symptom else Predicate(state=state))
        return True

    def _subject_of(self, verb: Word, left: list[Noun], taken: list[Noun]) -> list[Noun]:
        """Find who or what does the deed: the clause's subject, a thing, or nobody. Returns the verb's objects."""
        clause = self.clause
        free = not clause.subjects and not clause.predicates
        places = all(noun.word.kind == "place" for noun in taken)
        if verb.has("by_place") and free and not left and len(taken) == 1 and not self.please:  # "Hospital, Open"
            clause.subjects, taken = taken, []
        elif verb.has("by_thing") and free and len(left) == 1 and places and left[0].word.kind != "body":  # "Bus, Come"
            clause.subjects = left
        elif verb.has("by_thing") and left and left[-1].word.kind == "body" and not taken:  # "Leg, Hurt"
            self.link(left[:-1])
            self.topic(left[-1])
        else:
            itself = verb.has("by_thing") and left and left[-1].word.kind == "thing" and not taken
            refuse(itself, "who or what does that was not signed")
            self.link(left)
        owner = self.clause.predicates and self.about in NOUNS and self.clause.subjects[0].owner
        if self.about in NOUNS and (owner or not verb.has("by_thing")):  # "Grandmother, Eye, Weak, Glasses, Need"
            refuse(
                not owner and (not self.clause.predicates or taken or "thing" in verb.of),
                "who does that was not signed",
            )
            self.carry_owner()
        refuse(self.about == "place" and "place" in verb.of, "who does that was not signed")
        one = self.clause.subjects[0] if len(self.clause.subjects) == 1 else Noun(NOTHING)
        ill = self.clause.predicates and not any(said.verb for said in self.clause.predicates) and not self.asked
        if "receiver" in verb.of and taken and one.word.has("receives") and ill and not self.objects:
            self.open()  # "Child, Thirsty, Water, Give"
            self.objects, self.clause.request = [one.as_pronoun()], True
        elif verb.has("summons") and (taken or self.objects) and ill and one.word.pronoun not in ("I", "we"):
            self.open()  # "Husband, sick, Ambulance, Call"
            self.clause.request = True
        return taken

    def _behind(self, predicate: Predicate, verb: Word) -> None:
        """Read objects that were signed after their verb, as in English: "Mother, Take, Medicine"."""
        at = self.at
        nouns = self._nouns() if self.peek().kind in NOUNS else []
        if nouns and self.peek().kind not in ("verb", "state") and all(accepts(verb, noun.word) for noun in nouns):
            predicate.nouns = nouns
        else:
            self.at = at
        wants = verb.wants and not predicate.nouns and not self.asked and self.peek().kind != "person"
        refuse(wants, f"what is {verb.text}ed was not signed")


def _belong(*words: Word) -> bool:
    """Returns True if two nouns form one phrase: a pain and its body part, or an allergy and its cause."""
    kinds = {word.kind for word in words}
    against = any(one.has("to") and other.kind == "thing" for one, other in (words, words[::-1]))
    against = against or (words[0].has("helper") and words[1].has("with"))
    against = against or (words[0].means == "by" and words[1].has("located"))  # "Car, Accident"
    return against or ("body" in kinds and any(word.has("located") for word in words))
