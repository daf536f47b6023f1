"""Writes clauses with a question word as questions."""

from __future__ import annotations

from dataclasses import replace

from isl.sentence.choices import Choices
from isl.sentence.clauses import NOTHING, Clause, Noun, Predicate, refuse
from isl.sentence.english import Phrase, capital, conjugate, coordinate, fragment, inflect, listed, plural, spaced
from isl.sentence.phrases import noun_text, phrase, write_subject
from isl.sentence.statements import time_text, write_clause

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
    refuse(last.verb and last.verb.takes == "ing" and last.does(""), UNCLEAR)  # "sick, Start, When"
    statement = write_clause(replace(clause, predicates=clause.predicates[:-1]), choose)
    about = replace(clause, predicates=[last], times=[], carried=bool(clause.subjects))
    place = clause.predicates[0].nouns[0] if clause.predicates[0].is_relation and not clause.subjects else Noun(NOTHING)
    if place.kind == "place" and last.is_relation and not clause.predicates[0].denied:  # "Hospital, Lift, Where"
        return spaced(_ask(word, about, choose), "at", noun_text(place, choose, "topic"))
    if (last.is_relation and word not in ("why", "when", "how")) or word == "who":
        about.subjects = []
    return f"{statement}. {capital(_ask(word, about, choose))}"


def _ask(word: str, clause: Clause, choose: Choices) -> str:
    """Returns the question about a clause with one predicate or none."""
    only, subjects, noun = clause.last, clause.subjects, [*clause.last.nouns, Noun(NOTHING)][0]
    plain = not (only.denied or only.lasting)
    if word == "who":
        return _who(clause, choose)
    if not clause.predicates:
        return _of_topic(word, clause, choose)
    if only.is_relation and not subjects:
        return _of_noun(word, only, choose)
    refuse(only.identity and word in OBJECTS and subjects, UNCLEAR)
    priced = word == "how much" and noun.kind == "thing" and not noun.has("mass")
    if only.is_relation and plain and (word == "where" or priced):
        refuse(subjects[1:], UNCLEAR)
        if noun.kind == "place" and noun.has("needed") and subjects[0].has("helper"):
            return f"{_be(word, subjects[0], choose)} at {noun_text(noun, choose, 'object')}"
        if noun.kind == "place" and noun.has("needed") and subjects[0].word.pronoun in ("I", "we"):
            return f"{write_clause(replace(clause, times=[]), choose)}. Where is it"
        return _be(word, replace(noun, owner=subjects[0].as_pronoun() if clause.carried else subjects[0]), choose)
    named = subjects and (subjects[0].owner or subjects[0].has("relative") or subjects[0].has("pronoun"))
    if word == "which" and only.state and subjects and not named:
        return _which(clause, choose)
    if word in OBJECTS and (only.verb or subjects):
        return _about_object(word, clause, choose)
    if word == "where" and only.state and subjects:
        refuse(not plain or subjects[1:] or named, UNCLEAR)
        return _be(word, replace(subjects[0], states=[only.state]), choose)
    base = phrase(only, clause, choose)
    if subjects:
        return f"{word} {_invert(clause, replace(base, lasting=base.lasting or ' ' * (word == 'how long')), choose)}"
    refuse(not only.verb and word in OBJECTS, UNCLEAR)
    if not only.verb:
        return f"{word} {fragment(base, clause.tense)}"
    return spaced(word, "not" if only.denied else "", "" if word == "why" else "to", base.verb, base.rest)


def _be(word: str, noun: Noun, choose: Choices) -> str:
    """Returns "where is my mother's medicine", "how much is the bill"."""
    return f"{word} {_invert(Clause([noun]), Phrase('be'), choose)}"


def _invert(clause: Clause, base: Phrase, choose: Choices) -> str:
    subject, person = write_subject(clause, choose)
    return conjugate(base, person, clause.tense, subject, ask=True)


def _which(clause: Clause, choose: Choices) -> str:
    """Returns "which hospital is good", "which nurse knows how to sign"."""
    text = conjugate(phrase(clause.last, clause, choose), "she", clause.tense)
    return f"which {noun_text(clause.subjects[0], choose, 'bare')} {text}"


def _about_object(word: str, clause: Clause, choose: Choices) -> str:
    """Returns a question about the thing in a predicate: "which medicine do I take", "what does my mother need"."""
    only, deed = clause.last, clause.last.innermost
    verb, objects = deed.verb or NOTHING, [one for one in deed.nouns if one.kind in ("thing", "symptom")]
    objects = objects or [one for one in deed.nouns if one.kind == "place" or one.has("helper")]
    means = word == "which" and any(adverb.startswith("by ") for adverb in deed.adverbs)  # "Hospital, Bus, Go, Which"
    refuse(only.denied or only.lasting or objects[1:] or means, UNCLEAR)
    if not objects:
        refuse(word != "what" or (verb.slot("thing") is None and verb.text != "happen"), UNCLEAR)
        base = phrase(only, clause, choose)
        if not clause.subjects:
            return f"what {conjugate(base, 'she', clause.tense) if verb.text == 'happen' else f'to {base.verb}'}"
        return f"what {_invert(clause, base, choose)}"
    noun, kept = objects[0], deed.nouns
    kind = noun.kind if noun.kind in ("place", "person") else "thing"
    gap = replace(noun.word, kind=kind, article="", says=(GAP,), traits=("mass",))
    deed.nouns = [Noun(gap) if one is noun else one for one in kept]
    base = phrase(only, clause, choose)
    deed.nouns = kept
    rest = " ".join(base.rest.replace(f"the {GAP}", "").replace(GAP, "").split())
    refuse(noun.owner or (noun.number and word not in ("which", "what")), UNCLEAR)
    name = noun_text(noun, choose, "bare")
    name = plural(name) if word == "how many" and (not noun.has("mass") or name == "medicine") else name
    if clause.subjects:
        return f"{word} {name} {_invert(clause, replace(base, rest=rest), choose)}"
    if verb.has("wants") and not only.hangs:
        return spaced(word, name, "are" if word == "how many" else "is", inflect(verb.text, "VBN"), rest)
    return spaced(word, name, "to", base.verb, rest)


def _who(clause: Clause, choose: Choices) -> str:
    """Returns a question about a person: "who is sick", "who needs medicine", "who is the doctor"."""
    only = clause.last
    if only.is_relation and only.nouns[0].has("helper"):
        return _be("who", only.nouns[0], choose)
    if not clause.subjects:
        phrases = coordinate([phrase(one, clause, choose) for one in clause.predicates])
        return spaced("who", listed([conjugate(one, "she", clause.tense) for one in phrases]))
    if not clause.predicates:
        return f"who {_invert(clause, Phrase('be'), choose)}"
    verb, one = only.innermost.verb or NOTHING, clause.subjects[0]
    asks = verb.slot("person") is not None and not any(noun.kind in ("person", "thing") for noun in only.nouns)
    if not (asks or one.has("pronoun") or one.has("relative") or clause.subjects[1:]) and one.kind == "person":
        return _which(clause, choose)
    refuse(not asks or one.kind != "person", UNCLEAR)
    return f"who {_invert(clause, phrase(only, clause, choose), choose)}"


def _of_topic(word: str, clause: Clause, choose: Choices) -> str:
    """Returns a question about a subject alone: "where is my mother", "how is the baby", "what is your name"."""
    if not clause.subjects:
        return word
    noun, thing = clause.subjects[-1], clause.subjects[-1].kind == "thing"
    dated, own = word == "when" and noun.has("alone"), word == "what" and thing and noun.has("own")
    if word in ("where", "how") or dated or own:
        return f"{word} {_invert(clause, Phrase('be'), choose)}"
    if word == "how many" and noun.has("collective"):
        return f"how many are in {noun_text(noun, choose, 'topic')}"
    if word in ("how much", "how many") and thing:
        return _be(choose("what", word) if noun.word.text == "age" else word, noun, choose)
    if word == "how many" and noun.owner:
        have = _invert(replace(clause, subjects=[noun.owner]), Phrase("have"), choose)
        return f"how many {plural(noun.word.text)} {have}"
    refuse(word != "which" or noun.owner or clause.subjects[1:] or noun.has("pronoun"), UNCLEAR)
    return f"which {noun.word.text}"


def _of_noun(word: str, only: Predicate, choose: Choices) -> str:
    """Returns a question about a noun alone: "which medicine", "where is the hospital", "why is there no bed"."""
    noun, name = only.nouns[0], noun_text(only.nouns[0], choose, "bare")
    if word == "why" and (only.denied or not only.lasting):
        is_there = "why are there" if noun.has("people") else "why is there"
        return f"{is_there} {f'no {name}' if only.denied else noun_text(noun, choose, 'object')}"
    refuse(only.denied or only.lasting, UNCLEAR)
    if word == "how long" and noun.kind == "symptom":
        return f"how long has there been {noun_text(noun, choose, 'object')}"
    priced = word == "how much" and noun.kind == "thing" and noun.word.text not in ("money", "water", "milk")
    own = word in OBJECTS and noun.kind == "thing" and noun.has("own")
    if word in ("where", "when", "how", "how long") or priced or own:
        return _be(word, noun, choose)
    return f"{word} {plural(name) if word == 'how many' else name}"
