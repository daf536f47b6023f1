"""Turns signs with their parts into clauses: times, subjects, things, a state or verbs, and what is said of those."""

from __future__ import annotations

from collections.abc import Sequence

from isl.sentence.clauses import NOTHING, NOUNS, Clause, Noun, Predicate, Segment, refuse
from isl.sentence.patterns import DOUBTS, compile_pattern, encode, rewrite, span
from isl.sentence.words import Word

STATEMENT = compile_pattern(r"(d*)(k+|p*)(d*)([ohN]*)((?:v+|iv*)(?:o+(?!N*[vi]))?|[sr])?([xaw]*)")


class Reader:
    """Reads the words of one segment into its clauses.

    Args:
        please: the signer asks the listener for something.
        asked: the question word of the segment.
    """

    def __init__(self, segment: Segment, words: Sequence[Word], please: bool, asked: Word | None) -> None:
        self.segment, self.asked = segment, asked
        facts = {"please": please, "greeted": segment.before, "asked": asked}
        text = f"_{asked.text.replace(' ', '_')}" if asked else ""
        self.signs, called = rewrite(words, " ".join([*(name for name, true in facts.items() if true), text]))
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
        text, begin = encode(self.signs), 0
        while match := STATEMENT.match(text, begin):
            if match.end() == begin:
                break
            self._statement(*(self.signs[slice(*span(match, at))] for at in range(1, 7)))
            begin = match.end()
        refuse(
            begin < len(text), f"what “{[*self.signs, Noun(NOTHING)][text.count('<', 0, begin)].word.gloss}” belongs to"
        )
        self._check()

    def _check(self) -> None:
        segment = self.segment
        kept = (one for one in segment.clauses if one.predicates or one.times or (one.subjects and not one.carried))
        clauses = segment.clauses = [*kept] or [Clause()]
        for at, clause in enumerate(clauses):
            state = clause.predicates[0].state if clause.times and clause.predicates[1:] else None
            if state and state.has("lasting"):  # "Yesterday, Girl, Deaf, Water, Want": she is deaf today
                clauses.insert(at, Clause(clause.subjects, clause.carried, [clause.predicates.pop(0)]))
                clause.carried = bool(clause.subjects)
                break
        said = [one for clause in clauses for one in clause.predicates]
        able = any(one.verb and one.verb.has("modal") and not one.hangs for one in said)
        refuse(able and said[1:], "what can or cannot be done was not signed")
        idle = any(one.about == "person" and not one.predicates for one in clauses)
        refuse(idle and clauses[1:] and not self.asked, DOUBTS["relation"])
        if self.asked:
            refuse(clauses[1:] and not clauses[-1].carried and self.asked.text == "who", "who is asked about is open")
            clauses[-1].question, segment.asks = self.asked, True

    def _statement(
        self,
        times: list[Noun],
        subjects: list[Noun],
        more: list[Noun],
        nouns: list[Noun],
        heads: list[Noun],
        tail: list[Noun],
    ) -> None:
        head = heads[0] if heads else Noun(NOTHING)
        if self.clause.last.does("quotes") and not self.clause.last.denied:
            self.open()  # "Doctor, Say, Operation, Need"
        more_said = bool(subjects or nouns or heads)
        self._times([one.word for one in (*times, *more)], bool(times), bool(subjects), more_said)
        same = head.role == "s" and not nouns and head.word.of != ("person",)  # "Medicine, Old, Bad"
        if subjects:
            self._subjects(subjects, bool(heads))
        elif self.clause.about in NOUNS and self.clause.predicates and (nouns or heads) and not same:
            self.open_after_thing()
        if head.role in ("v", "i"):
            behind = [one for one in heads if one.role == "o"]
            self._deed([one.word for one in heads if one.role != "o"], [*behind, *nouns], head.role == "i")
        else:
            self._link(nouns)
            if head.role:
                self._head(head)
        for sign in tail:
            getattr(self, f"_{sign.word.kind}")(sign.word)

    def open(self, subjects: Sequence[Noun] = ()) -> None:
        """Begin a clause, with subjects that were named before or without subjects."""
        self.segment.clauses.append(Clause(list(subjects), carried=bool(subjects), tense=self.clause.tense))

    def open_after_thing(self) -> None:
        """Begin a clause about the owner of the last clause's thing, or about nobody: "Father, Bill, High, Money"."""
        owner = self.clause.subjects[0].owner
        self.open([owner] if owner and owner.kind == "person" else [])

    def say(self, predicate: Predicate) -> None:
        self.clause.predicates.append(predicate)

    def _times(self, times: list[Word], first: bool, person: bool, more: bool) -> None:
        """Give times to the words after them; at the end of the signs, to the last clause."""
        clause = self.clause
        if not times:
            return
        refuse(clause.predicates and not more and (clause.times or self.segment.clauses[1:]), DOUBTS["time"])
        if clause.predicates and more:  # "Fever, Before, Now, healthy"
            new = first and not any(one.times for one in self.segment.clauses)
            refuse(new and (person or times[0].tense == "past"), DOUBTS["time"])
            if clause.about in NOUNS:
                self.open_after_thing()
            else:
                self.open(() if person else clause.subjects)
        joins = any(one.has("joins") for one in times)
        refuse(joins and sum(one.role in ("v", "i", "t", "l") for one in self.signs) > 1, DOUBTS["time"])
        clause = self.clause
        clause.times += times
        tenses = {one.tense: 1 for one in clause.times if one.tense}
        refuse(len(tenses) > 1, DOUBTS["time"])
        clause.late, clause.tense = bool(clause.predicates), [*tenses, "present"][0]

    def _subjects(self, nouns: list[Noun], head: bool) -> None:
        clause, only = self.clause, self.clause.only
        if clause.predicates and [noun.word for noun in clause.subjects] == [noun.word for noun in nouns]:
            if head:
                self.open(clause.subjects)  # the signs only repeat the topic
            return
        if not clause.is_free:
            topic = nouns[0].kind not in ("person", "unknown")
            refuse(topic and not clause.predicates, DOUBTS["whose"])
            self.open()
            if topic and nouns[0].kind == "body" and only.kind == "person":
                nouns[0].owner = clause.subjects[0].as_pronoun()
        self.clause.subjects = nouns

    def _link(self, nouns: Sequence[Noun]) -> None:
        """Add predicates for nouns that were signed without a verb; each gets a relation such as "needs" later."""
        if not nouns:
            return
        only, last = self.clause.only, self.clause.last
        if self.clause.request or (only.has("helper") and self.clause.predicates and nouns[0].kind == "symptom"):
            self.open()
        clause = self.clause
        linked = [*nouns, *(noun for one in clause.predicates for noun in one.nouns)]
        guessed = any(noun.has("guessed") for noun in linked) and not any(noun.has("to") for noun in nouns)
        refuse(guessed and len(linked) > 1, DOUBTS["relation"])
        refuse(clause.about and any(noun.has("alone") or noun.kind == "body" for noun in nouns), DOUBTS["relation"])
        wanted = last.verb if last.verb and last.verb.text == "want" and not last.hangs else None
        for noun in nouns:
            self.say(Predicate(nouns=[noun], verb=wanted))  # "Milk, Want, Water, Not"

    def _head(self, head: Noun) -> None:
        """Read a state, or the role of a person."""
        clause, word = self.clause, head.word
        if head.role == "r":
            self.say(Predicate(nouns=[head], identity=True))
            return
        refuse(word.of == ("thing",) and clause.about in ("", "person"), DOUBTS["how"])
        self.say(Predicate(state=word))

    def _deed(self, verbs: list[Word], nouns: list[Noun], request: bool) -> None:
        """Read one or more verbs, and find their objects among the things before them."""
        verb, objects = verbs[0], [noun for noun in nouns if noun.role == "o"]
        nouns = [noun for noun in nouns if noun.role != "o"]
        count = len(nouns)
        while count and (nouns[count - 1].role == "h" or self._takes(verb, nouns[count - 1])):
            purpose = verb.slot("thing") == "for" and nouns[count - 1].kind == "thing"
            if purpose and (count < len(nouns) or not self.clause.subjects):
                break
            count -= 1
        taken = nouns[count:]
        self._link(nouns[:count])
        clause = self.clause
        if request:
            self._request(verb, objects)
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
        wants = predicate.verb and predicate.does("wants") and not self.asked
        refuse(wants, "what is needed or wanted was not signed")
        self.say(predicate)

    def _takes(self, verb: Word, noun: Noun) -> bool:
        """Returns True if a noun can be the verb's object; in "Doctor, Fever, Check" the fever is not the doctor's."""
        if noun.kind == "symptom":
            checked = verb.slot("thing") is not None and self.clause.only.has("helper")
            return checked or verb.slot("symptom") is not None
        free = verb.wants or noun.has("own") or not noun.has("alone")
        return noun.kind == "place" or (free and verb.slot("thing") is not None)

    def _request(self, verb: Word, objects: list[Noun]) -> None:
        clause = self.clause
        if clause.predicates or (clause.subjects and clause.only.pronoun != "you"):
            if verb.slot("receiver") == "" and not objects and clause.only.kind == "person":
                objects.append(clause.subjects[0].as_pronoun())  # "Child, Thirsty, Water, Give"
            self.open()
        self.clause.request = True

    def _negation(self, word: Word) -> None:
        clause, last, denied = self.clause, self.clause.last, "never" if word.text == "never" else "not"
        if not clause.predicates:
            refuse(not clause.only.has("helper"), DOUBTS["denied"])
            self.say(Predicate(nouns=[clause.subjects.pop()], denied=denied))  # "Interpreter, Not"
            return
        refuse(last.denied or last.lasting, DOUBTS["denied"])
        earlier = clause.predicates[-2] if clause.predicates[1:] else Predicate()
        refuse(last.does("") and earlier.verb and not earlier.denied, "if one deed or both were denied is open")
        refuse(not last.verb and any(noun.has("guessed") for noun in last.nouns), DOUBTS["relation"])
        last.denied = denied

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

    def _span(self, span: Word) -> None:
        """Read a duration. It belongs to the words before it."""
        refuse(not self.clause.predicates or self.clause.last.lasting, "what lasts so long was not signed")
        self.clause.last.lasting = span.says[0]
