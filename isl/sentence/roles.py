"""Finds out who does what to whom: subjects, owners, listeners, and the objects of verbs."""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.clauses import NOTHING, NOUNS, Noun, Predicate, refuse
from isl.sentence.english import inflect
from isl.sentence.nouns import NO_RELATION, WHOSE, NounReading, join
from isl.sentence.words import Word

WHO = "who does that and to whom was not signed"


class Roles(NounReading):
    """Gives the persons and things of a statement their parts."""

    def persons(self, run: list[Noun], verbs: list[Word], bare: bool, head: str) -> None:
        """Read the persons of a statement.

        Args:
            bare: no thing was signed for the verb, so that a person may be its object.
            head: the kind of the word after the persons and their things: ``verb``, ``state`` or another.
        """
        verb = next((one for one in verbs[1:] if one.takes and one.slot("receiver") == ""), [*verbs, NOTHING][0])
        if verb.has("noun") and verbs[1:] and verbs[1].wants:
            verb, bare = verbs[1], False  # "Help, Need"
        clause = self.clause
        if self._is_spoken_to(run, verb, bare):
            self.segment.before.append(run.pop(0).word.text)
            clause.request = not run and self.please and bool(verb.kind)
        if not run:
            return
        if clause.predicates and [noun.word for noun in clause.subjects] == [noun.word for noun in run]:
            if head:
                self.open(clause.subjects)  # the signs only repeat the topic
            return
        if not clause.is_free:
            if len(run) == 1 and self._carries_on(run[0], verb, head):
                return
            other = clause.only.has("pronoun") and not clause.only.speaks
            refuse(other and clause.predicates and run[0].has("relative"), WHOSE)
            refuse(not clause.subjects and any(one.has("alive") for one in clause.last.nouns), WHO)  # "Dog, Boy, Bite"
            self.open()
        self._subjects(self._owners(run, verb, bare, head), verbs, verb, bare, head)
        is_order = self.clause.only.pronoun == "you" and not self.asked
        self.clause.request |= self.please and is_order and bool(verb.kind)  # "You, Write, Please"

    def _is_spoken_to(self, run: list[Noun], verb: Word, bare: bool) -> bool:
        """Returns True if the first person is the listener only: "Doctor, Mother, sick", "Hello, Teacher, I, Deaf"."""
        first, second = [*(noun.word for noun in run), NOTHING][:2]
        if not self.clause.is_free or len(self.segment.clauses) > 1 or first.has("pronoun"):
            return False
        greeted, said = bool(self.segment.before), self.words[self.words.index(first) + 1 :]
        if greeted and (not said or second.has("pronoun")):
            return not self.asked or bool(said)
        if self.please and first.has("job") and not second.kind and verb.kind:
            return True  # "Driver, slow, Drive, Please"
        if not first.has("helper") or second.has("helper") or run[0].states:
            return False
        if second.kind:
            refuse(verb.has("quotes") and not second.has("pronoun"), WHO)  # "Doctor, Father, Say, What"
            speaks = second.speaks and verb.takes and not verb.wants  # "Doctor, I, Understand, Not"
            acts = len(run) == 2 and _acts(verb, second, bare) and not speaks
            return not acts or (self.please and verb.has("asked"))
        if self.please:
            return not (verb.has("summons") or verb.wants)
        refuse(verb.has("seeks") and bare and not (verb.has("summons") or self.asked), WHO)
        ill = any(word.kind == "symptom" or word.has("ill") for word in said)
        refuse(ill and not (greeted or verb.kind), "whether the doctor is called or spoken of was not signed")
        return greeted and not verb.kind

    def _carries_on(self, noun: Noun, verb: Word, head: str) -> bool:
        """Adds a person after a predicate to its clause, and returns True, if he belongs to it: "I, See, Patient"."""
        clause, last, helper = self.clause, self.clause.last, noun.has("helper")
        if last.verb and not head and not last.denied and not any(one.kind == "person" for one in last.nouns):
            given = last.verb.slot("receiver") is not None and noun.has("pronoun")
            if given or (last.verb.slot("person") is not None and not last.nouns):
                refuse(helper and last.verb.has("asked") and not (last.verb.has("summons") or clause.subjects), WHO)
                last.nouns.append(noun)
                return True
        if noun.has("job") and clause.about == "person" and clause.predicates and not self.peek().kind and not head:
            self.say(Predicate(nouns=[noun], identity=True))  # "Sister, Deaf, Teacher"
            return True
        wanted = verb.wants or verb.has("seeks")
        idle = not clause.predicates or clause.request or head == "state" or (verb.kind and not wanted)
        if not helper or idle or any(one.has("helper") for one in clause.subjects):
            return False
        if clause.about in NOUNS:
            self.open_after_thing()
        refuse(last.state and last.state.has("origin"), WHO)  # "Woman, Indian, Doctor"
        if wanted:
            self.objects = [noun]
        else:
            self.say(Predicate(nouns=[noun]))  # "Mother, sick, Doctor"
        return True

    def _subjects(self, nouns: list[Noun], verbs: list[Word], verb: Word, bare: bool, head: str) -> None:
        """Set the subjects of the clause, and the persons who are the object of its verb."""
        clause, first, last = self.clause, nouns[0].word, nouns[-1].word
        gives = verb.slot("receiver") is not None
        acts = gives or (bare and verb.slot_of(last) is not None)
        clause.subjects = nouns
        if len(nouns) == 1:
            if acts and self._undergoes(first, verbs, verb, gives):
                clause.subjects, self.objects, clause.request = [], nouns, verb.has("asked")
            return
        where = self.asked and self.asked.text == "where"
        refuse(verb.has("hurts") or (gives and where), WHO)  # "Doctor, I, Pain, Where, Show"
        helps = verb.has("asked") and not verb.has("summons") and last.has("helper") and not first.has("helper")
        refuse(helps and not (gives and first.has("pronoun")), WHO)  # "I, Doctor, Help"
        named = first.has("pronoun") and not (last.has("pronoun") or last.has("relative"))
        works = last.has("job") and (last.text == "student" or not first.has("receives"))
        role = works and not first.has("job") and not verb.kind
        if acts and (len(nouns) == 2 or (verb.has("seeks") and last.has("helper"))):
            refuse(nouns[-1].owner and not nouns[-1].owner.has("pronoun"), WHO)
            clause.subjects, self.objects = nouns[:-1], nouns[-1:]
        elif last.has("helper") and not first.has("helper"):
            refuse(verb.kind or head == "state", WHO)
            adult = not (first.has("receives") or first.has("collective") or first.speaks or first.pronoun == "you")
            plain = adult and not head and not clause.times
            denied = self.peek().kind == "negation" and (adult or first.has("pronoun"))
            doctor = len(nouns) == 2 and (plain or denied)
            refuse(doctor, "whether somebody is a doctor or needs one was not signed")
            clause.subjects = nouns[:-1]
            self.say(Predicate(nouns=nouns[-1:], identity=named and first.pronoun == "you"))
        elif named or (role and len(nouns) == 2):
            refuse(len(nouns) > 2 or (last.has("own") and not head), "who that is was not signed")
            clause.subjects = nouns[:1]
            self.say(Predicate(nouns=nouns[1:], identity=True))

    def _undergoes(self, word: Word, verbs: list[Word], verb: Word, gives: bool) -> bool:
        """Returns True if the only person before a verb is its object, not its subject: "Baby, Medicine, Give"."""
        if verb.wants:
            return word.has("helper") and verbs == [verb]  # "Doctor, Need"
        if not verb.has("asked") or (verbs[1:] and verbs[-1].takes):
            return False
        if self.please or (gives and word.has("receives")) or (verb.has("summons") and word.has("helper")):
            return True
        paid = any(one.has("pays") for one in self.words)  # "Money, Doctor, Give"
        by_him = word.has("job") or (word.has("pronoun") and word.pronoun != "I")
        by_him = by_him or (gives and word.has("helper") and not paid)
        refuse(not by_him and not any(one.kind in ("negation", "person") for one in self.words[self.at :]), WHO)
        return False

    def _owners(self, run: list[Noun], verb: Word, bare: bool, head: str) -> list[Noun]:
        """Returns the persons with their owners: "I, Mother" is "my mother", "Man, Son" is "the man's son"."""
        nouns: list[Noun] = []
        for noun in run:
            before = nouns[-1] if nouns else Noun(NOTHING)
            owner, own = before.word, noun.has("own")
            acted = _acts(verb, noun.word, bare) and not verb.wants and noun is run[-1]
            relative = owner.has("relative")
            if relative and not (before.owner and before.owner.has("pronoun")):
                his = owner.has("own_family") and head and not acted and (own or noun.has("spouse"))  # "Brother, Wife"
                if noun.has("collective") or his:
                    noun.owner, nouns[-1] = before, noun
                    continue
                refuse(not acted and (own or (noun.has("kid") and owner.has("own_family"))), WHOSE)
            alone = not (own or noun.has("relative")) or not owner.kind or owner.has("helper")
            if not alone and owner.has("pronoun"):
                refuse(
                    (acted and not owner.speaks) or (verb.has("summons") and not bare), WHOSE
                )  # "I, Mother, Phone, Call"
                if not acted:
                    noun.owner = nouns.pop()
            elif not alone and relative:
                noun.owner = before.owner and before.owner.as_pronoun()
            elif not alone and not (own and (acted or not head)):
                refuse(acted, WHOSE)
                noun.owner = nouns.pop()
            nouns.append(noun)
        return nouns

    def deed(self, first: Word, others: list[Word], nouns: list[Noun]) -> None:
        """Read one or more verbs, and find their objects among the things before them."""
        if first.has("noun") and others and not others[0].has("modal") and others[0].slot("thing") == "":
            helper = any(one.has("helper") for one in self.clause.subjects) and not self.objects
            refuse(helper, "whether the doctor needs or gives help was not signed")
            nouns.append(_as_noun(first))  # "Help, Need"
            first, *others = others
        nouns = self._means(first, nouns)
        if not others and self._phase(first, nouns):
            return
        count = len(nouns)
        while count and self._takes(first, nouns[count - 1]):
            purpose = first.slot("thing") == "for" and nouns[count - 1].kind == "thing"
            if purpose and (count < len(nouns) or not self.clause.subjects):
                break
            count -= 1
        ill = first.slot("symptom") is None and any(one.kind == "symptom" for one in nouns[count:])
        refuse(ill and nouns[count + 1 :], NO_RELATION)  # "Doctor, Fever, Medicine, Give"
        taken = self._find_doer(first, nouns[:count], join(nouns[count:]), others)
        subjects = self.clause.subjects
        for noun in taken:
            if noun.kind == "body" and subjects and not subjects[0].has("helper"):
                refuse(first.has("senses") or subjects[1:], WHOSE)
                noun.owner = subjects[0].as_pronoun()
        predicate = Predicate(verb=first, nouns=[*self.objects, *taken], adverbs=self.adverbs)
        self.objects, self.adverbs = [], []
        for verb in others:
            if verb.wants and predicate.does("noun"):  # "Go, Help, Need"
                predicate = Predicate(verb=verb, nouns=[_as_noun(predicate.verb or first)])
            elif verb.takes and not verb.has("noun"):
                taught = [one for one in predicate.nouns if one.kind == "person" and verb.slot("receiver") == ""]
                predicate.nouns = [one for one in predicate.nouns if one not in taught]
                predicate = Predicate(verb=verb, hangs=predicate, nouns=taught)  # "Teacher, Boy, Sign, Teach"
            elif predicate.verb and predicate.verb.takes and not (predicate.nouns or predicate.hangs):
                predicate.hangs = Predicate(verb=verb)  # "Want, Eat"
            else:
                self.say(predicate)
                predicate = Predicate(verb=verb)
        if not predicate.nouns and not predicate.hangs:
            self._behind(predicate, predicate.verb or first)
        idle = predicate.innermost.does("seeks") or predicate.innermost.does("asked")
        one, state = self.clause.only, self.clause.last.state
        refuse(idle and state and one.kind == "person" and not (one.has("helper") or one.speaks or self.asked), WHO)
        self.say(predicate)

    def _phase(self, verb: Word, nouns: list[Noun]) -> bool:
        """Read "Operation, Finish" and "Mother, Fever, Start": the thing is finished, the fever starts."""
        if verb.takes != "ing" or not verb.has("by_thing") or not nouns or self.clause.predicates:
            return False
        nouns = join(nouns)
        symptom, thing = nouns[-1].kind == "symptom", [one.kind for one in nouns] == ["thing"]
        if not symptom and not (thing and self.clause.only.kind in ("", "person")):
            return False
        self.link(nouns[:-1])
        self.topic(nouns[-1])
        state = Word(verb.gloss, "state", (inflect(verb.text, "VBN"),))
        self.say(Predicate(verb=verb) if symptom else Predicate(state=state))
        return True

    def _find_doer(self, verb: Word, left: list[Noun], taken: list[Noun], others: Sequence[Word]) -> list[Noun]:
        """Find who or what does the deed: the clause's subject, a thing, or nobody. Returns the verb's objects."""
        clause, free = self.clause, self.clause.is_free
        body = left and left[-1].kind == "body" and not taken
        moves = verb.has("by_thing") or any(one.has("alive") for one in [*left, *taken[:1]])
        had = verb.text == "have" and taken and taken[0].kind == "place"
        refuse(had and not free, WHO)
        itself = free and not left and len(taken) == 1 and not self.please and taken[0]
        sensed = itself and verb.has("senses") and itself.kind == "body"  # "Ear, Hear, Not"
        alive = free and taken and taken[0].has("alive")
        refuse(alive and (not taken[1:] or self.please or verb.slot("receiver") is not None), WHO)  # "Dog, Eat"
        if verb.has("senses") and clause.only.kind == "person" and taken and taken[0].has("senses"):
            self.topic(taken.pop(0))  # "I, Ear, Hear, Not"
            return taken
        if (itself and verb.has("by_place")) or (had and taken[1:]) or sensed or alive:  # "Cat, Milk, Drink"
            clause.subjects, taken = taken[:1], taken[1:]  # "Hospital, Open"
        elif body and (verb.has("senses") or verb.has("by_thing")) and (left[1:] or not free):
            self.link(left[:-1])
            self.topic(left[-1])  # "Leg, Hurt"
            return taken
        elif moves and free and len(left) == 1 and all(one.kind == "place" for one in taken):
            refuse(left[0].has("alone") and taken, WHO)
            clause.subjects = left  # "Bus, Come"
        else:
            refuse(verb.has("by_thing") and left and left[-1].kind == "thing" and not taken, WHO)
            self.link(join(left))
        clause = self.clause
        owned = clause.about in NOUNS and clause.predicates
        if owned or (clause.about in NOUNS and not (moves or verb.has("senses") or had)):
            idle = owned and not (taken or verb.takes or clause.subjects[0].owner) and verb.slot("thing") is not None
            refuse(idle, "what is done was not signed")  # "Hand, clean, Wash"
            self.open_after_thing()  # "Grandmother, Eye, Weak, Glasses, Need"
        self._request(verb, others, taken)
        return taken

    def _request(self, verb: Word, others: Sequence[Word], taken: list[Noun]) -> None:
        """Find out whether the listener is asked for the deed: "Husband, sick, Ambulance, Call", "Sign, Again"."""
        clause, only = self.clause, self.clause.only
        done = [one for each in self.segment.clauses for one in each.predicates]
        new = clause.subjects and not (clause.carried or clause.predicates)
        acted = any(one.verb and (one.nouns or one.hangs) for one in done)
        needy = bool(done) and not (self.asked or new or acted)
        weak = only.has("receives") or any(word.has("ill") or word.kind == "symptom" for word in self.words)
        gives = verb.slot("receiver") == "" and verb.has("asked") and taken and not self.objects
        again = "again" in (self.peek().text, self.peek(1).text)
        calls = verb.has("summons") and (taken or self.objects) and needy and not only.speaks
        signs = only.speaks and done and not self.asked and (self.please or (again and clause.last.denied))
        if gives and needy and weak and only.kind == "person" and not only.has("helper"):
            self.objects = [clause.subjects[0].as_pronoun()]  # "Child, Thirsty, Water, Give"
        elif not calls and (not signs or any(one.takes for one in others)):  # "I, Deaf, Sign, Please"
            asked = not others and (verb.has("asked") or (again and not taken))
            clause.request |= not clause.subjects and not self.asked and (self.please or asked)
            return
        self.open()
        self.clause.request = True


def _as_noun(verb: Word) -> Noun:
    return Noun(Word(verb.gloss, "thing", verb.says, traits=("mass",)))


def _acts(verb: Word, person: Word, bare: bool) -> bool:
    """Returns True if a person can be the verb's object: "give", or "help" if no thing was signed."""
    return verb.slot("receiver") is not None or (verb.slot_of(person) is not None and bare)
