"""Reads glosses in the order of Indian Sign Language: time, topic, predicate, denial, question.

A segment is read in statements: times, persons, things, a state or verbs, and what belongs to it after it (a denial,
a duration, an adverb). A new person or a time begins a clause. Words that do not fit raise ``DoubtError``.
"""

from __future__ import annotations

from isl.sentence.clauses import NOTHING, NOUNS, Clause, Noun, Predicate, refuse
from isl.sentence.english import with_article
from isl.sentence.nouns import NO_RELATION, join
from isl.sentence.roles import Roles
from isl.sentence.words import Word

WHICH_TIME = "for which of several things the time was signed is open"
DENIED = "what was denied was not signed"


class Grammar(Roles):
    """Reads one segment statement by statement. ``Roles`` gives persons and things their parts."""

    def read(self) -> None:
        """Fill the segment with clauses."""
        while self.at < len(self.words):
            self._statement()
        segment = self.segment
        kept = (one for one in segment.clauses if one.predicates or one.times or (one.subjects and not one.carried))
        clauses = segment.clauses = [*kept] or [Clause()]
        for at, clause in enumerate(clauses):
            state = clause.predicates[0].state if clause.times and clause.predicates[1:] else None
            if state and state.has("lasting"):  # "Yesterday, Girl, Deaf, Water, Want": she is deaf today
                clauses.insert(at, Clause(clause.subjects, clause.carried, [clause.predicates.pop(0)]))
                clause.carried = bool(clause.subjects)
                break
        several, said = len(clauses) > 1, [one for clause in clauses for one in clause.predicates]
        dead = [one for one in said if one.state and one.state.has("ends") and not one.denied]
        refuse(dead and (len(said) > len(clauses) or any(one.times or one.carried for one in clauses)), NO_RELATION)
        able = any(one.verb and one.verb.has("modal") and not one.hangs for one in said)
        refuse(able and said[1:], "what can or cannot be done was not signed")
        idle = any(one.about == "person" and not one.predicates for one in clauses)
        refuse(idle and several and not self.asked, NO_RELATION)
        if self.asked:
            refuse(several and not clauses[-1].carried and self.asked.text == "who", "who is asked about is open")
            clauses[-1].question, segment.asks = self.asked, True

    def _statement(self) -> None:
        """Read times, persons, things, a state or verbs, and what belongs to it after it."""
        begin, times = self.at, self.run("time")
        if self.clause.last.does("quotes") and not self.clause.last.denied:
            self.open()  # "Doctor, Say, Operation, Need"
        word, helper = self.peek(), self.peek(1).has("helper") and self.clause.is_free
        states = [self.take()] if helper and word.kind == "state" and not word.has("ill") else []
        run = [Noun(word) for word in self.run("person")]
        if run[2:] and run[0].has("pronoun") and run[2].has("pronoun"):
            self.at -= len(run) - 2  # "I, Teacher, You, Student"
            del run[2:]
        if run:
            run[0].states, times = states, times + self.run("time")
        nouns, verbs = self.nouns("person" if run else ""), self.run("verb")
        state = self.take() if not verbs and self.peek().kind == "state" else NOTHING
        self._times(times, bool(run), bool(run or nouns or verbs or state.kind))
        if run[1:] and nouns and nouns[0].has("own") and verbs:
            nouns[0].owner = run.pop()  # "I, Doctor, Name, Forget"
        elif run[1:] and nouns and nouns[0].has("with") and run[-1].has("helper"):
            nouns[0].joint, nouns[0].joined = "with", run.pop()  # "I, Doctor, Appointment"
        if run:
            bare = not any(noun.kind in ("thing", "symptom") for noun in nouns)
            more = "noun" if nouns or self.peek().kind in ("number", "span") else ""
            self.persons(run, verbs, bare, "verb" if verbs else state.kind or more)
        if verbs:
            self.deed(verbs[0], verbs[1:], nouns)
        elif state.kind:
            self._state(state, nouns)
        elif nouns:
            self._things(join(nouns))
        self._after(begin)

    def _times(self, times: list[Word], person: bool, more: bool) -> None:
        """Give times to the words after them; at the end of the signs, to the last clause."""
        leading, clause = bool(times), self.clause
        times, self.inside = [*times, *self.inside], []
        if not times:
            return
        several = clause.times or self.segment.clauses[1:]
        refuse(clause.predicates and not more and several, WHICH_TIME)
        if clause.predicates and more:  # "Fever, Before, Now, healthy"
            first = leading and not any(one.times for one in self.segment.clauses)
            refuse(first and (person or times[0].tense == "past"), WHICH_TIME)
            if clause.about in NOUNS:
                self.open_after_thing()
            else:
                self.open(() if person else clause.subjects)
        joins = any(one.has("joins") for one in times)
        refuse(joins and sum(one.kind in ("verb", "thing", "place") for one in self.words) > 1, WHICH_TIME)
        clause = self.clause
        clause.times += times
        tenses = {one.tense: 1 for one in clause.times if one.tense}
        refuse(len(tenses) > 1, WHICH_TIME)
        clause.late, clause.tense = bool(clause.predicates), [*tenses, "present"][0]

    def _state(self, word: Word, nouns: list[Noun]) -> None:
        clause, after = self.clause, self.peek()
        if word.has("fears") and nouns:
            text = f"{word.text} of {with_article(nouns[-1].word.text, nouns[-1].word.article)}"
            self.link(nouns[:-1])
            self.say(Predicate(state=Word(word.gloss, "state", (text,))))
            return
        if word.has("sense") and after.kind == "state":  # "Hearing, Weak"
            refuse(after.has("sense") or self.peek(1).kind == "negation", "if a sense is so was not signed")
            self.topic(Noun(Word(word.gloss, "body", word.says, article="the")))
            return
        if word.adverb and clause.last.verb and not nouns and self.peek(-2).kind == "verb":
            clause.last.adverbs.append(word.adverb)
            return
        unclear, any_of = f"what is {word.text} was not signed", word.of == ("any",) and not word.has("ill")
        if nouns and word.fits("thing"):
            public = nouns[-1].kind == "place" and "need {}" in nouns[-1].word.links.get("links", ())
            somebody = (
                (public or word.text == "late")
                and nouns[-1].kind == "place"
                and word.fits("person")
                and clause.about == "person"
            )
            refuse(somebody or (not clause.about and [one.kind for one in nouns] == ["thing", "place"]), unclear)
            nouns = join(nouns, topic=True)
            self.link(nouns[:-1])
            self.topic(nouns[-1])
        else:
            self.link(join(nouns))
            clause = self.clause
            if clause.about in NOUNS and word.of == ("person",):
                self.open_after_thing()
                clause = self.clause
                refuse(not clause.subjects, unclear)
            refuse(clause.is_free and after.kind == "person" and not after.has("helper"), unclear)
            near = after.kind in ("thing", "symptom") and self.peek(1).kind != "state"  # but "Man, Heavy, Bed, broken"
            refuse(any_of and near and clause.about == "person", unclear)
            refuse(word.of == ("thing",) and clause.about in ("", "person"), unclear)
            refuse(any_of and self.peek(-2).kind == "verb", unclear)
        states = [one.state for one in clause.predicates if one.state and not one.denied]
        both = {"deaf", "hearing"} <= {word.text, *(state.text for state in states)}
        refuse(both and after.kind != "negation", "nobody is both")
        role = after.kind == "person" and not any(map(after.has, ("helper", "relative", "own", "pronoun")))
        if role and self.clause.only.has("pronoun") and not self.peek(1).kind:  # "I, Deaf, Woman"
            self.clause.predicates = [Predicate(nouns=[Noun(self.take(), states=[*states, word])], identity=True)]
            return
        self.say(Predicate(state=word))

    def _things(self, nouns: list[Noun]) -> None:
        """Read things without a verb or a state."""
        about = self.clause.about == "person" and (self.asked or self.clause.times)  # "Sister, Marriage, When"
        dated = bool(about) and nouns[-1].has("alone")
        own = nouns[-1].kind == "thing" and (dated or nouns[-1].has("own"))
        self.link(nouns[:-1] if own else nouns)
        if own:
            self.topic(nouns[-1])

    def _after(self, begin: int) -> None:
        """Read what belongs to the words before it: denials, durations, adverbs, numbers, names."""
        while (word := self.peek()).kind in ("negation", "span", "adverb", "measure", "number", "unknown"):
            if word.kind == "unknown" and self.at > begin and self.clause.predicates:
                break
            getattr(self, f"_{word.kind}")(self.take())
        refuse(self.at == begin, f"what “{word.gloss}” belongs to was not signed")

    def _negation(self, word: Word) -> None:
        clause, last, denied = self.clause, self.clause.last, "never" if word.text == "never" else "not"
        if not clause.predicates:
            refuse(not clause.only.has("helper") or self.peek().kind, DENIED)
            self.say(Predicate(nouns=[clause.subjects.pop()], denied=denied))  # "Interpreter, Not"
            return
        refuse(last.denied or last.lasting or self.peek(-2).kind == "time", DENIED)
        earlier = clause.predicates[-2] if clause.predicates[1:] else Predicate()
        refuse(last.does("") and earlier.verb and not earlier.denied, "if one deed or both were denied is open")
        refuse(not last.verb and any(noun.has("guessed") for noun in last.nouns), NO_RELATION)
        last.denied = denied

    def _measure(self, word: Word) -> None:
        refuse(True, f"how many {word.text}s was not signed")

    def _adverb(self, word: Word) -> None:
        clause, last = self.clause, self.clause.last
        refuse(word.has("since"), "since when was not signed")
        if clause.predicates and not (last.denied or last.lasting):
            last.adverbs.append(word.text)
        elif clause.subjects and not clause.predicates:
            clause.times.append(word)  # "You, Name, Again"
        else:
            if last.denied:
                self.open()  # in "Understand, Not, Again", the signer wants something again
            self.say(Predicate(state=word))

    def _is(self, text: str) -> None:
        """Name or number the topic: "Age, 60", "Name, Ravi"."""
        self.say(Predicate(nouns=[Noun(Word(text, "unknown", (text,)))], identity=True))

    def _number(self, word: Word) -> None:
        """Read a number behind its noun: "Age, 60", "I, Brother, Two"."""
        clause = self.clause
        if clause.about == "thing" and not clause.predicates:
            self._is(word.text)
            return
        counted = clause.subjects.pop() if clause.subjects and not clause.predicates else Noun(NOTHING)
        free = counted.owner or len(self.words) == 2  # "Brother, Three"
        refuse(not free or self.peek().kind or counted.has("collective"), "what was counted is open")
        clause.subjects += [counted.owner] if counted.owner else []
        self.say(Predicate(nouns=[Noun(Word(counted.word.gloss, "thing", counted.word.says), number=word.text)]))

    def _span(self, span: Word) -> None:
        """Read a duration. It belongs to the words before it, or is an age."""
        (lasting, amount, period), clause = span.says, self.clause
        aged = period in ("year", "month") and clause.about == "person" and not self.peek().kind
        if clause.predicates:
            refuse(clause.last.lasting, "what lasts so long was not signed")
            clause.last.lasting = lasting
        elif clause.about == "thing":
            self._is(amount)
        else:
            refuse(not aged, "what lasts so long was not signed")
            self.say(Predicate(state=Word(amount, "state", (f"{amount} old",))))

    def _unknown(self, word: Word) -> None:
        """Read an unknown word: a name after "name", or else a subject."""
        after = self.peek().kind
        if self.clause.about == "thing" and not self.clause.predicates:
            self._is(word.text)
            if after:
                self.open_after_thing()  # "I, Name, Ravi, Deaf"
        else:
            refuse(self.at > 1 or after not in ("", *NOUNS, "state", "verb"), f"{word.text} is not in the tables")
            self.clause.subjects.append(Noun(word))
