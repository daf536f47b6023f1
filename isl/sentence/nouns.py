"""Reads things, places, symptoms and body parts, and joins those that form one phrase: "chest pain"."""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.clauses import NOTHING, NOUNS, Clause, Noun, Predicate, Segment, refuse
from isl.sentence.order import accepts, arrange
from isl.sentence.words import Word, dictionary_case

NO_RELATION = "what that has to do with it was not signed"
WHOSE = "whose that is was not signed"


class NounReading:
    """Holds the state of reading one segment, reads its nouns, and makes them topics or predicates.

    Attributes:
        at: the index of the next word.
        objects: persons who are the object of the next verb.
        inside: times that stand between a noun and its verb.
        adverbs: adverbs of the next verb.
    """

    def __init__(self, segment: Segment, words: Sequence[Word], please: bool, asked: Word | None) -> None:
        self.segment, self.please, self.asked = segment, please, asked
        self.words, self.at = arrange(words), 0
        self.objects: list[Noun] = []
        self.inside: list[Word] = []
        self.adverbs: list[str] = []
        segment.clauses.append(Clause())

    @property
    def clause(self) -> Clause:
        return self.segment.clauses[-1]

    def peek(self, ahead: int = 0) -> Word:
        return self.words[self.at + ahead] if 0 <= self.at + ahead < len(self.words) else NOTHING

    def take(self) -> Word:
        self.at += 1
        return self.words[self.at - 1]

    def run(self, kind: str) -> list[Word]:
        """Takes the next words of a kind."""
        begin = self.at
        while self.peek().kind == kind:
            self.at += 1
        return self.words[begin : self.at]

    def open(self, subjects: Sequence[Noun] = ()) -> None:
        """Begin a clause, with subjects that were named before or without subjects."""
        self.segment.clauses.append(Clause(list(subjects), carried=bool(subjects), tense=self.clause.tense))

    def say(self, predicate: Predicate) -> None:
        self.clause.predicates.append(predicate)

    def open_after_thing(self) -> None:
        """Begin a clause about the owner of the last clause's thing, or about nobody: "Father, Bill, High, Money"."""
        refuse(not self.clause.predicates, NO_RELATION)
        owner = self.clause.subjects[0].owner
        self.open([owner] if owner and owner.kind == "person" else [])

    def topic(self, noun: Noun) -> None:
        """Make a thing the subject of the next predicates: "Father, Bill, High" is about his bill."""
        clause, one = self.clause, self.clause.only.kind == "person"
        refuse(clause.subjects and not clause.predicates and not one, WHOSE)
        if one and not clause.predicates:
            refuse(noun.owner and noun.owner.kind == "person", WHOSE)
            owned = noun.owner or noun  # "Baby, Bill, Name": the name of the baby's bill
            owned.owner = clause.subjects[0]
        elif not clause.is_free:
            noun.owner = clause.subjects[0].as_pronoun() if one and noun.kind == "body" else noun.owner
            self.open()
        self.clause.subjects = [noun]

    def link(self, nouns: Sequence[Noun]) -> None:
        """Add predicates for things that were signed without a verb; each gets a relation such as "needs" later."""
        if not nouns:
            return
        only, last = self.clause.only, self.clause.last
        if self.clause.about in NOUNS:
            self.open_after_thing()
        elif self.clause.request or (only.has("helper") and self.clause.predicates and nouns[0].kind == "symptom"):
            self.open()
        clause = self.clause
        if nouns[0].has("with") and only.has("helper") and not clause.predicates:  # "Doctor, Appointment"
            nouns[0].joint, nouns[0].joined = "with", clause.subjects[0]
            clause.subjects = []
        linked = [*nouns, *(noun for one in clause.predicates for noun in one.nouns)]
        guessed = any(noun.has("guessed") for noun in linked) and not any(noun.has("to") for noun in nouns)
        refuse(guessed and len(linked) > 1, NO_RELATION)
        refuse(clause.about and any(noun.has("alone") or noun.kind == "body" for noun in nouns), NO_RELATION)
        wanted = last.verb if last.verb and last.verb.text == "want" and not last.hangs else None
        for noun in nouns:
            self.say(Predicate(nouns=[noun], verb=wanted))  # "Milk, Want, Water, Not"

    def nouns(self, about: str = "") -> list[Noun]:
        """Reads nouns with their numbers and states, signed of a kind of subject."""
        found: list[Noun] = []
        states: list[Word] = []
        while (word := self.peek()).kind:
            after, last = self.peek(1), found[-1].word if found else NOTHING
            number = self.take().text if word.kind == "number" and after.kind in NOUNS else ""
            if number or word.kind in NOUNS:
                found.append(Noun(self.take(), states=states, number=number))
                states = []
            elif word.kind == "state" and not found and self._describes(word, after, about or self.clause.about):
                states.append(self.take())
            elif word.kind == "time" and found and self._is_inside(last):
                self.inside.append(self.take())
            elif (word.kind, last.kind, after.kind) == ("state", "thing", "verb") and _fit(word, after, last):
                found[-1].states.append(self.take())  # "Water, clean, Drink"
            elif word.kind == "unknown" and (kind := _named_kind(after)):
                name = dictionary_case(self.take().text)  # "Delhi, Live"
                found.append(Noun(Word(word.gloss, kind, (name,), traits=("mass", "guessed"))))
            else:
                break
        return found

    def _is_inside(self, noun: Word) -> bool:
        """Returns True if a time stands between a noun and its verb or state: "Medicine, Morning, Take"."""
        head = next((word for word in self.words[self.at :] if word.kind != "time"), NOTHING)
        if head.kind == "verb":
            return not self.peek().has("joins") and (accepts(head, noun) or head.has("by_thing"))
        return head.kind == "state" and head.fits("thing") and noun.kind != "symptom"

    def _describes(self, state: Word, noun: Word, about: str) -> bool:
        """Returns True if a state belongs to the noun behind it: "cold, Water", "High, Fever", "Indian, Food"."""
        free, thing = not (about or self.clause.predicates), noun.kind in ("thing", "symptom")
        if state.has("origin") or state.has("group"):
            return (state.has("origin") and thing) or (free and noun.kind == "place")
        if state.of == ("any",):
            return free and noun.kind in ("thing", "place") and not self.asked
        return state.of == ("thing",) and thing and about in ("", "person")

    def _takes(self, verb: Word, noun: Noun) -> bool:
        """Returns True if a noun can be the verb's object; in "Doctor, Fever, Check" the fever is not the doctor's."""
        checked = noun.kind == "symptom" and verb.slot("thing") is not None and self.clause.only.has("helper")
        return checked or accepts(verb, noun.word)

    def _means(self, verb: Word, nouns: Sequence[Noun]) -> list[Noun]:
        """Turn the means of a verb into adverbs: "Mother, Bus, Go" by bus. Returns the other nouns."""
        means = [one.word for one in nouns if verb.means == one.word.means != "" and self.clause.about == "person"]
        if verb.means == self.peek().means != "" and self.peek(1).kind in ("", "time", "negation"):
            means.append(self.take())
        self.adverbs += [f"{word.means} {word.text}" for word in means]
        return [one for one in nouns if one.word not in means]

    def _behind(self, predicate: Predicate, verb: Word) -> None:
        """Read objects that were signed after their verb, as in English: "Mother, Take, Medicine"."""
        at, nouns = self.at, self.nouns()
        if nouns and self.peek().kind not in ("verb", "state") and all(self._takes(verb, noun) for noun in nouns):
            predicate.nouns = join(nouns)
        else:
            self.at = at
        wants = verb.wants and not predicate.nouns and not self.asked and self.peek().kind != "person"
        refuse(wants, f"the object of “{verb.gloss}” was not signed")


def _fit(state: Word, verb: Word, thing: Word) -> bool:
    return state.fits("thing") and accepts(verb, thing)


def _named_kind(verb: Word) -> str:
    """Returns the kind of an unknown word before a verb, if it can only be the verb's thing or place."""
    thing = verb.kind == "verb" and verb.slot("thing") is not None
    return "thing" if thing else "place" if verb.kind == "verb" and (verb.slot("place") or "at") != "at" else ""


def _joint(one: Noun, other: Noun) -> str:
    """Returns the preposition that joins a noun to another: pain "in" the chest; "by" before the noun: car accident."""
    if (other.has("by") and one.has("in")) or (one.has("of") and other.kind == "thing" and other.word.text != "money"):
        return "by"
    fits = (one.has("in") and other.kind == "body", one.has("to") and other.kind == "thing")
    return "in" if fits[0] else "to" if fits[1] else ""


def join(nouns: Sequence[Noun], topic: bool = False) -> list[Noun]:
    """Joins neighbours that form one phrase: a pain and its body part, an allergy and its cause, a car accident.

    Args:
        topic: the last noun is a topic, so that it is never joined to the one before it: "Accident, Leg, broken".
    """
    joined: list[Noun] = []
    for noun, after in zip(nouns, [*nouns[1:], Noun(NOTHING)], strict=False):
        before, ends = joined[-1] if joined else Noun(NOTHING), topic and noun is nouns[-1]
        waits = ends or (noun.kind == "body" and after.has("in"))  # "Cough, Chest, Pain"
        if joint := _joint(noun, before):
            noun.joint, noun.joined, joined[-1] = joint, before, noun
        elif not (waits or before.joined) and (joint := _joint(before, noun)) and not before.has("of"):
            before.joint, before.joined = joint, noun
        else:
            if before.kind and (noun.has("own") or (ends and before.kind == "place")):
                noun.owner = joined.pop()  # "Medicine, Price", "Hospital, Food, cold"
            joined.append(noun)
    return joined
