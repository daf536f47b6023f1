"""Reads glosses in the order of Indian Sign Language: time, topic, predicate, denial, question.

A segment is read in statements: times, persons, things, a state or verbs, and what belongs to it after it (a denial,
a duration, an adverb). A new person or a time begins a clause. Words that do not fit into this order raise
``DoubtError``.
"""

from __future__ import annotations

from dataclasses import replace

from isl.sentence.clauses import NOTHING, NOUNS, Clause, Noun, Predicate, refuse
from isl.sentence.english import with_article
from isl.sentence.nouns import join
from isl.sentence.persons import Persons
from isl.sentence.words import Word

AFTER = ("negation", "span", "adverb", "measure")  # words that belong to what was said before them
WHICH_TIME = "for which of several things the time was signed is open"


class Grammar(Persons):
    """Reads one segment statement by statement. ``Persons`` reads the persons, ``Deeds`` verbs and things."""

    def read(self) -> None:
        """Fill the segment with clauses."""
        while self.at < len(self.words):
            self._statement()
        self._check()
        if self.asked:
            clauses = self.segment.clauses
            unclear = len(clauses) > 1 and not clauses[-1].carried and self.asked.text == "who"
            refuse(unclear, "about whom “who” asks was not signed")
            clauses[-1].question, self.segment.asks = self.asked, True

    def _check(self) -> None:
        clauses = [
            one for one in self.segment.clauses if one.predicates or one.times or (one.subjects and not one.carried)
        ] or [Clause()]
        self.segment.clauses = clauses
        for at, clause in enumerate(clauses):
            if (
                clause.times
                and clause.predicates[1:]
                and clause.predicates[0].state
                and clause.predicates[0].state.has("lasting")
            ):
                rest = replace(clause, predicates=clause.predicates[1:], carried=bool(clause.subjects))
                clauses[at : at + 1] = [Clause(clause.subjects, clause.carried, clause.predicates[:1]), rest]
                break  # "Yesterday, Girl, Deaf, Water, Want": she is deaf today
        dead = [c for c in clauses for p in c.predicates if p.state and p.state.has("ends") and not p.denied]
        alive = any(len(clause.predicates) > 1 or clause.times for clause in dead)
        refuse(alive or any(clause.carried for clause in clauses if dead), "the dead need and do nothing")
        refuse(
            len(clauses) > 1
            and any(p.verb and p.verb.has("modal") and not p.hangs for c in clauses for p in c.predicates),
            "what can or cannot be done was not signed",
        )
        if (
            len(clauses) > 1
            and clauses[-1].only.has("job")
            and not clauses[-1].predicates
            and clauses[-2].about == "person"
        ):
            role = clauses.pop().subjects  # "Sister, Deaf, Teacher"
            clauses[-1].predicates.append(Predicate(nouns=role, identity=True))
        idle = [one for one in clauses if one.about == "person" and not one.predicates]
        refuse(idle and len(clauses) > 1 and not self.asked, "what somebody has to do with it was not signed")

    def _statement(self) -> None:
        """Read times, persons, things, a state or verbs, and what belongs to it after it."""
        begin, times = self.at, self.run("time")
        last = self.clause.last
        if last.verb and last.verb.has("quotes") and not (last.nouns or last.denied):
            self.open()  # "Doctor, Say, Operation, Need"
        states = self._states_of_helper()
        run = [Noun(word) for word in self.run("person")]
        if run and run[0].word.has("pronoun") and len(run) > 2 and run[2].word.has("pronoun"):
            self.at -= len(run) - 2  # "I, Teacher, You, Student"
            del run[2:]
        if run and states:
            run[0].states = states
        times += self.run("time") if run else []
        nouns = self.nouns("person" if run else "")
        verbs = self.run("verb")
        state = self.take() if not verbs and self.peek().kind == "state" else NOTHING
        self._times(times, bool(run), bool(run or nouns or verbs or state.kind))
        if run[1:] and nouns and nouns[0].word.has("own") and verbs:
            nouns[0].owner = run.pop()  # "I, Doctor, Name, Forget"
        elif run[1:] and nouns and nouns[0].word.has("with") and run[-1].word.has("helper"):
            nouns[0].joint, nouns[0].joined = "with", run.pop()  # "I, Doctor, Appointment"
        if run:
            bare = not any(noun.word.kind in ("thing", "symptom") for noun in nouns)
            self.persons(
                run,
                verbs,
                bare,
                "verb" if verbs else state.kind or ("noun" if nouns or self.peek().kind in ("number", "span") else ""),
            )
        if verbs:
            self.deed(verbs[0], verbs[1:], nouns)
        elif state.kind:
            self._state(state, nouns)
        elif nouns:
            self._things(nouns)
        self._after(begin)

    def _states_of_helper(self) -> list[Word]:
        """Reads the state of a helper: "Deaf, Doctor, Where"."""
        word, after = self.peek(), self.peek(1)
        described = word.kind == "state" and after.has("helper") and not word.has("ill")
        return [self.take()] if described and not self.clause.predicates and not self.clause.subjects else []

    def _times(self, times: list[Word], person: bool, more: bool) -> None:
        """Give times to the words after them; at the end of the signs, to the last clause."""
        leading = bool(times)
        times, self.inside = [*times, *self.inside], []
        if not times:
            return
        clause = self.clause
        if clause.predicates and more:  # "Fever, Before, Now, healthy"
            first = leading and not any(one.times for one in self.segment.clauses)
            unclear = first and (person or times[0].tense == "past")
            refuse(unclear, "for which of two things the time was signed is open")
            if clause.about in NOUNS:
                self.open_after_thing()
            else:
                self.open(() if person else clause.subjects)
        elif not more:
            several = clause.predicates and (clause.times or len(self.segment.clauses) > 1)
            refuse(several, WHICH_TIME)
        clause = self.clause
        joins = any(one.has("joins") for one in times)
        refuse(joins and any(one.kind in ("verb", "thing", "place") for one in self.words), WHICH_TIME)
        clause.times += times
        tenses = [one.tense for one in clause.times if one.tense]
        refuse(len(set(tenses)) > 1, "which of two times holds was not signed")
        clause.late = bool(clause.predicates)
        clause.tense = tenses[0] if tenses else "present"

    def _state(self, word: Word, nouns: list[Noun]) -> None:
        clause, after = self.clause, self.peek()
        last = nouns[-1].word if nouns else NOTHING
        if word.has("fears") and nouns:
            noun = nouns.pop().word
            self.link(nouns)
            text = f"{word.text} of {with_article(noun.text, noun.article)}"
            self.say(Predicate(state=replace(word, says=(text,))))
            return
        if word.has("sense") and after.kind == "state" and clause.about == "person" and not clause.predicates:
            unclear = after.has("sense") or self.peek(1).kind == "negation"  # "Hearing, Weak"
            refuse(unclear, "whether somebody or a sense is so was not signed")
            self.topic(Noun(Word(word.gloss, "body", word.says, article="the")))
            return
        if word.adverb and clause.last.verb and not nouns and self.peek(-2).kind == "verb":
            clause.last.adverbs.append(word.adverb)
            return
        if nouns and word.fits("thing"):
            refuse(
                [noun.word.kind for noun in nouns] == ["thing", "place"] and not clause.about,
                "what is so was not signed",
            )
            public = last.kind == "place" and "need {}" in last.links.get("links", ())
            place = public and word.fits("person") and clause.about == "person"
            refuse(place, f"whether somebody or a place is {word.text} was not signed")
            nouns = join(nouns, topic=True)
            self.link(nouns[:-1])
            self.topic(nouns[-1])
        else:
            self.link(join(nouns))
            if self.clause.about in NOUNS and word.of == ("person",) and self.clause.predicates:
                self.open_after_thing()
                refuse(not self.clause.subjects, f"who is {word.text} was not signed")
                clause = self.clause
            whose = after.kind == "person" and not clause.subjects and not after.has("helper")
            refuse(whose and not clause.predicates, "of whom that was said was not signed")
            near = after.kind in ("thing", "symptom") and self.peek(1).kind != "state"  # but "Man, Heavy, Bed, broken"
            unclear = word.of == ("any",) and near and clause.about == "person" and not word.has("ill")
            unclear = unclear or (word.of == ("thing",) and self.clause.about in ("", "person"))
            unclear = unclear or (self.peek(-2).kind == "verb" and word.of != ("person",) and not word.has("ill"))
            refuse(unclear, f"what is {word.text} was not signed")
        others = [one.state for one in self.clause.predicates if one.state and not one.denied]
        both = any("deaf" in (one.text, word.text) and "hearing" in (one.text, word.text) for one in others)
        refuse(both and after.kind != "negation", "nobody is both")
        role = not {"helper", "relative", "own", "pronoun"} & set(after.traits)
        if role and self.clause.only.has("pronoun") and [one.kind for one in self.words[self.at :]] == ["person"]:
            states = [one.state for one in self.clause.predicates if one.state]  # "I, Deaf, Woman"
            self.clause.predicates = [Predicate(nouns=[Noun(self.take(), states=[*states, word])], identity=True)]
            return
        self.say(Predicate(state=word))

    def _things(self, nouns: list[Noun]) -> None:
        """Read things without a verb or a state."""
        nouns = join(nouns)
        *left, last = nouns
        if last.word.kind == "thing" and last.word.has("own"):
            self.link(left)
            self.topic(last)
        else:
            self.link(nouns)

    def _after(self, begin: int) -> None:
        """Read what belongs to the words before it: denials, durations, adverbs, numbers, names."""
        while self.peek().kind in AFTER or (self.peek().kind in ("number", "unknown") and self.at < len(self.words)):
            word = self.peek()
            if word.kind == "unknown" and (self.at > begin and self.clause.predicates):
                break
            self.take()
            getattr(self, f"_{word.kind}")(word)
        refuse(self.at == begin, f"what “{self.peek().gloss}” belongs to was not signed")

    def _negation(self, word: Word) -> None:
        clause, last, after = self.clause, self.clause.last, self.peek()
        denied = "never" if word.text == "never" else "not"
        if not clause.predicates:
            missing = clause.only.has("helper") and not after.kind
            refuse(not missing, "what was denied was not signed")
            subject, clause.subjects = clause.subjects[0], []
            self.say(Predicate(nouns=[subject], denied=denied))  # "Interpreter, Not"
            return
        refuse(last.denied or last.lasting or self.peek(-2).kind == "time", "what was denied was not signed")
        earlier = clause.predicates[-2] if len(clause.predicates) > 1 else Predicate()
        both = last.verb and not last.nouns and earlier.verb and not earlier.denied
        refuse(both, "whether one deed or both were denied was not signed")
        guessed = any(noun.word.has("guessed") for noun in last.nouns) and not last.verb
        refuse(guessed, "what an unknown word has to do with it was not signed")
        last.denied = denied

    def _measure(self, word: Word) -> None:
        refuse(True, f"how many {word.text}s was not signed")

    def _adverb(self, word: Word) -> None:
        clause, last = self.clause, self.clause.last
        refuse(word.has("since"), "since when was not signed")
        if clause.predicates and not last.denied and not last.lasting:
            last.adverbs.append(word.text)
        elif clause.subjects and not clause.predicates:
            clause.times.append(word)  # "You, Name, Again"
        else:
            if last.denied:
                self.open()  # in "Understand, Not, Again", the signer wants something again
            self.say(Predicate(state=word))

    def _number(self, word: Word) -> None:
        """Read a number behind its noun: "Age, 60", "I, Brother, Two"."""
        clause = self.clause
        subject = clause.subjects[-1] if clause.subjects else Noun(NOTHING)
        if clause.about == "thing" and not clause.predicates:
            self.say(Predicate(nouns=[Noun(Word(word.text, "unknown", (word.text,)))], identity=True))
            return
        alone = subject.owner and not self.peek().kind and not clause.predicates
        refuse(not alone or subject.word.has("collective"), "what was counted was not signed")
        clause.subjects = [subject.owner] if subject.owner else []
        counted = Word(subject.word.gloss, "thing", subject.word.says)
        self.say(Predicate(nouns=[Noun(counted, number=word.text)]))

    def _span(self, span: Word) -> None:
        """Read a duration. It belongs to the words before it, or is an age."""
        lasting, amount, period = span.says
        clause = self.clause
        if clause.predicates:
            refuse(clause.last.lasting, "what lasts so long was not signed")
            clause.last.lasting = lasting
        elif clause.about == "thing":
            self.say(Predicate(nouns=[Noun(Word(amount, "unknown", (amount,)))], identity=True))
        else:
            aged = period in ("year", "month") and clause.about == "person" and not self.peek().kind
            refuse(not aged, "what lasts so long was not signed")
            self.say(Predicate(state=Word(amount, "state", (f"{amount} old",))))

    def _unknown(self, word: Word) -> None:
        """Read an unknown word: a name after "name", or else a subject."""
        clause, after = self.clause, self.peek()
        if clause.about == "thing" and not clause.predicates:
            self.say(Predicate(nouns=[Noun(word)], identity=True))
            if after.kind:
                self.open_after_thing()  # "I, Name, Ravi, Deaf"
        else:
            alone = self.at == 1 and after.kind in ("", *NOUNS, "state", "verb")
            refuse(not alone, f"{word.text} is not in the tables")
            clause.subjects.append(Noun(word))
