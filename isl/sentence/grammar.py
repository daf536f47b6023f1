"""Reads glosses in the order of Indian Sign Language: time, topic, what is said of it, denial, question.

A greeting opens a segment, a new person a clause, a time a clause with that time. A denial is for the sign before it,
or, right behind a person, for what comes next. What has no place in this order raises ``DoubtError``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from isl.sentence.clauses import Clause, DoubtError, Noun, Predicate, Segment
from isl.sentence.english import with_article
from isl.sentence.persons import Persons
from isl.sentence.words import Word

TOPICS = ("thing", "place", "symptom", "body")
CONTENT = ("person", "state", "verb", "measure", "number", *TOPICS)


def parse(words: Sequence[Word]) -> list[Segment]:
    """Words, as they were signed, to segments; every word has its place in them.

    Raises:
        DoubtError: they cannot be read, or in two ways that exclude each other.
    """
    segments = [Segment()]
    content: list[Word] = []
    please = any(word.has("please") for word in words)
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word.text == "no" and not content and rest and segments[-1].clauses == []:  # an answer, or a denial?
            if rest[0].kind != "person":
                raise DoubtError("“no” may answer somebody or deny what comes after it")
            word = Word(word.gloss, "phrase", ("no",))
        if word.kind != "phrase":
            content.append(word)
            continue
        if word.has("please"):
            continue
        if content:
            _close(segments, content, please)
            content = []
        text = word.text
        if word.has("names"):
            name = list(takewhile(lambda one: one.kind == "unknown", rest))
            text = " ".join([text, *(one.text for one in name)])
            del rest[: len(name)]
        elif word.has("welcomes") and rest and rest[0].kind == "place":
            place = rest.pop(0)
            text = " ".join(filter(None, (text, "to", place.article, place.text)))
        if not rest and segments[-1].clauses and not word.has("asks"):
            segments[-1].behind.append(text)
        else:
            if segments[-1].clauses or segments[-1].asks:
                segments.append(Segment())
            segments[-1].before.append(text)
            segments[-1].asks = word.has("asks")
    if content:
        _close(segments, content, please)
    if please:
        _ask(segments)
    return segments


def _close(segments: list[Segment], content: Sequence[Word], please: bool) -> None:
    if segments[-1].clauses:
        segments.append(Segment())
    Grammar(segments[-1], content, please).read()


def _ask(segments: Sequence[Segment]) -> None:
    """Put "please" before a request, or behind what is wanted."""
    for segment in segments:
        if segment.clauses and segment.clauses[-1].request:
            segment.behind.append("please")
            return
    segments[-1].behind.append("please")


class Grammar(Persons):
    """Reads one segment: what is said, word for word; who it is said of is read in ``Persons``."""

    def read(self) -> None:
        """Fill the segment with clauses."""
        asked = [word for word in self.words if word.kind == "question"]
        if len(asked) > 1:
            raise DoubtError("two questions were signed at once")
        if asked and self.words.index(asked[0]) not in (0, len(self.words) - 1):
            after = self.words[self.words.index(asked[0]) + 1 :]
            if any(word.kind != "verb" for word in after):
                raise DoubtError(f"what “{asked[0].text}” asks about was not signed")
        self.words = [word for word in self.words if word.kind != "question"]
        self._move_topics()
        self._move_denials()
        while self.at < len(self.words):
            kind = self.words[self.at].kind
            if kind == "unknown":
                self._unknown()
            elif kind in ("thing", "place", "symptom", "body", "number", "verb"):
                self._arguments()
            else:
                getattr(self, f"_{kind}")()
        self._finish(asked)

    def _finish(self, asked: Sequence[Word]) -> None:
        if self.denial or self.waiting or self.describing or self.lasting or self.objects:
            raise DoubtError("what was denied or when it was so was not signed")
        self.segment.clauses = [c for c in self.segment.clauses if c.subjects or c.predicates or c.times]
        clauses = self.segment.clauses
        if not clauses:
            clauses.append(Clause())
        ends = [c for c in clauses for p in c.predicates if p.state and p.state.has("ends") and not p.denied]
        if any(len(clause.predicates) > 1 for clause in ends) or any(c.carried for c in clauses if ends):
            raise DoubtError("the dead need and do nothing")
        if asked:
            if len(clauses) > 1 and clauses[-1].carried is False and asked[0].text == "who":
                raise DoubtError("about whom “who” asks was not signed")
            clauses[-1].question = asked[0]
            self.segment.asks = True

    def _move_topics(self) -> None:
        """Put things that were signed before somebody behind him: "Medicine, Mother, Take"."""
        words = self.words
        start = len(list(takewhile(lambda word: word.kind == "time", words)))
        end = start + len(list(takewhile(lambda word: word.kind in (*TOPICS, "unknown"), words[start:])))
        stop = end + len(list(takewhile(lambda word: word.kind == "person", words[end:])))
        if start < end < stop and not (stop < len(words) and words[stop].kind in ("number", "measure")):
            self.words = [*words[:start], *words[end:stop], *words[start:end], *words[stop:]]
            return
        state = start + len(list(takewhile(lambda word: word.kind == "state", words[start:])))
        behind = state + len(list(takewhile(lambda word: word.kind == "person", words[state:])))
        if start < state < behind and not words[state].has("helper"):  # "sick, Mother"
            if behind < len(words):
                raise DoubtError("of whom that was said was not signed")
            self.words = [*words[:start], *words[state:], *words[start:state]]

    def _move_denials(self) -> None:
        """Put "not" behind the verb after it where that verb takes the noun before it: "Milk, Not, Want"."""
        for at in range(1, len(self.words) - 1):
            before, word, verb = self.words[at - 1 : at + 2]
            direct = before.kind == "thing" or "place" in verb.of
            between = word.kind == "negation" and verb.kind == "verb" and before.kind in ("thing", "place")
            if between and direct and self.accepts(verb, before):
                behind = at + len(list(takewhile(lambda one: one.kind == "verb", self.words[at + 1 :])))
                self.words[at : behind + 1] = [*self.words[at + 1 : behind + 1], word]

    def _state(self) -> None:
        word, clause = self.take(), self.clause
        after = self.peek()
        person = clause.subjects and clause.subjects[-1].word.kind == "person"
        last = clause.predicates[-1] if clause.predicates else None
        if word.has("sense") and after and after.kind == "state" and person and not clause.predicates:
            if after.has("sense") or (self.kind(1) == "negation"):
                raise DoubtError("whether somebody or a sense is so was not signed")
            self.topic(Noun(Word(word.gloss, "body", word.says, article="the")))
            return
        if word.has("manner") and last and last.verb and self.words[self.at - 2].kind == "verb":
            last.adverbs.append(f"{word.text}ly")
            return
        near = after is not None and after.kind in ("thing", "symptom")
        if word.of == ("thing",) and near and (person or not clause.subjects):  # "High, Fever"
            self.describing.append(word)
            return
        if word.has("fears") and last and last.nouns and not last.verb and not last.denied:
            noun = clause.predicates.pop().nouns[-1].word
            text = f"{word.text} of {with_article(noun.text, noun.article)}"
            self.say(Predicate(state=replace(word, says=(text,))))
            return
        if word.of == ("any",) and near and person and not word.has("ill"):
            raise DoubtError(f"what is {word.text} was not signed")
        if word.of == ("thing",) and (person or not clause.subjects):
            raise DoubtError(f"what is {word.text} was not signed")
        if self.words[self.at - 2 : self.at - 1] and self.words[self.at - 2].kind == "verb":
            raise DoubtError(f"what is {word.text} was not signed")
        states = [p.state for p in clause.predicates if p.state and not p.denied]
        denied = self.denial or (after is not None and after.kind == "negation")
        if any(other and other.has("sense") != word.has("sense") and "deaf" in (other.text, word.text)
               for other in states) and not denied:  # fmt: skip
            raise DoubtError("nobody is both")
        self.say(Predicate(state=word))

    def _time(self) -> None:
        """A time is for what follows it; one at the end is for what came last."""
        word, clause = self.take(), self.clause
        rest = [one for one in self.words[self.at :] if one.kind in CONTENT]
        if word.has("joins") and any(one.kind in ("verb", "thing", "place") for one in self.words):
            raise DoubtError("what comes before what was not signed")
        if clause.predicates and rest:
            if rest[0].kind == "person" and not any(c.times for c in self.segment.clauses):
                raise DoubtError("for which of two things the time was signed is open")
            if rest[0].kind != "person" and not any(c.times for c in self.segment.clauses) and word.tense != "future":
                raise DoubtError("for which of two things the time was signed is open")
            self.open(carry=rest[0].kind != "person")
        elif not clause.predicates and clause.times and clause.subjects and rest:
            raise DoubtError("which of two times holds was not signed")
        elif clause.predicates and (clause.times or len(self.segment.clauses) > 1):
            raise DoubtError("for which of several things the time was signed is open")
        tenses = {time.tense for time in (*self.clause.times, word) if time.tense}
        if len(tenses) > 1:
            raise DoubtError("which of two times holds was not signed")
        self.clause.times.append(word)
        self.clause.late = bool(self.clause.predicates)
        self.clause.tense = word.tense or (self.clause.tense if self.clause.times[:-1] else "present")

    def _negation(self) -> None:
        word, clause = self.take(), self.clause
        denied = "never" if word.text == "never" else "not"
        before = self.words[self.at - 2] if self.at > 1 else None
        if self.denial or (before and before.kind in ("negation", "time") and not self.peek()):
            raise DoubtError("what was denied was not signed")
        last = clause.predicates[-1] if clause.predicates else None
        if last is None or (before and before.kind == "time"):
            after = self.peek()
            if after is None or after.kind in ("person", "negation"):
                raise DoubtError("what was denied was not signed")
            self.denial = denied
            return
        if last.denied or last.lasting:
            raise DoubtError("what was denied was not signed")
        if (
            last.verb
            and len(clause.predicates) > 1
            and clause.predicates[-2].verb
            and not last.nouns
            and (not clause.predicates[-2].denied)
        ):
            raise DoubtError("whether one deed or both were denied was not signed")
        last.denied = denied

    def _measure(self) -> None:
        raise DoubtError(f"how many {self.take().text}s was not signed")

    def _adverb(self) -> None:
        word, predicates = self.take(), self.clause.predicates
        if predicates and predicates[-1].verb:
            predicates[-1].adverbs.append(word.text)
        elif self.kind() == "verb":
            self.waiting.append(word.text)
        else:
            self.say(Predicate(state=word))

    def _unknown(self) -> None:
        """A name behind "name", or the object of the verb behind it; else nobody can tell what it is."""
        word, after = self.take(), self.peek()
        subjects = self.clause.subjects
        named = subjects and subjects[-1].word.kind == "thing" and not self.clause.predicates
        if named and after is None:
            self.clause.predicates.append(Predicate(nouns=[Noun(word)], identity=True))
        elif after and after.kind == "verb" and "thing" in after.of and not after.has("by_thing"):
            self.words[self.at - 1] = Word(word.gloss, "thing", word.says, traits=("mass", "guessed"))
            self.at -= 1
        elif self.at == 1 and (after is None or after.kind in ("state", "symptom")):
            self.clause.subjects.append(Noun(word))
        else:
            raise DoubtError(f"{word.text} is not in the tables")
