"""Reads who is meant: subjects, owners, those spoken to, and to whom something is done."""

from __future__ import annotations

from itertools import takewhile

from isl.sentence.clauses import DoubtError, Noun, Predicate
from isl.sentence.deeds import Deeds
from isl.sentence.words import Word


class Persons(Deeds):
    """Reads persons; what they do, need and have is read in ``Deeds``."""

    def _person(self) -> None:
        run = [Noun(word) for word in takewhile(lambda word: word.kind == "person", self.words[self.at :])]
        end = self.at + len(run)
        verb, things = self.verb_after(end)
        alone = self.spoken_to(run, verb, things)
        if alone:
            self.segment.before.append(run.pop(0).word.text)
            self.at += 1
            if not run:
                if verb and self.please:
                    self.clause.request = True
                return
        clause = self.clause
        if clause.predicates and [noun.word for noun in clause.subjects] == [noun.word for noun in run]:
            self.at = end  # the topic is only named again
            if self.peek():
                self.open(carry=True)
            return
        if clause.predicates or clause.subjects:
            if self._carries_on(run, verb, end):
                self.at = end
                return
            self.open()
        self.at = end
        self._subjects(run, verb, things)

    def verb_after(self, at: int) -> tuple[Word | None, bool]:
        """The verb behind some persons, and whether things were signed in between."""
        passed = list(
            takewhile(
                lambda word: word.kind in ("thing", "place", "symptom", "time", "number", "measure", "negation",
                                           "unknown", "adverb"),
                self.words[at:],
            )
        )  # fmt: skip
        rest = self.words[at + len(passed) :]
        verb = rest[0] if rest and rest[0].kind == "verb" else None
        if verb and verb.has("noun") and len(rest) > 1 and rest[1].takes and not rest[1].has("modal"):
            verb = rest[1]  # "Help, Need"
            return verb, True
        return verb, any(word.kind in ("thing", "symptom", "unknown") for word in passed)

    def spoken_to(self, run: list[Noun], verb: Word | None, things: bool) -> bool:
        """Whether the first of some persons is only spoken to: "Doctor, Mother, sick", "Hello, Teacher, I, Deaf"."""
        first, rest = run[0].word, [noun.word for noun in run[1:]]
        if self.at or first.has("pronoun"):
            return False
        greeted = bool(self.segment.before)
        if greeted and not rest and self.at + 1 == len(self.words):
            return not self.asked
        if greeted and rest and rest[0].has("pronoun"):
            return True
        if not first.has("helper"):
            return False
        if rest and not rest[0].has("helper"):
            acts = verb and (("receiver" in verb.of) or ("person" in verb.of and not things))
            return not (acts and len(rest) == 1)
        if rest:
            return False
        if self.please:
            return not (verb and (verb.has("summons") or verb.takes))
        said = self.words[self.at + 1 :]
        ill = any(word.kind == "symptom" or word.has("ill") for word in said)
        if ill and not greeted and not verb:
            raise DoubtError("whether the doctor is called or spoken of was not signed")
        return greeted and verb is None and bool(said)

    def _carries_on(self, run: list[Noun], verb: Word | None, end: int) -> bool:
        """Whether persons behind a predicate belong to its clause: "Mother, sick, Doctor", "Doctor, Help, Patient"."""
        clause, first = self.clause, run[0].word
        last = clause.predicates[-1] if clause.predicates else None
        after = self.words[end] if end < len(self.words) else None
        if last and last.verb and self.words[self.at - 1].kind == "verb" and len(run) == 1:
            takes = "person" in last.verb.of and not last.nouns
            if takes and first.has("helper") and last.verb.has("asked") and not last.verb.has("summons"):
                takes = bool(clause.subjects)
                if not takes:
                    raise DoubtError("who does that and to whom was not signed")
            if takes and (after is None or after.kind in ("negation", "time")):
                last.nouns.append(run[0])
                return True
        about_helper = any(noun.word.has("helper") for noun in clause.subjects)
        plain = after is None or after.kind not in ("state", "verb")
        if len(run) == 1 and first.has("helper") and not about_helper and last and not clause.request:
            thing = clause.subjects and clause.subjects[0].word.kind != "person"
            if verb is None and plain:
                if thing:
                    self.carry_owner()
                self.say(Predicate(nouns=run))
                return True
            if verb and verb.takes and after is verb and not verb.has("modal"):
                self.at = end + 1
                if thing:
                    self.carry_owner()
                self.say(Predicate(verb=verb, nouns=run))
                self.words[end - 1 : end + 1] = [verb]  # the two were read as one
                return True
        return False

    def _subjects(self, run: list[Noun], verb: Word | None, things: bool) -> None:
        clause = self.clause
        nouns = self._owners(run, verb, things)
        first, last = nouns[0].word, nouns[-1].word
        gives = verb is not None and "receiver" in verb.of
        done_to = verb is not None and "person" in verb.of and not things
        if len(nouns) == 1:
            clause.subjects = nouns
            if (gives or done_to) and verb:
                self._receiver(nouns, verb, gives)
            return
        if verb and verb.has("hurts"):
            raise DoubtError("who hurts whom was not signed")
        state = self.kind() == "state"
        if last.has("helper") and not first.has("helper"):
            clause.subjects = nouns[:-1]
            if done_to and verb and (verb.has("summons") or verb.takes or not verb.has("asked")):
                self.objects = nouns[-1:]
            elif verb or state:
                raise DoubtError("who does that, or is so, was not signed")
            elif first.has("pronoun") and first.pronoun == "you" and len(nouns) == 2:
                self.say(Predicate(nouns=nouns[-1:], identity=True))
            elif first.has("pronoun") and first.pronoun not in ("I", "we"):
                raise DoubtError("whether somebody is a doctor or needs one was not signed")
            else:
                self.say(Predicate(nouns=nouns[-1:]))
        elif len(nouns) == 2 and (done_to or gives):
            clause.subjects, self.objects = nouns[:1], nouns[1:]
        elif first.has("pronoun") and not (last.has("pronoun") or last.has("relative")) and len(nouns) == 2:
            if verb is None and self.peek() is None and last.has("own"):
                raise DoubtError("whose baby that is was not signed")
            clause.subjects = nouns[:1]
            self.say(Predicate(nouns=nouns[1:], identity=True))
        else:
            clause.subjects = nouns

    def _receiver(self, nouns: list[Noun], verb: Word, gives: bool) -> None:
        """Of one person before "give" or "call": who does it, or to whom it is done."""
        word, clause = nouns[0].word, self.clause
        if verb.takes and not verb.has("asked"):  # "Doctor, Need"
            if word.has("helper") and self.peek() is verb:
                clause.subjects, self.objects = [], nouns
            return
        if not verb.has("asked"):
            return
        chain = [one for one in self.words[self.at :] if one.kind == "verb"]
        if len(chain) > 1 and chain[-1].takes:
            return
        if self.please or (gives and word.has("receives")) or (verb.has("summons") and word.has("helper")):
            clause.subjects, self.objects, clause.request = [], nouns, True
        elif (gives and word.has("helper")) or word.has("job") or (word.has("pronoun") and word.pronoun != "I"):
            return
        elif not any(one.kind == "negation" for one in self.words[self.at :]):
            raise DoubtError("who does that and to whom was not signed")

    def _owners(self, run: list[Noun], verb: Word | None, things: bool) -> list[Noun]:
        """Persons with their owners: "I, Mother" is my mother, "Man, Son" the man's son."""
        nouns: list[Noun] = []
        acts = verb is not None and ("receiver" in verb.of or ("person" in verb.of and not things)) and not verb.takes
        for noun in run:
            word, before = noun.word, nouns[-1] if nouns else None
            akin = word.has("relative") or word.has("own")
            if before is None or not akin:
                nouns.append(noun)
            elif before.word.has("pronoun"):
                if acts and noun is run[-1]:
                    if before.word.pronoun not in ("I", "we"):
                        raise DoubtError("whether that is done by or to somebody was not signed")
                    nouns.append(noun)
                else:
                    noun.owner, nouns[-1] = before, noun
            elif before.owner and before.owner.word.has("pronoun"):
                noun.owner = before.owner
                nouns.append(noun)
            elif before.word.has("relative"):
                close = word.has("spouse") or word.has("kid")
                others = before.word.has("own_family") or (before.word.has("kid") and word.has("spouse"))
                if not (acts and noun is run[-1]) and ((others and close) or word.has("own")):
                    raise DoubtError("whose relative that is was not signed")
                nouns.append(noun)
            elif before.word.has("helper"):
                nouns.append(noun)
            elif acts:
                raise DoubtError("whose relative that is was not signed")
            elif word.has("own") and self.at >= len(self.words):
                nouns.append(noun)
            else:
                noun.owner, nouns[-1] = before, noun
        return nouns
