"""Reads predicates: verbs with their objects, and things without a verb, which somebody needs or has."""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.clauses import NOUNS, Noun, Predicate, refuse
from isl.sentence.english import inflect
from isl.sentence.nouns import Reading, join
from isl.sentence.order import accepts
from isl.sentence.words import Word

NO_RELATION = "what that has to do with it was not signed"
WHO = "who does that and to whom was not signed"


class Deeds(Reading):
    """Reads verbs and things as predicates of the clause."""

    def open_after_thing(self) -> None:
        """Begin a clause about the owner of the last clause's thing, or about nobody: "Father, Bill, High, Money"."""
        refuse(not self.clause.predicates, NO_RELATION)
        owner = self.clause.subjects[0].owner
        self.open([owner] if owner and owner.word.kind == "person" else [])

    def topic(self, noun: Noun) -> None:
        """Make a thing the subject of the next predicates: "Father, Bill, High" is about his bill."""
        clause, one = self.clause, self.clause.only.kind == "person"
        refuse(clause.about not in ("", "person") and not clause.predicates, "of what that was said was not signed")
        refuse(clause.about == "person" and not one and not clause.predicates, "whose that is was not signed")
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
        if self.clause.about in NOUNS:
            self.open_after_thing()
        elif self.clause.request or (
            self.clause.only.has("helper") and self.clause.predicates and nouns[0].word.kind == "symptom"
        ):
            self.open()
        clause = self.clause
        if nouns[0].word.has("with") and clause.only.has("helper") and not clause.predicates:  # "Doctor, Appointment"
            nouns[0].joint, nouns[0].joined = "with", clause.subjects[0]
            clause.subjects = []
        words = [noun.word for noun in nouns]
        linked = [*words, *(noun.word for one in clause.predicates for noun in one.nouns)]
        guessed = any(word.has("guessed") for word in linked) and not any(word.has("to") for word in words)
        refuse(guessed and len(linked) > 1, "what an unknown word has to do with it was not signed")
        refuse(clause.about and any(word.has("alone") for word in words), NO_RELATION)
        refuse(clause.about and any(word.kind == "body" for word in words), "what it is about the body was not signed")
        last = clause.last
        wanted = (
            last.verb if last.verb and last.verb.text == "want" and not last.hangs else None
        )  # "Milk, Want, Water, Not"
        for noun in nouns:
            self.say(Predicate(nouns=[noun], verb=wanted))

    def deed(self, first: Word, others: list[Word], nouns: list[Noun]) -> None:
        """Read one or more verbs, and find their objects among the things before them."""
        if first.has("noun") and others and not others[0].has("modal") and others[0].slot("thing") == "":
            helper = any(one.word.has("helper") for one in self.clause.subjects)
            refuse(helper and not self.objects, "whether the doctor needs or gives help was not signed")
            nouns.append(Noun(Word(first.gloss, "thing", first.says, traits=("mass",))))  # "Help, Need"
            first, *others = others
        nouns = self._means(first, nouns)
        if self._phase(first, nouns, others):
            return
        count = len(nouns)
        while count and (accepts(first, nouns[count - 1].word) or self._takes_symptom(first, nouns[count - 1])):
            purpose = nouns[count - 1].word.kind == "thing" and first.slot("thing") == "for"
            if purpose and (count < len(nouns) or not self.clause.subjects):
                break
            count -= 1
        taken = self._find_doer(first, nouns[:count], join(nouns[count:]), others)
        subjects = self.clause.subjects
        for noun in taken:
            if noun.word.kind == "body" and subjects and not subjects[0].word.has("helper"):
                refuse(first.has("senses") or len(subjects) > 1, "whose body that is was not signed")
                noun.owner = subjects[0].as_pronoun()
        predicate = Predicate(verb=first, nouns=[*self.objects, *taken], adverbs=self.adverbs)
        self.objects, self.adverbs = [], []
        for verb in others:
            if verb.takes and not verb.has("noun"):
                taught = [one for one in predicate.nouns if one.word.kind == "person" and verb.slot("receiver") == ""]
                predicate.nouns = [one for one in predicate.nouns if one not in taught]
                predicate = Predicate(verb=verb, hangs=predicate, nouns=taught)  # "Teacher, Boy, Sign, Teach"
            elif predicate.verb and predicate.verb.takes and not predicate.nouns and not predicate.hangs:
                predicate.hangs = Predicate(verb=verb)  # "Want, Eat"
            else:
                self.say(predicate)
                predicate = Predicate(verb=verb)
        if not predicate.nouns and not predicate.hangs:
            self._behind(predicate, predicate.verb or first)
        self.say(predicate)

    def _takes_symptom(self, verb: Word, noun: Noun) -> bool:
        """Returns True for "Doctor, Fever, Check": the fever is not the doctor's."""
        return noun.word.kind == "symptom" and verb.slot("thing") is not None and self.clause.only.has("helper")

    def _means(self, verb: Word, nouns: Sequence[Noun]) -> list[Noun]:
        """Turn the means of a verb into adverbs: "Mother, Bus, Go" by bus. Returns the other nouns."""
        means = [one for one in nouns if verb.means and one.word.means == verb.means and self.clause.about == "person"]
        behind = verb.means and self.peek().means == verb.means and self.peek(1).kind in ("", "time", "negation")
        words = [*(one.word for one in means), *([self.take()] if behind else [])]
        self.adverbs += [f"{word.means} {word.text}" for word in words]
        return [one for one in nouns if one not in means]

    def _phase(self, verb: Word, nouns: list[Noun], others: Sequence[Word]) -> bool:
        """Read "Operation, Finish" and "Mother, Fever, Start": the thing is finished, the fever starts."""
        free = not self.clause.subjects and not self.clause.predicates
        if verb.takes != "ing" or not verb.has("by_thing") or others or not nouns:
            return False
        nouns, symptom = join(nouns), nouns[-1].word.kind == "symptom"
        owned = self.clause.only.kind == "person" and not self.clause.predicates
        if not symptom and not ((free or owned) and len(nouns) == 1 and nouns[0].word.kind == "thing"):
            return False
        self.link(nouns[:-1])
        self.topic(nouns[-1])
        state = Word(verb.gloss, "state", (inflect(verb.text, "VBN"),))
        self.say(Predicate(verb=verb) if symptom else Predicate(state=state))
        return True

    def _find_doer(self, verb: Word, left: list[Noun], taken: list[Noun], others: Sequence[Word]) -> list[Noun]:
        """Find who or what does the deed: the clause's subject, a thing, or nobody. Returns the verb's objects."""
        clause = self.clause
        free = not clause.subjects and not clause.predicates
        places = all(noun.word.kind == "place" for noun in taken)
        had = verb.text == "have" and taken and taken[0].word.kind == "place"
        refuse(had and not free, "who has what was not signed")
        if (verb.has("by_place") and free and not left and len(taken) == 1 and not self.please) or (had and taken[1:]):
            clause.subjects, taken = taken[:1], taken[1:]  # "Hospital, Open"
        elif verb.has("by_thing") and free and len(left) == 1 and places and left[0].word.kind != "body":  # "Bus, Come"
            refuse(left[0].word.has("alone") and taken, "who does that was not signed")
            clause.subjects = left
        elif verb.has("senses") and free and not left and len(taken) == 1 and taken[0].word.kind == "body":
            clause.subjects, taken = taken, []  # "Ear, Hear, Not"
        elif verb.has("by_thing") and left and left[-1].word.kind == "body" and not taken:  # "Leg, Hurt"
            self.link(left[:-1])
            self.topic(left[-1])
            return taken
        else:
            itself = verb.has("by_thing") and left and left[-1].word.kind == "thing" and not taken
            refuse(itself, "who or what does that was not signed")
            self.link(join(left))
        clause = self.clause
        owned = clause.about in NOUNS and clause.predicates
        if owned or (clause.about in NOUNS and not (verb.has("by_thing") or verb.has("senses") or had)):
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
        needy = (
            bool(done) and not (self.asked or new) and not any(one.verb and (one.nouns or one.hangs) for one in done)
        )
        weak = only.has("receives") or any(word.has("ill") or word.kind == "symptom" for word in self.words)
        speaks, objects = only.pronoun in ("I", "we"), list[Noun]()
        given = verb.slot("receiver") == "" and verb.has("asked") and taken and not self.objects
        again = "again" in (self.peek().text, self.peek(1).text)
        if given and needy and weak and only.kind == "person" and not only.has("helper"):
            objects = [clause.subjects[0].as_pronoun()]  # "Child, Thirsty, Water, Give"
        elif not (verb.has("summons") and (taken or self.objects) and needy and not speaks):
            asked = speaks and done and not self.asked and (self.please or (again and clause.last.denied))
            if not asked or any(one.takes for one in others):  # "I, Deaf, Sign, Please"
                free = not clause.subjects and not self.asked
                asked = not others and (verb.has("asked") or (again and not taken))
                clause.request |= free and (self.please or asked)
                return
        self.open()
        self.objects, self.clause.request = objects or self.objects, True

    def _behind(self, predicate: Predicate, verb: Word) -> None:
        """Read objects that were signed after their verb, as in English: "Mother, Take, Medicine"."""
        at = self.at
        nouns = self.nouns()
        fits = all(accepts(verb, noun.word) or self._takes_symptom(verb, noun) for noun in nouns)
        if nouns and self.peek().kind not in ("verb", "state") and fits:
            predicate.nouns = join(nouns)
        else:
            self.at = at
        wants = verb.wants and not predicate.nouns and not self.asked and self.peek().kind != "person"
        refuse(wants, f"what is {verb.text}ed was not signed")
