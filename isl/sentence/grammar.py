"""Reads glosses in the order of Indian Sign Language: time, topic, predicate, denial, question.

A greeting begins a segment. A new person or a time begins a clause. A denial belongs to the sign before it; directly
after a person it belongs to the next sign. Words that do not fit into this order raise ``DoubtError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from isl.sentence.clauses import Clause, Noun, Predicate, Segment, refuse
from isl.sentence.deeds import NOUNS
from isl.sentence.english import with_article
from isl.sentence.order import arrange
from isl.sentence.persons import Persons
from isl.sentence.words import Word

CONTENT = ("person", "state", "verb", "measure", "number", *NOUNS)


def parse(words: Sequence[Word]) -> list[Segment]:
    """Turns words, in the order of the signs, into segments. Every word is used.

    Raises:
        DoubtError: the words cannot be read, or have two meanings that exclude each other.
    """
    if [word.kind for word in words] == ["person", "phrase"] and not words[0].has("pronoun"):
        words = words[::-1]  # "Doctor, Hello"
    segments = [Segment()] if words else []
    please = any(word.has("please") for word in words)
    rest = [word for word in words if not word.has("please")]
    while rest:
        word = rest[0]
        answers = word.text == "no" and len(rest) > 1 and not segments[-1].clauses
        refuse(answers and rest[1].kind != "person", "“no” may answer somebody or deny what comes after it")
        if segments[-1].clauses:
            segments.append(Segment())
        if word.kind == "phrase" or answers:
            _greet(segments, rest)
        else:
            content = [word, *takewhile(lambda one: one.kind != "phrase", rest[1:])]
            del rest[: len(content)]
            if segments[-1].before and [one.pronoun for one in content] == ["you"]:  # "Welcome, You"
                before = segments[-1].before
                before[-1] += "" if "you" in before[-1] else " to you"
                continue
            Grammar(segments[-1], content, please).read()
    if please:
        asked = [segment for segment in segments if segment.clauses and segment.clauses[-1].request]
        [*segments[-1:], *asked][-1].behind.append("please")
    return segments


def _greet(segments: list[Segment], rest: list[Word]) -> None:
    """Put a greeting before the next words, or after the last ones if no word follows."""
    word = rest.pop(0)
    text = word.text
    if word.has("names"):
        name = list(takewhile(lambda one: one.kind == "unknown", rest))
        text = " ".join([text, *(one.text for one in name)])
        del rest[: len(name)]
    elif word.has("welcomes") and rest and rest[0].kind == "place":
        place = rest.pop(0)
        text += f" to {with_article(place.text, place.article)}"
    if not rest and len(segments) > 1 and not segments[-1].before and not word.has("asks"):
        segments.pop()
        segments[-1].behind.append(text)
        return
    if segments[-1].asks:
        segments.append(Segment())
    segments[-1].before.append(text)
    segments[-1].asks = word.has("asks")


class Grammar(Persons):
    """Reads one segment word by word. ``Persons`` reads the subjects."""

    def read(self) -> None:
        """Fill the segment with clauses."""
        asked = [word for word in self.words if word.kind == "question"]
        refuse(len(asked) > 1, "two questions were signed at once")
        if asked and self.words[0] is not asked[0]:
            after = {word.kind for word in self.words[self.words.index(asked[0]) + 1 :]}
            fits = after <= {"verb"} or (after == {"state"} and asked[0].text == "which")
            if after == {"adverb"}:  # "Name, What, Again"
                self.segment.behind.append(self.words.pop().text)
            elif not fits:
                refuse(True, f"what “{asked[0].text}” asks about was not signed")
        self.words = arrange([word for word in self.words if word.kind != "question"])
        while self.at < len(self.words):
            kind = self.peek().kind
            self._arguments() if kind in ("number", "verb", *NOUNS) else getattr(self, f"_{kind}")()
        unused = self.denial or self.waiting or self.describing or self.lasting or self.objects
        refuse(unused, "what was denied or described was not signed")
        clauses = [one for one in self.segment.clauses if one.subjects or one.predicates or one.times] or [Clause()]
        self.segment.clauses = clauses
        dead = [c for c in clauses for p in c.predicates if p.state and p.state.has("ends") and not p.denied]
        alive = any(len(clause.predicates) > 1 or clause.times for clause in dead)
        refuse(alive or any(clause.carried for clause in clauses if dead), "the dead need and do nothing")
        idle = [one for one in clauses if one.subjects and one.subjects[0].word.kind == "person" and not one.predicates]
        refuse(idle and len(clauses) > 1 and not asked, "what somebody has to do with it was not signed")
        if asked:
            unclear = len(clauses) > 1 and not clauses[-1].carried and asked[0].text == "who"
            refuse(unclear, "about whom “who” asks was not signed")
            clauses[-1].question, self.segment.asks = asked[0], True

    def _state(self) -> None:
        word, clause, after = self.take(), self.clause, self.peek()
        last, before = clause.last, self.peek(-2)
        whose = after.kind == "person" and not clause.subjects and not after.has("helper")
        refuse(whose and not clause.predicates, "of whom that was said was not signed")
        person, near = self.about == "person", after.kind in ("thing", "symptom")
        if word.has("sense") and after.kind == "state" and person and not clause.predicates:  # "Hearing, Weak"
            unclear = after.has("sense") or self.peek(1).kind == "negation"
            refuse(unclear, "whether somebody or a sense is so was not signed")
            self.topic(Noun(Word(word.gloss, "body", word.says, article="the")))
        elif word.has("manner") and last.verb and before.kind == "verb":
            last.adverbs.append(f"{word.text}ly")
        elif word.has("manner") and after.kind == "verb" and not self.peek(1).takes:  # "slow, Speak"
            self.waiting.append(f"{word.text}ly")
        elif (
            word.of == ("any",)
            and after.kind in ("thing", "place")
            and not (self.about or clause.predicates or self.asked)
        ):
            self.describing.append(word)  # "cold, Water"
        elif word.of == ("thing",) and near and self.about in ("", "person"):  # "High, Fever"
            self.describing.append(word)
        elif word.has("fears") and last.nouns and not last.verb and not last.denied:
            noun = clause.predicates.pop().nouns[-1].word
            text = f"{word.text} of {with_article(noun.text, noun.article)}"
            self.say(Predicate(state=replace(word, says=(text,))))
        else:
            unclear = word.of == ("any",) and near and person and not word.has("ill")
            unclear = unclear or (word.of == ("thing",) and self.about in ("", "person")) or before.kind == "verb"
            refuse(unclear, f"what is {word.text} was not signed")
            others = [one.state for one in clause.predicates if one.state and not one.denied]
            both = any("deaf" in (one.text, word.text) and "hearing" in (one.text, word.text) for one in others)
            refuse(both and after.kind != "negation" and not self.denial, "nobody is both")
            self.say(Predicate(state=word))

    def _time(self) -> None:
        """Read a time. It belongs to the words after it; at the end of the signs, to the last clause."""
        word, clause = self.take(), self.clause
        rest = [one.kind for one in self.words[self.at :] if one.kind in CONTENT]
        joins = word.has("joins") and any(one.kind in ("verb", "thing", "place") for one in self.words)
        refuse(joins, "what comes before what was not signed")
        if clause.predicates and rest and self.peek().kind != "time":  # "Fever, Before, Now, healthy"
            first = not any(one.times for one in self.segment.clauses)
            unclear = first and (rest[0] == "person" or word.tense != "future")
            refuse(unclear, "for which of two things the time was signed is open")
            self.open(() if rest[0] == "person" else clause.subjects)
        else:
            several = clause.predicates and (clause.times or len(self.segment.clauses) > 1)
            refuse(several, "for which of several things the time was signed is open")
            refuse(clause.times and clause.subjects and rest, "which of two times holds was not signed")
        clause = self.clause
        clause.times.append(word)
        refuse(len({one.tense for one in clause.times} - {""}) > 1, "which of two times holds was not signed")
        clause.late = bool(clause.predicates)
        clause.tense = word.tense or (clause.tense if clause.times[:-1] else "present")

    def _negation(self) -> None:
        word, last, after = self.take(), self.clause.last, self.peek()
        denied = "never" if word.text == "never" else "not"
        before = self.peek(-2).kind
        if not self.clause.predicates or before == "time":
            unclear = self.denial or after.kind in ("", "person", "negation") or before == "negation"
            refuse(unclear, "what was denied was not signed")
            self.denial = denied
            return
        refuse(last.denied or last.lasting or self.denial, "what was denied was not signed")
        earlier = self.clause.predicates[-2] if len(self.clause.predicates) > 1 else Predicate()
        both = last.verb and not last.nouns and earlier.verb and not earlier.denied
        refuse(both, "whether one deed or both were denied was not signed")
        last.denied = denied

    def _measure(self) -> None:
        refuse(True, f"how many {self.take().text}s was not signed")

    def _adverb(self) -> None:
        word, last = self.take(), self.clause.last
        refuse(word.has("since"), "since when was not signed")
        if self.clause.predicates and not last.denied and not last.lasting:
            last.adverbs.append(word.text)
        elif self.peek().kind in ("verb", *NOUNS):
            self.waiting.append(word.text)
        else:
            if last.denied:
                self.open()  # in "Understand, Not, Again", the signer wants something again
            self.say(Predicate(state=word))

    def _unknown(self) -> None:
        """Read an unknown word: a name after "name", the object of the next verb, or else a subject."""
        word, after = self.take(), self.peek()
        if self.about == "thing" and not self.clause.predicates:
            self.say(Predicate(nouns=[Noun(word)], identity=True))
            if after.kind:
                self.carry_owner()  # "I, Name, Ravi, Deaf"
        elif self.is_named(word, after) and not after.has("by_thing"):
            self.at -= 1
            self._arguments()
        else:
            alone = self.at == 1 and after.kind in ("", "state", "symptom")
            refuse(not alone, f"{word.text} is not in the tables")
            self.clause.subjects.append(Noun(word))
