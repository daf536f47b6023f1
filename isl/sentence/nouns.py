"""Reads things, places, symptoms and body parts, and joins those that form one phrase: "chest pain"."""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.clauses import NOTHING, NOUNS, Clause, Noun, Predicate, Segment
from isl.sentence.order import accepts, arrange
from isl.sentence.words import Word, dictionary_case

JOINTS = {"in": "body", "to": "thing"}  # a noun with this trait is joined to a noun of this kind


class Reading:
    """Reads the nouns of one segment, and holds the state of the reading.

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

    def run(self, *kinds: str) -> list[Word]:
        """Takes the next words of these kinds."""
        begin = self.at
        while self.peek().kind in kinds:
            self.at += 1
        return self.words[begin : self.at]

    def open(self, subjects: Sequence[Noun] = ()) -> None:
        """Begin a clause, with subjects that were named before or without subjects."""
        self.segment.clauses.append(Clause(list(subjects), carried=bool(subjects), tense=self.clause.tense))

    def say(self, predicate: Predicate) -> None:
        self.clause.predicates.append(predicate)

    def nouns(self, about: str = "") -> list[Noun]:
        """Reads things, places, symptoms and body parts, with their numbers and states, signed of a kind of subject."""
        found: list[Noun] = []
        states: list[Word] = []
        while (word := self.peek()).kind:
            after = self.peek(1)
            number = self.take().text if word.kind == "number" and after.kind in NOUNS else ""
            if number or word.kind in NOUNS:
                found.append(Noun(self.take(), states=states, number=number))
                states = []
            elif word.kind == "state" and not found and self._describes(word, after, about or self.clause.about):
                states.append(self.take())
            elif word.kind == "time" and found and self._is_inside(found[-1].word):
                self.inside.append(self.take())
            elif (
                word.kind == "state"
                and found
                and word.fits("thing")
                and after.kind == "verb"
                and accepts(after, found[-1].word)
                and found[-1].word.kind == "thing"
            ):
                found[-1].states.append(self.take())  # "Water, clean, Drink"
            elif self.is_named(word, after):
                kind = "thing" if after.slot("thing") is not None else "place"
                name = dictionary_case(word.text)
                found.append(Noun(Word(self.take().gloss, kind, (name,), traits=("mass", "guessed"))))
            else:
                break
        return found

    def _is_inside(self, noun: Word) -> bool:
        """Returns True if a time stands between a noun and its verb or state: "Medicine, Morning, Take"."""
        head = next((word for word in self.words[self.at :] if word.kind != "time"), NOTHING)
        state = head.kind == "state" and head.fits("thing") and noun.kind != "symptom"
        return not self.peek().has("joins") and (
            state or (head.kind == "verb" and (accepts(head, noun) or head.has("by_thing")))
        )

    def _describes(self, state: Word, noun: Word, about: str) -> bool:
        """Returns True if a state belongs to the noun behind it: "cold, Water", "High, Fever", "Indian, Food"."""
        free = not (about or self.clause.predicates)
        if state.has("origin") or state.has("group"):
            return (state.has("origin") and noun.kind in ("thing", "symptom")) or (free and noun.kind == "place")
        if state.of == ("any",):
            return free and noun.kind in ("thing", "place") and not self.asked
        return state.of == ("thing",) and noun.kind in ("thing", "symptom") and about in ("", "person")

    def is_named(self, word: Word, verb: Word) -> bool:
        """Returns True if an unknown word can only be the thing or the place of the verb after it: "Delhi, Live"."""
        place = (verb.slot("place") or "at") != "at"
        return word.kind == "unknown" and verb.kind == "verb" and (verb.slot("thing") is not None or place)


def join(nouns: Sequence[Noun], topic: bool = False) -> list[Noun]:
    """Joins neighbours that form one phrase: a pain and its body part, an allergy and its cause, a car accident.

    Args:
        topic: the last noun is a topic, so that it is never joined to the one before it: "Accident, Leg, broken".
    """
    joined: list[Noun] = []
    for at, noun in enumerate(nouns):
        before = joined[-1] if joined else Noun(NOTHING)
        later = noun.word.kind == "body" and any(one.word.has("in") for one in nouns[at + 1 : at + 2])
        for one, other in ((noun, before), *(() if later else ((before, noun),))):
            joint = next(
                (trait for trait, kind in JOINTS.items() if one.word.has(trait) and other.word.kind == kind), ""
            )
            if other.word.has("by") and one.word.has("in"):
                joint = "by"
            if one is noun and one.word.has("of") and other.word.kind == "thing" and other.word.text != "money":
                joint = "by"  # "Sugar, Test"
            if joint and not one.joined and not (topic and one is before and noun is nouns[-1]):
                one.joint, one.joined = joint, other
                joined[-1:] = [one]
                break
        else:
            own = noun.word.kind == "thing" and noun.word.has("own")
            if before.word.kind and (own or (topic and noun is nouns[-1] and before.word.kind == "place")):
                noun.owner = before  # "Medicine, Price", "Hospital, Food, cold"
                joined.pop()
            joined.append(noun)
    return joined
