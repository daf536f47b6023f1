"""Reads predicates: verbs with their objects, and things without a verb, which somebody needs or has."""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.clauses import NOTHING, Clause, Noun, Predicate, Segment, refuse
from isl.sentence.english import counted
from isl.sentence.words import Word

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
            fits = after.kind == "state" and after.of != ("person",)
            place = fits and last.word.kind == "place" and "any" in after.of and self.about
            refuse(place, f"whether somebody or a place is {after.text} was not signed")
            own = last.word.kind == "thing" and last.word.has("own")
            owned = own and len(nouns) > 1
            if owned:
                last.owner = nouns[-2]  # "Medicine, Price"
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
            elif word.kind == "time" and nouns and verb.kind and not word.has("joins"):
                self.clause.times.append(self.take())
                self.clause.tense = word.tense or self.clause.tense
            elif word.kind == "adverb" and nouns and verb.kind:
                self.waiting.append(self.take().text)
            elif word.kind == "unknown" and "thing" in verb.of:
                nouns.append(Noun(Word(self.take().gloss, "thing", word.says, traits=("mass", "guessed"))))
            else:
                break
        return nouns

    def _number(self, nouns: list[Noun]) -> None:
        number, after, clause = self.take(), self.peek(), self.clause
        subject = clause.subjects[-1] if clause.subjects else Noun(NOTHING)
        own = self.about == "thing" and not clause.predicates
        if nouns and nouns[-1].word.has("own"):  # "Age, Two"
            self.topic(nouns.pop())
            own = True
        amount = number.text
        if after.kind == "measure":
            self.take()
            amount = counted(number.text, after.text)
        if own and (after.kind == "measure" or not after.kind):
            self.say(Predicate(nouns=[Noun(Word(amount, "unknown", (amount,)))], identity=True))
        elif after.kind == "measure" and (nouns or clause.predicates):
            self.link(nouns)
            nouns.clear()
            last = self.clause.predicates[-1]
            refuse(last.lasting or last.denied, "what lasts so long was not signed")
            last.lasting = amount
        elif after.kind == "measure" and after.text == "year" and subject.word.kind and not self.peek().kind:
            self.say(Predicate(state=Word(amount, "state", (f"{amount} old",))))
        elif after.text in ("day", "week", "hour") and self.peek().kind in ("state", "symptom"):
            self.lasting = amount
        elif after.kind in ("thing", "symptom", "body") and not nouns:
            nouns.append(Noun(self.take(), number=amount))
        else:
            alone = subject.owner and not after.kind and not clause.predicates and not nouns
            refuse(not alone or subject.word.has("collective"), "what was counted was not signed")
            clause.subjects = [subject.owner] if subject.owner else []  # "I, Brother, Two"
            self.say(Predicate(nouns=[Noun(Word(subject.word.gloss, "thing", subject.word.says), number=amount)]))

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
        if first.has("noun") and others and others[0].takes and not others[0].has("modal"):  # "Help, Need"
            helper = any(one.word.has("helper") for one in self.clause.subjects)
            refuse(helper and not self.denial, "whether the doctor needs or gives help was not signed")
            nouns.append(Noun(Word(first.gloss, "thing", first.says, traits=("mass",))))
            first, *others = others
        count = len(nouns)
        while count and self.accepts(first, nouns[count - 1].word):
            count -= 1
        left, taken = nouns[:count], nouns[count:]
        free = not self.clause.subjects and not self.clause.predicates
        places = all(noun.word.kind == "place" for noun in taken)
        if first.has("by_place") and free and not left and len(taken) == 1:  # "Hospital, Open"
            self.clause.subjects, taken = taken, []
        elif (
            first.has("by_thing") and free and len(left) == 1 and places and left[0].word.kind != "body"
        ):  # "Bus, Come"
            self.clause.subjects = left
        elif first.has("by_thing") and left and left[-1].word.kind == "body" and not taken:  # "Leg, Hurt"
            self.link(left[:-1])
            self.topic(left[-1])
        else:
            itself = first.has("by_thing") and left and left[-1].word.kind == "thing" and not taken
            refuse(itself, "who or what does that was not signed")
            self.link(left)
        if self.about in NOUNS and not first.has("by_thing"):
            refuse(not self.clause.predicates or taken or "thing" in first.of, "who does that was not signed")
            self.carry_owner()
        refuse(self.about == "place" and "place" in first.of, "who does that was not signed")
        for noun in taken:
            subjects = self.clause.subjects
            if noun.word.kind == "body" and subjects and not subjects[0].word.has("helper"):
                refuse(first.has("senses") or len(subjects) > 1, "whose body that is was not signed")
                noun.owner = subjects[0].as_pronoun()
        again = bool(self.waiting)
        predicate = Predicate(verb=first, nouns=[*self.objects, *taken], adverbs=self.waiting)
        self.objects, self.waiting = [], []
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
        if not self.clause.subjects and not self.asked and not others:
            self.clause.request |= self.please or first.has("asked") or again

    def accepts(self, verb: Word, noun: Word) -> bool:
        """Returns True if a noun can be the object or the place of a verb."""
        thing = noun.kind in ("thing", "body") and (noun.has("own") or not noun.has("alone"))
        return noun.kind == "place" or (thing and "thing" in verb.of)

    def _behind(self, predicate: Predicate, verb: Word) -> None:
        """Read objects that were signed after their verb, as in English: "Mother, Take, Medicine"."""
        at = self.at
        nouns = self._nouns() if self.peek().kind in NOUNS else []
        claimed = self.peek().kind in ("verb", "state")
        if nouns and not claimed and all(self.accepts(verb, noun.word) for noun in nouns):
            predicate.nouns = nouns
        else:
            self.at = at
        wants = verb.takes == "to" and "place" in verb.of and not predicate.nouns
        refuse(wants and not self.asked and self.peek().kind != "person", f"what is {verb.text}ed was not signed")


def _belong(*words: Word) -> bool:
    """Returns True if two nouns form one phrase: a pain and its body part, or an allergy and its cause."""
    kinds = {word.kind for word in words}
    against = any(one.has("to") and other.kind == "thing" for one, other in (words, words[::-1]))
    return against or (kinds == {"symptom", "body"} and any(word.has("pain") for word in words))
