"""Turns rewritten signs into clauses: times, subjects, things, a state or verbs, and what is said of those."""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.clauses import NOTHING, NOUNS, Clause, Noun, Predicate, Segment, refuse
from isl.sentence.patterns import DOUBTS, compile_pattern, encode, rewrite, span
from isl.sentence.words import Word

STATEMENT = compile_pattern("z?(d*)(k+|p*)(d*)([ohN]*)(v+|iv*|[sr])?((?:o+(?!N*[vi]))?)([xaw]*e?)")


class Reader:
    """Reads the words of one segment into its clauses.

    Args:
        please: the signer asks the listener for something.
        asked: the question word of the segment.
    """

    def __init__(self, segment: Segment, words: Sequence[Word], please: bool, asked: Word | None) -> None:
        self.segment, self.asked = segment, asked
        facts = [*["please"] * please, *["greeted"] * bool(segment.before)]
        facts += ["asked", f"_{asked.text.replace(' ', '_')}"] if asked else []
        self.signs, called = rewrite(words, " ".join(facts))
        segment.before += called
        segment.clauses.append(Clause())

    @property
    def clause(self) -> Clause:
        return self.segment.clauses[-1]

    def read(self) -> None:
        """Fill the segment with clauses.

        Raises:
            DoubtError: the signs cannot be read, or have two meanings that exclude each other.
        """
        text, begin, segment = encode(self.signs), len("c<>"), self.segment
        while match := STATEMENT.match(text, begin):
            if match.end() == begin:
                break
            if text[begin] == "z":
                self.open()
            self._statement([self.signs[span(match, at)] for at in range(1, 8)])
            begin = match.end()
        refuse(begin < len(text), DOUBTS["relation"])
        kept = (one for one in segment.clauses if one.predicates or one.times or (one.subjects and not one.carried))
        clauses = segment.clauses = [*kept] or [Clause()]
        for at, clause in enumerate(clauses):
            state = clause.predicates[0].state if clause.times and clause.predicates[1:] else None
            late = clause.late and clause.tense == "future"  # "Wife, Pregnant, Doctor, See, Tomorrow"
            if state and (late or state.has("lasting")):  # "Yesterday, Girl, Deaf, Water, Want": she is deaf today
                clauses.insert(at, Clause(clause.subjects, clause.carried, [clause.predicates.pop(0)]))
                clause.carried = bool(clause.subjects)
                break
        idle = any(one.about == "person" and not one.predicates for one in clauses)
        refuse(idle and clauses[1:] and not self.asked, DOUBTS["relation"])
        if self.asked:
            refuse(clauses[1:] and not clauses[-1].carried and self.asked.text == "who", DOUBTS["who"])
            clauses[-1].question, segment.asks = self.asked, True

    def _statement(self, groups: Sequence[list[Noun]]) -> None:
        """Read one statement: times, subjects, times, things, a state or verbs, objects, and what belongs to it."""
        times, subjects, more, nouns, heads, behind, tail = groups
        head, last = heads[0] if heads else Noun(NOTHING), self.clause.last
        if last.does("quotes") and not last.denied:
            self.open()  # "Doctor, Say, Operation, Need"
        self._times([*times, *more], bool(subjects), bool(subjects or nouns or heads))
        same = head.role == "s" and not nouns and head.word.of != ("person",)  # "Medicine, Old, Bad"
        if subjects:
            self._subjects(subjects, bool(heads))
        elif self.clause.about in NOUNS and self.clause.predicates and (nouns or heads) and not same:
            self.open_after_thing()
        if head.role in ("v", "i"):
            self._deed([one.word for one in heads], [*behind, *nouns], head.role == "i")
        else:
            self._link(nouns)
            refuse(head.word.of == ("thing",) and self.clause.about in ("", "person"), DOUBTS["how"])
            if head.role:
                self.say(Predicate(nouns=[head], identity=True) if head.role == "r" else Predicate(state=head.word))
        for sign in tail:
            {"x": self._deny, "a": self._add_adverb, "w": self._last, "e": self._end}[sign.role](sign.word)

    def open(self, subjects: Sequence[Noun] = ()) -> None:
        """Begin a clause, with subjects that were named before or without subjects."""
        self.segment.clauses.append(Clause(list(subjects), carried=bool(subjects), tense=self.clause.tense))

    def open_after_thing(self) -> None:
        """Begin a clause about the owner of the last clause's thing, or about nobody: "Father, Bill, High, Money"."""
        owner = self.clause.subjects[0].owner
        self.open([owner] if owner and owner.kind == "person" else [])

    def say(self, predicate: Predicate) -> None:
        self.clause.predicates.append(predicate)

    def _times(self, times: list[Noun], person: bool, more: bool) -> None:
        """Give times to the words after them; at the end of the signs, to the last clause."""
        if not times:
            return
        clause, timed = self.clause, any(one.times for one in self.segment.clauses)
        refuse(clause.predicates and not more and (clause.times or self.segment.clauses[1:]), DOUBTS["time"])
        if clause.predicates and more:  # "Fever, Before, Now, healthy"
            refuse(not timed and (person or times[0].has("past")), DOUBTS["time"])
            if clause.about in NOUNS:
                self.open_after_thing()
            else:
                self.open(() if person else clause.subjects)
        clause = self.clause
        clause.times += [one.word for one in times]
        tenses = {one.tense: 1 for one in clause.times if one.tense}
        refuse(len(tenses) > 1, DOUBTS["time"])
        clause.late, clause.tense = bool(clause.predicates), [*tenses, "present"][0]

    def _subjects(self, nouns: list[Noun], head: bool) -> None:
        clause, topic = self.clause, nouns[0].role == "k"
        if clause.predicates and [noun.word for noun in clause.subjects] == [noun.word for noun in nouns]:
            if head:
                self.open(clause.subjects)  # the signs only repeat the topic
            return
        if not clause.is_free:
            refuse(topic and not clause.predicates, DOUBTS["whose"])
            if topic and nouns[0].kind == "body" and clause.only.kind == "person":
                nouns[0].owner = clause.subjects[0].as_pronoun()
            self.open()
        self.clause.subjects = nouns

    def _link(self, nouns: Sequence[Noun]) -> None:
        """Add predicates for nouns that were signed without a verb; each gets a relation such as "needs" later."""
        only, last = self.clause.only, self.clause.last
        if nouns and (
            self.clause.request or (only.has("helper") and last != Predicate() and nouns[0].kind == "symptom")
        ):
            self.open()
        linked = [*nouns, *(noun for one in self.clause.predicates for noun in one.nouns)]
        guessed = any(noun.has("guessed") for noun in linked) and not any(noun.has("to") for noun in nouns)
        refuse(nouns and guessed and len(linked) > 1, DOUBTS["relation"])
        refuse(self.clause.about and any(one.has("alone") or one.kind == "body" for one in nouns), DOUBTS["relation"])
        wanted = last.verb if last.verb and last.verb.text == "want" and not last.hangs else None
        for noun in nouns:
            self.say(Predicate(nouns=[noun], verb=wanted))  # "Milk, Want, Water, Not"

    def _deed(self, verbs: list[Word], nouns: list[Noun], request: bool) -> None:
        """Read one or more verbs, and find their objects among the things before them."""
        verb, objects = verbs[0], [noun for noun in nouns if noun.role == "o"]
        nouns = [noun for noun in nouns if noun.role != "o"]
        count = len(nouns)
        full = verb.slot("receiver") is None and any(one.kind == "person" for one in objects)
        while count and self._takes(verb, nouns[count - 1]) and not (full and nouns[count - 1].kind != "place"):
            purpose = verb.slot("thing") == "for" and nouns[count - 1].kind == "thing"
            if purpose and (count < len(nouns) or not self.clause.subjects):
                break
            count -= 1
        self._link(nouns[:count])
        clause, taken = self.clause, nouns[count:]
        if request:
            self._request(verb, objects, [noun for noun in taken if noun.kind == "thing"])
        for noun in taken:
            if noun.kind == "body" and clause.about == "person" and not clause.subjects[0].has("helper"):
                refuse(verb.has("senses") or clause.subjects[1:], DOUBTS["whose"])
                noun.owner = clause.subjects[0].as_pronoun()
        predicate = Predicate(verb=verb, nouns=[*objects, *taken])
        for verb in verbs[1:]:
            if verb.takes and not verb.has("noun"):
                taught = [one for one in predicate.nouns if one.kind == "person" and verb.slot("receiver") == ""]
                predicate.nouns = [one for one in predicate.nouns if one not in taught]
                predicate = Predicate(verb=verb, hangs=predicate, nouns=taught)  # "Teacher, Boy, Sign, Teach"
            elif predicate.verb and predicate.verb.takes and not (predicate.nouns or predicate.hangs):
                predicate.hangs = Predicate(verb=verb)  # "Want, Eat"
            else:
                self.say(predicate)
                predicate = Predicate(verb=verb)
        complete = self.asked or request or predicate.hangs or any(one.kind != "place" for one in predicate.nouns)
        refuse(verbs[-1].has("needs_object") and not complete, DOUBTS["who"])
        refuse(predicate.does("wants") and not self.asked, "what is needed or wanted was not signed")
        self.say(predicate)

    def _takes(self, verb: Word, noun: Noun) -> bool:
        """Returns True if a noun can be the verb's object; in "Doctor, Fever, Check" the fever is not the doctor's."""
        if noun.kind == "symptom":
            checked = verb.slot("thing") is not None and self.clause.only.has("helper")
            return checked or verb.slot("symptom") is not None
        free = verb.has("wants") or noun.has("own") or not noun.has("alone")
        return noun.kind in ("place", "person") or (free and verb.slot("thing") is not None)

    def _request(self, verb: Word, objects: list[Noun], things: list[Noun]) -> None:
        clause = self.clause
        if clause.predicates or (clause.subjects and clause.only.pronoun != "you"):
            handed = verb.slot("receiver") == "" or (verb.slot("person") == "" and not things)
            if handed and not objects and clause.only.kind == "person":
                objects.append(clause.subjects[0].as_pronoun())  # "Child, Thirsty, Water, Give"
            self.open()
        self.clause.request = True

    def _deny(self, word: Word) -> None:
        clause, denied = self.clause, "never" if word.text == "never" else "not"
        if not clause.predicates:
            refuse(not clause.only.has("helper"), DOUBTS["denied"])
            self.say(Predicate(nouns=[clause.subjects.pop()]))  # "Interpreter, Not"
        refuse(clause.last.denied or clause.last.lasting, DOUBTS["denied"])
        clause.last.denied = denied

    def _add_adverb(self, word: Word) -> None:
        clause, last = self.clause, self.clause.last
        if clause.predicates and not (last.denied or last.lasting):
            last.adverbs.append(word.text)
        elif clause.subjects and not clause.predicates:
            clause.times.append(word)  # "You, Name, Again"
        else:
            if last.denied:
                self.open()  # in "Understand, Not, Again", the signer wants something again
            self.say(Predicate(state=word))

    def _end(self, time: Word) -> None:
        """Add a time to the words before it alone; what comes after it is a clause of its own."""
        self.clause.times.append(time)
        self.clause.tense, self.clause.late = time.tense or "present", True
        self.segment.clauses.append(Clause(self.clause.subjects, carried=bool(self.clause.subjects)))

    def _last(self, span: Word) -> None:
        """Add a duration to the words before it."""
        refuse(not self.clause.predicates or self.clause.last.lasting, "what lasts so long was not signed")
        self.clause.last.lasting = span.says[0]
