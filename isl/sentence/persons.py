"""Reads persons: subjects, owners, listeners, and persons who are the object of a verb."""

from __future__ import annotations

from isl.sentence.clauses import NOTHING, Noun, Predicate, refuse
from isl.sentence.deeds import WHO, Deeds
from isl.sentence.words import Word


class Persons(Deeds):
    """Reads persons. ``Deeds`` reads their predicates."""

    def persons(self, run: list[Noun], verbs: list[Word], bare: bool, head: str) -> None:
        """Give the persons of a statement their parts.

        Args:
            verbs: the verbs of the statement.
            bare: no thing was signed for the verb, so that a person may be its object.
            head: the kind of the word after the persons and their things: ``verb``, ``state`` or another.
        """
        verb = verbs[0] if verbs else NOTHING
        if verb.has("noun") and verbs[1:] and verbs[1].wants:
            verb, bare = verbs[1], False  # "Help, Need"
        else:
            verb = next((one for one in verbs[1:] if one.slot("receiver") == "" and one.takes), verb)  # "Sign, Teach"
        if self._is_spoken_to(run, verbs, verb, bare):
            self.segment.before.append(run.pop(0).word.text)
            self.clause.request = not run and self.please and bool(verb.kind)
        clause = self.clause
        if not run:
            return
        if clause.predicates and [noun.word for noun in clause.subjects] == [noun.word for noun in run]:
            if head:
                self.open(clause.subjects)  # the signs only repeat the topic
            return
        if clause.predicates or clause.subjects:
            if len(run) == 1 and self._carries_on(run[0], verb, head):
                return
            other = clause.only.has("pronoun") and clause.only.pronoun not in ("I", "we")
            refuse(other and clause.predicates and run[0].word.has("relative"), "whose relative that is was not signed")
            self.open()
        self._subjects(self._owners(run, verb, bare, head), verbs, verb, bare, head)
        told = [noun.word.pronoun for noun in self.clause.subjects] == ["you"]
        self.clause.request |= self.please and told and bool(verb.kind) and not self.asked  # "You, Write, Please"

    def _is_spoken_to(self, run: list[Noun], verbs: list[Word], verb: Word, bare: bool) -> bool:
        """Returns True if the first person is the listener only: "Doctor, Mother, sick", "Hello, Teacher, I, Deaf"."""
        first, second = [*(noun.word for noun in run), NOTHING][:2]
        if self.clause.subjects or self.clause.predicates or len(self.segment.clauses) > 1 or first.has("pronoun"):
            return False
        greeted, said = bool(self.segment.before), self.words[self.words.index(first) + 1 :]
        if greeted and (not said or second.has("pronoun")):
            return not self.asked or bool(said)
        if not first.has("helper") or second.has("helper") or run[0].states:
            return False
        if second.pronoun in ("I", "we") and verb.takes and not verb.wants and bare:  # "Doctor, I, Understand, Not"
            return True
        if second.kind:
            return not (len(run) == 2 and _acts(verb, second, bare)) or (self.please and verb.has("asked"))
        if self.please:
            return not (verb.has("summons") or verb.wants)
        ill = any(word.kind == "symptom" or word.has("ill") for word in said)
        seeks = verb.has("seeks") and bare and not verb.has("summons")
        refuse(seeks and not self.asked, WHO)
        refuse(ill and not greeted and not verb.kind, "whether the doctor is called or spoken of was not signed")
        return greeted and not verb.kind and bool(said)

    def _carries_on(self, noun: Noun, verb: Word, head: str) -> bool:
        """Returns True if a person after a predicate belongs to its clause: "Mother, sick, Doctor", "I, See, Patient".

        Adds the person to the clause then.
        """
        clause, last, helper = self.clause, self.clause.last, noun.word.has("helper")
        given = last.verb and last.verb.slot("receiver") is not None and noun.word.has("pronoun")
        fits = given or (last.verb and last.verb.slot("person") is not None and not last.nouns)
        if last.verb and not head and fits and not last.denied:
            refuse(helper and last.verb.has("asked") and not (last.verb.has("summons") or clause.subjects), WHO)
            last.nouns.append(noun)
            return True
        about_helper = any(one.word.has("helper") for one in clause.subjects)
        wanted = verb.kind and (verb.wants or verb.has("seeks"))
        if not helper or about_helper or not clause.predicates or clause.request or head == "state":
            return False
        if verb.kind and not wanted:
            return False
        if clause.about not in ("", "person"):
            self.open_after_thing()
        if wanted:
            self.objects = [noun]
        else:
            self.say(Predicate(nouns=[noun]))
        return True

    def _subjects(self, nouns: list[Noun], verbs: list[Word], verb: Word, bare: bool, head: str) -> None:
        """Set the subjects of the clause, and the persons who are the object of its verb."""
        clause, first, last = self.clause, nouns[0].word, nouns[-1].word
        gives = verb.slot("receiver") is not None
        done_to = bare and verb.slot_of(last) is not None
        clause.subjects = nouns
        if len(nouns) == 1:
            if (gives or done_to) and self._undergoes(first, verbs, verb, gives):
                clause.subjects, self.objects, clause.request = [], nouns, verb.has("asked")
            return
        refuse(verb.has("hurts"), "who hurts whom was not signed")
        helps = verb.has("asked") and not verb.has("summons") and last.has("helper") and not first.has("helper")
        refuse(helps and not (gives and first.has("pronoun")), WHO)  # "I, Doctor, Help"
        named = first.has("pronoun") and not last.has("pronoun") and not last.has("relative")
        works = last.has("job") and (last.text == "student" or not first.has("receives"))
        if len(nouns) == 2 and (done_to or gives):
            refuse(nouns[1].owner and not nouns[1].owner.word.has("pronoun"), WHO)
            clause.subjects, self.objects = nouns[:1], nouns[1:]
        elif len(nouns) == 2 and works and not first.has("job") and not verb.kind:
            clause.subjects = nouns[:1]
            self.say(Predicate(nouns=nouns[1:], identity=True))
        elif last.has("helper") and not first.has("helper"):
            clause.subjects = nouns[:-1]
            refuse(verb.kind or head == "state", "who does that, or is so, was not signed")
            adult = first.has("relative") and not (first.has("receives") or first.has("collective"))
            plain = len(nouns) == 2 and not head and not clause.times
            unsaid = len(nouns) == 2 and self.peek().kind == "negation" and (adult or first.has("pronoun"))
            refuse((adult and plain) or unsaid, "whether somebody is a doctor or needs one was not signed")
            self.say(Predicate(nouns=nouns[-1:], identity=named and first.pronoun == "you"))
        elif named:
            refuse(len(nouns) > 2, "who that is was not signed")
            refuse(last.has("own") and not head, "whose baby that is was not signed")
            clause.subjects = nouns[:1]
            self.say(Predicate(nouns=nouns[1:], identity=True))

    def _undergoes(self, word: Word, verbs: list[Word], verb: Word, gives: bool) -> bool:
        """Returns True if the only person before a verb is its object, not its subject: "Baby, Medicine, Give"."""
        if verb.wants:
            return word.has("helper") and verbs[0] is verb and not verbs[1:]  # "Doctor, Need"
        if not verb.has("asked") or (len(verbs) > 1 and verbs[-1].takes):
            return False
        if self.please or (gives and word.has("receives")) or (verb.has("summons") and word.has("helper")):
            return True
        by_him = (gives and word.has("helper")) or word.has("job") or (word.has("pronoun") and word.pronoun != "I")
        denied = any(one.kind in ("negation", "person") for one in self.words[self.at :])
        refuse(not by_him and not denied, WHO)
        return False

    def _owners(self, run: list[Noun], verb: Word, bare: bool, head: str) -> list[Noun]:
        """Returns the persons with their owners: "I, Mother" is "my mother", "Man, Son" is "the man's son"."""
        nouns: list[Noun] = []
        for noun in run:
            word, before = noun.word, nouns[-1] if nouns else Noun(NOTHING)
            owner = before.word
            object_ = _acts(verb, word, bare) and not verb.wants and noun is run[-1]
            own = word.has("own")
            if owner.has("relative") and not (before.owner and before.owner.word.has("pronoun")):
                certain = word.has("spouse") or own
                close = own or (word.has("kid") and owner.has("own_family"))
                if word.has("collective") or (
                    certain and owner.has("own_family") and head and not object_
                ):  # "Brother, Wife"
                    noun.owner, nouns[-1] = before, noun
                    continue
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
                noun.owner = before.owner and before.owner.as_pronoun()
                nouns.append(noun)
            elif own and (not head or object_):
                nouns.append(noun)
            else:
                refuse(object_, "whose relative that is was not signed")
                noun.owner, nouns[-1] = before, noun
        return nouns


def _acts(verb: Word, person: Word, bare: bool) -> bool:
    """Returns True if a person can be the verb's object: "give", or "help" if no thing was signed."""
    return verb.slot("receiver") is not None or (verb.slot_of(person) is not None and bare)
