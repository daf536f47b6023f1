"""Writes clauses with a question word as questions."""

from __future__ import annotations

from dataclasses import replace

from isl.sentence.choices import Choices
from isl.sentence.clauses import NOTHING, Clause, Noun, refuse
from isl.sentence.english import (
    Phrase,
    capital,
    conjugate,
    coordinate,
    fragment,
    inflect,
    listed,
    plural,
    spaced,
    with_article,
)
from isl.sentence.phrases import noun_text, owner_text, phrase, write_subject
from isl.sentence.statements import time_text, write_clause
from isl.sentence.words import Word

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
    if len(clause.predicates) < 2 or (word == "who" and not clause.subjects):
        text = _ask(word, clause, choose)
        return spaced(text, *(one for one in last.adverbs if one not in text), time_text(clause))
    refuse(last.verb and last.verb.takes == "ing" and not (last.hangs or last.nouns), UNCLEAR)  # "sick, Start, When"
    statement = write_clause(replace(clause, predicates=clause.predicates[:-1]), choose)
    about = replace(clause, predicates=[last], times=[], carried=bool(clause.subjects))
    if (last.is_relation and word not in ("why", "when", "how")) or word == "who":
        about.subjects = []
    return f"{statement}. {capital(_ask(word, about, choose))}"


def _ask(word: str, clause: Clause, choose: Choices) -> str:
    """Returns the question about a clause with one predicate or none."""
    only, subjects = clause.last, clause.subjects
    if word == "who":
        return _who(clause, choose)
    if not clause.predicates:
        return _of_topic(word, clause, choose)
    refuse(only.identity and word == "what" and subjects, UNCLEAR)
    if not subjects:
        return _without_subject(word, clause, choose)
    plain = only.is_relation and not (only.denied or only.lasting)
    if plain and word in ("where", "how much"):
        noun = only.nouns[-1]
        if word == "where" or (noun.word.kind == "thing" and not noun.word.has("mass")):
            return _of_owned(word, noun, clause, choose)
    if word == "which" and only.state and not subjects[0].owner and subjects[0].word.kind != "person":
        return _which(clause, choose)
    if word in OBJECTS:
        return _about_object(word, clause, choose)
    if word == "where" and only.state:
        named = subjects[1:] or subjects[0].owner or subjects[0].word.has("relative")
        refuse(only.denied or only.lasting or named, UNCLEAR)
        articles = ("the", "a") if only.state.has("ill") else ("a", "the")
        return f"where is {with_article(f'{only.state.text} {subjects[0].word.text}', choose(*articles))}"
    said = phrase(only, clause, choose)
    said = replace(said, lasting=" ") if word == "how long" and not said.lasting else said
    return f"{word} {_inverted(clause, said, choose)}"


def _is(noun: Word) -> str:
    return "are" if noun.has("people") else "is"


def _inverted(clause: Clause, said: Phrase, choose: Choices) -> str:
    subject, person = write_subject(clause, choose)
    return conjugate(said, person, clause.tense, subject, ask=True)


def _of_owned(word: str, noun: Noun, clause: Clause, choose: Choices) -> str:
    """Returns "where is my mother's medicine", "how much is my bill", "where is the doctor at the hospital"."""
    refuse(len(clause.subjects) > 1, UNCLEAR)
    subject, place = clause.subjects[0], noun.word.kind == "place" and "need {}" in noun.word.links.get("links", ())
    if place and subject.word.has("helper"):
        return f"where is {noun_text(subject, choose, 'topic')} at {noun_text(noun, choose, 'object')}"
    if place and subject.word.pronoun in ("I", "we"):
        return f"{write_clause(replace(clause, times=[]), choose)}. Where is it"
    owner = subject.as_pronoun() if clause.carried else subject
    return f"{word} {_is(noun.word)} {owner_text(owner, choose)} {noun_text(noun, choose, 'bare')}"


def _which(clause: Clause, choose: Choices) -> str:
    """Returns "which hospital is good", "which nurse knows how to sign"."""
    name = noun_text(clause.subjects[0], choose, "bare")
    return f"which {name} {conjugate(phrase(clause.last, clause, choose), 'she', clause.tense)}"


def _about_object(word: str, clause: Clause, choose: Choices) -> str:
    """Returns a question about the thing in a predicate: "which medicine do I take", "what does my mother need"."""
    only, deed = clause.last, clause.last.innermost
    objects = [one for one in deed.nouns if one.word.kind in ("thing", "symptom")]
    objects = objects or [one for one in deed.nouns if one.word.kind == "place"]
    refuse(only.denied or only.lasting or len(objects) > 1, UNCLEAR)
    if not objects:
        asks = deed.verb and word == "what" and (deed.verb.slot("thing") is not None or deed.verb.text == "happen")
        refuse(not asks, UNCLEAR)
        return f"what {_inverted(clause, phrase(only, clause, choose), choose)}"
    kept, noun = deed.nouns, objects[0].word
    gap = Noun(
        replace(noun, kind="place" if noun.kind == "place" else "thing", article="", says=(GAP,), traits=("mass",))
    )
    deed.nouns = [gap if one is objects[0] else one for one in kept]
    said = phrase(only, clause, choose)
    deed.nouns = kept
    rest = " ".join(said.rest.replace(f"the {GAP}", "").replace(GAP, "").split())
    name = noun_text(replace(objects[0], number="", owner=None), choose, "bare")
    name = plural(name) if word == "how many" and (not noun.has("mass") or name == "medicine") else name
    if not clause.subjects and deed.verb and deed.verb.wants and not only.hangs:
        return spaced(word, name, "are" if word == "how many" else "is", inflect(deed.verb.text, "VBN"), rest)
    if not clause.subjects:
        return spaced(word, name, "to", said.verb, rest)
    return f"{word} {name} {_inverted(clause, replace(said, rest=rest), choose)}"


def _who(clause: Clause, choose: Choices) -> str:
    """Returns a question about a person: "who is sick", "who needs medicine", "who is the doctor"."""
    only = clause.last
    if only.is_relation and only.nouns[0].word.has("helper"):
        return f"who is {noun_text(only.nouns[0], choose, 'topic')}"
    if not clause.subjects:
        phrases = coordinate([phrase(one, clause, choose) for one in clause.predicates])
        return spaced("who", listed([conjugate(one, "she", clause.tense) for one in phrases] or [""]))
    if not clause.predicates:
        return f"who {_inverted(clause, Phrase('be'), choose)}"
    verb, one = only.innermost.verb or NOTHING, clause.subjects[0].word
    asks = verb.slot("person") is not None and not any(noun.word.kind in ("person", "thing") for noun in only.nouns)
    named = one.has("pronoun") or one.has("relative") or clause.subjects[1:]
    if not asks and one.kind == "person" and not named:
        return _which(clause, choose)
    refuse(not asks or one.kind != "person", UNCLEAR)
    return f"who {_inverted(clause, phrase(only, clause, choose), choose)}"


def _of_topic(word: str, clause: Clause, choose: Choices) -> str:
    """Returns a question about a subject alone: "where is my mother", "how is the baby", "what is your name"."""
    if not clause.subjects:
        return word
    noun = clause.subjects[-1]
    thing = noun.word.kind == "thing"
    if word in ("where", "how") or (word == "what" and thing and noun.word.has("own")):
        return f"{word} {_inverted(clause, Phrase('be'), choose)}"
    if word == "how many" and noun.word.has("collective"):
        return f"how many are in {noun_text(noun, choose, 'topic')}"
    if word in ("how much", "how many") and thing:
        return f"{choose('what', word) if noun.word.text == 'age' else word} is {noun_text(noun, choose, 'topic')}"
    if word == "how many" and noun.owner and not noun.word.has("collective"):
        owner = replace(clause, subjects=[noun.owner])
        return f"how many {plural(noun.word.text)} {_inverted(owner, Phrase('have'), choose)}"
    refuse(word != "which" or noun.owner or len(clause.subjects) > 1 or noun.word.has("pronoun"), UNCLEAR)
    return f"which {noun.word.text}"


def _without_subject(word: str, clause: Clause, choose: Choices) -> str:
    """Returns a question about a predicate without a subject: "which medicine", "when to take medicine"."""
    only = clause.last
    if only.is_relation:
        noun = only.nouns[0]
        if word == "why" and (not only.lasting or only.denied):
            denied = f"no {noun_text(noun, choose, 'bare')}" if only.denied else noun_text(noun, choose, "object")
            return f"why {_is(noun.word)} there {denied}"
        refuse(only.denied or only.lasting, UNCLEAR)
        thing, name = noun.word.kind == "thing", noun_text(noun, choose, "bare")
        price = word == "how much" and thing and noun.word.text not in ("money", "water", "milk")
        if word in ("where", "when", "how") or price or (thing and noun.word.has("own") and word in OBJECTS):
            return f"{word} {_is(noun.word)} {noun_text(noun, choose, 'topic')}"
        return f"{word} {plural(name) if word == 'how many' else name}"
    said = phrase(only, clause, choose)
    if not only.verb:
        refuse(word in OBJECTS, UNCLEAR)
        return f"{word} {fragment(said, clause.tense)}"
    if word in OBJECTS and any(noun.word.kind in ("thing", "place") for noun in only.nouns):
        return _about_object(word, clause, choose)
    if word == "what" and only.verb.text == "happen":
        return f"what {conjugate(said, 'she', clause.tense)}"
    return spaced(word, "not" if only.denied else "", "" if word == "why" else "to", said.verb, said.rest)
