"""Writes clauses with a question word as questions."""

from __future__ import annotations

from dataclasses import replace

from isl.sentence import english
from isl.sentence.choices import Choices
from isl.sentence.clauses import Clause, Noun, refuse
from isl.sentence.english import Phrase, capital, listed
from isl.sentence.phrases import noun_text, owner_text, phrase, write_subject
from isl.sentence.writing import time_text, write_clause

OBJECTS = ("which", "what", "how much", "how many")  # questions about a thing: "which medicine"
GAP = "\0"  # marks the position of the thing that the question is about
UNCLEAR = "what was asked was not signed"


def write_question(clause: Clause, choose: Choices) -> str:
    """Returns a question without its question mark. All predicates but the last become a statement before it.

    Raises:
        DoubtError: the signs leave the question open.
    """
    assert clause.question is not None
    word, last = clause.question.text, clause.last
    begun = last.verb and last.verb.takes == "ing" and not last.hangs and not last.nouns
    refuse(begun and len(clause.predicates) > 1, UNCLEAR)  # "Mother, sick, Start, When"
    if len(clause.predicates) > 1 and (word != "who" or clause.subjects):
        statement = write_clause(replace(clause, predicates=clause.predicates[:-1]), choose)
        about = replace(clause, predicates=[last], times=[], carried=bool(clause.subjects))
        if last.nouns and not last.verb and word not in ("why", "when", "how"):
            about.subjects = []
        return f"{statement}. {capital(_ask(word, about, choose))}"
    return f"{_ask(word, clause, choose)} {time_text(clause)}".strip()


def _ask(word: str, clause: Clause, choose: Choices) -> str:
    """Returns the question about a clause with one predicate or none."""
    only = clause.last
    if word == "who":
        return _who(clause, choose)
    if not clause.predicates:
        return _of_topic(word, clause, choose)
    refuse(only.identity and word == "what" and clause.subjects, UNCLEAR)
    if not clause.subjects:
        return _without_subject(word, clause, choose)
    linked = only.nouns and not only.verb and not only.identity and not only.denied and not only.lasting
    if word == "where" and linked:
        refuse(len(clause.subjects) > 1, UNCLEAR)
        noun = only.nouns[-1].word
        return f"where {'are' if noun.has('people') else 'is'} {owner_text(clause.subjects[0], choose)} {noun.text}"
    if word == "which" and only.state and not clause.subjects[0].owner and clause.subjects[0].word.kind != "person":
        name = noun_text(clause.subjects[0], choose, "bare")
        return f"which {name} {english.finite(phrase(only, clause, choose), 'she', clause.tense)}"
    if word in OBJECTS:
        return _about_object(word, clause, choose)
    refuse(word == "where" and only.state, UNCLEAR)
    return f"{word} {_inverted(clause, phrase(only, clause, choose), choose)}"


def _inverted(clause: Clause, said: Phrase, choose: Choices) -> str:
    subject, person = write_subject(clause, choose)
    return english.inverted(said, subject, person, clause.tense)


def _about_object(word: str, clause: Clause, choose: Choices) -> str:
    """Returns a question about the thing in a predicate: "which medicine do I take", "what does my mother need"."""
    only = clause.last
    deed = only.innermost
    objects = [one for one in deed.nouns if one.word.kind in ("thing", "place", "symptom")]
    refuse(only.denied or only.lasting or len(objects) > 1, UNCLEAR)
    if not objects:
        asks = deed.verb and word == "what" and ("thing" in deed.verb.of or deed.verb.text == "happen")
        refuse(not asks, UNCLEAR)
        return f"what {_inverted(clause, phrase(only, clause, choose), choose)}"
    kept, noun = deed.nouns, objects[0].word
    gap = Noun(replace(noun, kind="unknown", says=(GAP,)))
    deed.nouns = [gap if one is objects[0] else one for one in kept]
    said = phrase(only, clause, choose)
    deed.nouns = kept
    rest = " ".join(said.rest.replace(GAP, "").split())
    name = noun_text(Noun(noun, states=objects[0].states), choose, "bare")
    if word == "how many" and (not noun.has("mass") or name == "medicine"):
        name = english.plural(name)
    if not clause.subjects:
        return f"{word} {name} to {said.verb} {rest}".strip()
    return f"{word} {name} {_inverted(clause, replace(said, rest=rest), choose)}"


def _who(clause: Clause, choose: Choices) -> str:
    """Returns a question about a person: "who is sick", "who needs medicine", "who is the doctor"."""
    only = clause.last
    if not clause.subjects:
        gives = any(one.verb and "receiver" in one.verb.of for one in clause.predicates)
        refuse(gives, "whether somebody does that or it is done to him was not signed")
        phrases = english.coordinate([phrase(one, clause, choose) for one in clause.predicates])
        return f"who {listed([english.finite(one, 'she', clause.tense) for one in phrases] or [''])}".strip()
    if not clause.predicates:
        return f"who {_inverted(clause, Phrase('be'), choose)}"
    verb = only.innermost.verb
    asks = verb and "person" in verb.of and not any(noun.word.kind == "person" for noun in only.nouns)
    one = clause.subjects[0].word
    if (
        not asks
        and one.kind == "person"
        and not (one.has("pronoun") or one.has("relative"))
        and not clause.subjects[1:]
    ):
        return f"which {one.text} {english.finite(phrase(only, clause, choose), 'she', clause.tense)}"
    refuse(not asks or one.kind != "person", UNCLEAR)
    return f"who {_inverted(clause, phrase(only, clause, choose), choose)}"


def _of_topic(word: str, clause: Clause, choose: Choices) -> str:
    """Returns a question about a subject without a predicate.

    Examples are "where is my mother", "how is the baby" and "what is your name".
    """
    if not clause.subjects:
        return word
    noun = clause.subjects[-1]
    thing = noun.word.kind == "thing"
    if word in ("where", "how") or (word == "what" and thing and noun.word.has("own")):
        return f"{word} {_inverted(clause, Phrase('be'), choose)}"
    if word in ("how much", "how many") and thing:
        word = choose("what", word) if noun.word.text == "age" else word
        return f"{word} is {noun_text(noun, choose, 'topic')}"
    if word == "how many" and noun.owner and not noun.word.has("collective"):
        owner = replace(clause, subjects=[noun.owner])
        return f"how many {english.plural(noun.word.text)} {_inverted(owner, Phrase('have'), choose)}"
    plain = word == "which" and not noun.owner and len(clause.subjects) == 1 and not noun.word.has("pronoun")
    refuse(not plain, UNCLEAR)
    return f"which {noun.word.text}"


def _without_subject(word: str, clause: Clause, choose: Choices) -> str:
    """Returns a question about a predicate without a subject: "which medicine", "when to take medicine"."""
    only = clause.last
    said = phrase(only, clause, choose)
    if only.nouns and only.verb is None:
        refuse(only.denied or len(only.nouns) > 1, UNCLEAR)
        noun = only.nouns[0]
        own = noun.word.has("own") and noun.word.kind == "thing"
        price = word == "how much" and noun.word.kind == "thing" and noun.word.text not in ("money", "water", "milk")
        if word in ("where", "when", "how") or price or (own and word in OBJECTS):
            return f"{word} {'are' if noun.word.has('people') else 'is'} {noun_text(noun, choose, 'topic')}"
        name = noun_text(noun, choose, "bare")
        return f"{word} {english.plural(name) if word == 'how many' else name}"
    if only.verb and word in OBJECTS and any(noun.word.kind in ("thing", "place") for noun in only.nouns):
        return _about_object(word, clause, choose)
    refuse(not only.verb and word in OBJECTS, UNCLEAR)
    if only.verb:
        return f"{word} {'not ' if only.denied else ''}to {said.verb} {said.rest}".strip()
    return f"{word} {english.fragment(said, clause.tense)}"
