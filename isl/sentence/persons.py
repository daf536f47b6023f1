"""Reads persons: subjects, owners, listeners, and persons who are the object of a verb."""

from __future__ import annotations

from isl.sentence.clauses import NOTHING, Noun, Predicate, refuse
from isl.sentence.deeds import Deeds
from isl.sentence.words import Word

PASSED = ("thing", "place", "symptom", "time", "number", "span", "negation", "unknown", "adverb")


class Persons(Deeds):
    """Reads persons. ``Deeds`` reads their predicates."""

    def _person(self) -> None:
        end = self.span(("person",), self.at)
        run = [Noun(word) for word in self.words[self.at : end]]
        verb, bare = self._verb_behind(end)
        if self._is_spoken_to(run, verb, bare):
            self.segment.before.append(run.pop(0).word.text)
            self.at += 1
            self.clause.request = not run and self.please and bool(verb.kind)
        clause = self.clause
        if not run:
            return
        if clause.predicates and [noun.word for noun in clause.subjects] == [noun.word for noun in run]:
            self.at = end  # the signs only repeat the topic
            if self.peek().kind:
                self.open(clause.subjects)
            return
        if clause.predicates or clause.subjects:
            if len(run) == 1 and self._carries_on(run[0], verb):
                return
            self.open()
        self.at = end
        self._subjects(self._owners(run, verb, bare), verb, bare)
        told = [noun.word.pronoun for noun in self.clause.subjects] == ["you"]
        self.clause.request |= self.please and told and bool(verb.kind) and not self.asked  # "You, Write, Please"

    def _verb_behind(self, at: int) -> tuple[Word, bool]:
        """Returns the verb after the persons, and True if no thing was signed between: a person may be its object."""
        end = self.span(PASSED, at)
        verb, second = [*self.words[end : end + 2], NOTHING, NOTHING][:2]
        if verb.has("noun") and second.wants:
            return second, False  # "Help, Need"
        bare = not any(word.kind in ("thing", "symptom", "unknown") for word in self.words[at:end])
        return (verb if verb.kind == "verb" else NOTHING), bare

    def _is_spoken_to(self, run: list[Noun], verb: Word, bare: bool) -> bool:
        """Returns True if the first person is the listener only: "Doctor, Mother, sick", "Hello, Teacher, I, Deaf"."""
        first, second = [*(noun.word for noun in run), NOTHING][:2]
        if self.at or first.has("pronoun"):
            return False
        greeted, said = bool(self.segment.before), self.words[self.at + 1 :]
        if greeted and (not said or second.has("pronoun")):
            return not self.asked or bool(said)
        if not first.has("helper") or second.has("helper"):
            return False
        if second.pronoun in ("I", "we") and verb.takes and not verb.wants and bare:  # "Doctor, I, Understand, Not"
            return True
        if second.kind:
            return not (len(run) == 2 and _acts(verb, bare)) or (self.please and verb.has("asked"))
        if self.please:
            return not (verb.has("summons") or verb.wants)
        ill = any(word.kind == "symptom" or word.has("ill") for word in said)
        seeks = verb.has("seeks") and bare and not verb.wants and "person" in verb.of and not verb.has("summons")
        refuse(seeks and not self.asked, "who does that and to whom was not signed")
        refuse(ill and not greeted and not verb.kind, "whether the doctor is called or spoken of was not signed")
        return greeted and not verb.kind and bool(said)

    def _carries_on(self, noun: Noun, verb: Word) -> bool:
        """Returns True if a person after a predicate belongs to its clause: "Mother, sick, Doctor", "I, See, Patient".

        Adds the person to the clause then.
        """
        clause, last, after = self.clause, self.clause.last, self.peek(1)
        helper = noun.word.has("helper")
        if last.verb and self.peek(-1).kind == "verb" and "person" in last.verb.of and not last.nouns:
            open_ = helper and last.verb.has("asked") and not last.verb.has("summons") and not clause.subjects
            refuse(open_, "who does that and to whom was not signed")
            if after.kind in ("", "negation", "time"):
                last.nouns.append(noun)
                self.at += 1
                return True
        about_helper = any(one.word.has("helper") for one in clause.subjects)
        wanted = after is verb and (verb.wants or verb.has("seeks"))
        needed = not verb.kind and after.kind != "state"
        if not helper or about_helper or not clause.predicates or clause.request or not (wanted or needed):
            return False
        if self.about not in ("", "person"):
            self.carry_owner()
        self.at += 1
        if wanted:
            self.objects = [noun]
        else:
            self.say(Predicate(nouns=[noun]))
        return True

    def _subjects(self, nouns: list[Noun], verb: Word, bare: bool) -> None:
        """Set the subjects of the clause, and the persons who are the object of its verb."""
        clause, first, last = self.clause, nouns[0].word, nouns[-1].word
        gives, done_to = "receiver" in verb.of, "person" in verb.of and bare
        clause.subjects = nouns
        if len(nouns) == 1:
            if (gives or done_to) and self._undergoes(first, verb, gives):
                clause.subjects, self.objects, clause.request = [], nouns, verb.has("asked")
            return
        refuse(verb.has("hurts"), "who hurts whom was not signed")
        named = first.has("pronoun") and not last.has("pronoun") and not last.has("relative")
        works = last.has("job") and (last.text == "student" or not first.has("receives"))
        works = works and self.peek().kind in ("", "time", "negation")
        named = len(nouns) == 2 and (named or (works and not first.has("job")))  # "I, Teacher", "Son, Student"
        if last.has("helper") and not first.has("helper"):
            clause.subjects = nouns[:-1]
            if done_to and (verb.has("summons") or verb.wants or not verb.has("asked")):
                self.objects = nouns[-1:]
                return
            refuse(verb.kind or self.peek().kind == "state", "who does that, or is so, was not signed")
            other = first.has("pronoun") and first.pronoun not in ("I", "we", "you")
            adult = first.has("relative") and not (first.has("receives") or first.has("collective"))
            plain = len(nouns) == 2 and not self.peek().kind and not clause.times
            refuse(other or (adult and plain), "whether somebody is a doctor or needs one was not signed")
            self.say(Predicate(nouns=nouns[-1:], identity=named and first.pronoun == "you"))
        elif len(nouns) == 2 and (done_to or gives):
            clause.subjects, self.objects = nouns[:1], nouns[1:]
        elif named:
            refuse(last.has("own") and not self.peek().kind, "whose baby that is was not signed")
            clause.subjects = nouns[:1]
            self.say(Predicate(nouns=nouns[1:], identity=True))

    def _undergoes(self, word: Word, verb: Word, gives: bool) -> bool:
        """Returns True if the only person before a verb is its object, not its subject: "Baby, Medicine, Give"."""
        if verb.wants:
            return word.has("helper") and self.peek() is verb  # "Doctor, Need"
        chain = [one for one in self.words[self.at :] if one.kind == "verb"]
        if not verb.has("asked") or (len(chain) > 1 and chain[-1].takes):
            return False
        if self.please or (gives and word.has("receives")) or (verb.has("summons") and word.has("helper")):
            return True
        by_him = (gives and word.has("helper")) or word.has("job") or (word.has("pronoun") and word.pronoun != "I")
        denied = any(one.kind == "negation" for one in self.words[self.at :])
        refuse(not by_him and not denied, "who does that and to whom was not signed")
        return False

    def _owners(self, run: list[Noun], verb: Word, bare: bool) -> list[Noun]:
        """Returns the persons with their owners: "I, Mother" is "my mother", "Man, Son" is "the man's son"."""
        nouns: list[Noun] = []
        acts = _acts(verb, bare) and not verb.wants
        for noun in run:
            word, before = noun.word, nouns[-1] if nouns else Noun(NOTHING)
            owner, object_ = before.word, acts and noun is run[-1]
            own = word.has("own")
            if owner.has("relative") and not (before.owner and before.owner.word.has("pronoun")):
                close = own or ((word.has("spouse") or word.has("kid")) and owner.has("own_family"))
                close = close or (word.has("spouse") and owner.has("kid"))
                refuse(close and not object_, "whose relative that is was not signed")
            if not (own or word.has("relative")) or not owner.kind or owner.has("helper"):
                nouns.append(noun)
            elif owner.has("pronoun"):
                by_him = object_ and owner.pronoun not in ("I", "we")
                refuse(by_him, "whether that is done by or to somebody was not signed")
                if not object_:
                    nouns.pop()
                    noun.owner = before
                nouns.append(noun)
            elif owner.has("relative"):
                noun.owner = before.owner if before.owner and before.owner.word.has("pronoun") else None
                nouns.append(noun)
            elif own and self.at >= len(self.words):
                nouns.append(noun)
            else:
                refuse(acts, "whose relative that is was not signed")
                noun.owner, nouns[-1] = before, noun
        return nouns


def _acts(verb: Word, bare: bool) -> bool:
    """Returns True if the verb's object can be a person: "give", or "help" if no thing was signed."""
    return "receiver" in verb.of or ("person" in verb.of and bare)
