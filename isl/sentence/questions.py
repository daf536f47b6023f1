"""Writes clauses that a question word asks about."""

from __future__ import annotations

from dataclasses import replace

from isl.sentence import english
from isl.sentence.choices import Choices
from isl.sentence.clauses import Clause, DoubtError, Noun, Predicate
from isl.sentence.english import Phrase, listed
from isl.sentence.words import Word
from isl.sentence.writing import noun_text, owner_text, phrase, time_text, write_clause, write_subject

NOBODY = Noun(Word("\1", "unknown", ("\1",)))
OBJECTS = ("which", "what", "how much", "how many")  # ask about a thing: "which medicine"


def write_question(clause: Clause, choose: Choices) -> str:
    """A question without its mark. What was said before the last noun or deed stays a statement in front of it.

    Raises:
        DoubtError: what is asked was not signed.
    """
    assert clause.question is not None
    word = clause.question.text
    said, last = clause.predicates[:-1], clause.predicates[-1] if clause.predicates else None
    clause = replace(clause, question=None)
    if said and last and not (word == "who" and not clause.subjects):
        statement = write_clause(replace(clause, predicates=said, times=clause.times), choose)
        about = replace(clause, predicates=[last], times=[], carried=bool(clause.subjects))
        if last.nouns and not last.verb and word not in ("why", "when", "how"):
            about = Clause(predicates=[last], tense=clause.tense)
        asked = _ask(word, about, choose)
        return f"{statement}. {asked[:1].upper()}{asked[1:]}"
    asked = _ask(word, clause, choose)
    return f"{asked} {time_text(clause)}".strip()


def _ask(word: str, clause: Clause, choose: Choices) -> str:
    if word == "who":
        return _who(clause, choose)
    if not clause.predicates:
        return _of_topic(word, clause, choose)
    only = clause.predicates[0]
    if only.identity and word == "what" and clause.subjects:
        raise DoubtError("what was asked was not signed")
    if not clause.subjects:
        return _without_subject(word, clause, only, choose)
    noun = only.nouns[-1] if only.nouns and not only.verb and not only.identity else None
    if noun and not only.denied and word == "where" and not only.lasting:
        owner = clause.subjects[0]
        if clause.carried:
            return f"where is {noun_text(noun, choose, 'topic')}"
        if len(clause.subjects) > 1:
            raise DoubtError("what was asked was not signed")
        name = f"{owner_text(owner, choose)} {noun.word.text}"
        return f"where {'are' if noun.word.has('people') else 'is'} {name}"
    objects = [one for one in _innermost(only).nouns if one.word.kind in ("thing", "place", "symptom")]
    if word in OBJECTS:
        if only.denied or only.lasting:
            raise DoubtError("what was asked was not signed")
        return _about_object(word, clause, only, objects, choose)
    if word == "where" and only.state:
        raise DoubtError("what was asked was not signed")
    said = phrase(only, clause, choose)
    return f"{word} {_inverted(clause, said, choose)}"


def _inverted(clause: Clause, said: Phrase, choose: Choices) -> str:
    subject, person = write_subject(clause, choose)
    return english.inverted(said, subject, person, clause.tense)


def _innermost(predicate: Predicate) -> Predicate:
    return _innermost(predicate.hangs) if predicate.hangs else predicate


def _about_object(word: str, clause: Clause, only: Predicate, objects: list[Noun], choose: Choices) -> str:
    """ "which medicine do I take", "what does my mother need"."""
    if not objects:
        verb = _innermost(only).verb
        if verb and word == "what" and ("thing" in verb.of or verb.text in ("happen", "want", "need")):
            return f"what {_inverted(clause, phrase(only, clause, choose), choose)}"
        raise DoubtError("what was asked was not signed")
    if len(objects) > 1:
        raise DoubtError("what was asked was not signed")
    noun = objects[0]
    marked = Noun(replace(noun.word, kind="unknown", says=("\0",), article=""), states=[])
    deed = _innermost(only)
    kept = deed.nouns
    deed.nouns = [marked if one is noun else one for one in kept]
    try:
        said = phrase(only, clause, choose) if only.verb else _relation_of(noun, marked, only, clause, choose)
    finally:
        deed.nouns = kept
    rest = " ".join(said.rest.replace("\0", "").split())
    name = noun_text(replace_owner(noun), choose, "bare")
    if word == "how many":
        name = english.plural(name) if not noun.word.has("mass") or name == "medicine" else name
    return f"{word} {name} {_inverted(clause, Phrase(said.verb, rest, said.denied), choose)}"


def replace_owner(noun: Noun) -> Noun:
    return Noun(noun.word, states=noun.states)


def _relation_of(noun: Noun, marked: Noun, only: Predicate, clause: Clause, choose: Choices) -> Phrase:
    marked.word = replace(marked.word, links=noun.word.links)
    return phrase(replace(only, nouns=[marked]), clause, choose)


def _who(clause: Clause, choose: Choices) -> str:
    """ "who is sick", "who needs medicine", "who is the doctor"."""
    if not clause.subjects:
        if not clause.predicates:
            return "who"
        if any(one.verb and "receiver" in one.verb.of for one in clause.predicates):
            raise DoubtError("whether somebody does that or it is done to him was not signed")
        phrases = english.coordinate([phrase(one, clause, choose) for one in clause.predicates])
        return f"who {listed([english.finite(one, 'she', clause.tense) for one in phrases])}"
    if not clause.predicates:
        subject, person = write_subject(clause, choose)
        return f"who {english.inverted(Phrase('be'), subject, person, clause.tense)}"
    only = clause.predicates[0]
    verb = _innermost(only).verb
    if clause.subjects[0].word.kind != "person":
        raise DoubtError("what was asked was not signed")
    if verb and "person" in verb.of and not any(noun.word.kind == "person" for noun in only.nouns):
        return f"who {_inverted(clause, phrase(only, clause, choose), choose)}"
    raise DoubtError("what was asked was not signed")


def _of_topic(word: str, clause: Clause, choose: Choices) -> str:
    """A question about somebody or something alone: "where is my mother", "how is the baby", "what is your name"."""
    if not clause.subjects:
        return word
    first = clause.subjects[-1]
    if word in ("where", "how") or (word == "what" and first.word.has("own") and first.word.kind == "thing"):
        subject, person = write_subject(clause, choose)
        return f"{word} {english.inverted(Phrase('be'), subject, person, clause.tense)}"
    if word in ("how much", "how many") and first.word.kind == "thing":
        if first.word.has("own") and first.word.text == "age":
            word = choose("what", "how much")
        return f"{word} is {noun_text(first, choose, 'topic')}"
    if word == "which" and not first.owner and len(clause.subjects) == 1 and not first.word.has("pronoun"):
        return f"which {first.word.text}"
    if word == "how many" and first.owner and not first.word.has("collective"):
        owner = replace(clause, subjects=[first.owner])
        return f"how many {english.plural(first.word.text)} {_inverted(owner, Phrase('have'), choose)}"
    raise DoubtError("what was asked was not signed")


def _without_subject(word: str, clause: Clause, only: Predicate, choose: Choices) -> str:
    """A question about a thing or a deed of nobody: "which medicine", "when to take medicine"."""
    said = phrase(only, clause, choose, bare=only.verb is None)
    if only.nouns and only.verb is None:
        noun = only.nouns[0]
        own = noun.word.has("own") and noun.word.kind == "thing"
        if only.denied or len(only.nouns) > 1:
            raise DoubtError("what was asked was not signed")
        if word in ("where", "when", "how") or (own and word in OBJECTS):
            one = "are" if noun.word.has("people") else "is"
            return f"{word} {one} {noun_text(noun, choose, 'topic')}"
        if word == "how much" and not (noun.word.has("mass") and noun.word.text in ("money", "water", "milk")):
            return f"how much is {noun_text(noun, choose, 'topic')}"
        name = noun_text(noun, choose, "bare")
        if word == "how many":
            name = english.plural(name)
        return f"{word} {name}"
    if only.verb:
        deed = f"{said.verb} {said.rest}".strip()
        if only.denied:
            deed = f"not to {deed}"
        objects = [noun for noun in only.nouns if noun.word.kind in ("thing", "place")]
        if word in OBJECTS and objects:
            about = _about_object(word, replace(clause, subjects=[NOBODY]), only, objects, choose)
            name, _, rest = about.partition(f" {NOBODY.word.text} ")
            return f"{name.rsplit(' ', 1)[0]} to {rest}"
        return f"{word} {deed if only.denied else f'to {deed}'}"
    if word in OBJECTS:
        raise DoubtError("what was asked was not signed")
    return f"{word} {english.fragment(said, clause.tense)}"
