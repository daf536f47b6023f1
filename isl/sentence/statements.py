"""Writes clauses that state or ask for something as English. The caller's ``Choices`` chooses among the wordings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from isl.sentence.choices import Choices
from isl.sentence.clauses import Clause, Predicate, refuse
from isl.sentence.english import Phrase, base, capital, conjugate, coordinate, fragment, inflect, listed, spaced
from isl.sentence.phrases import noun_text, phrase, write_subject


def time_text(clause: Clause) -> str:
    """Returns the times of a clause: "tomorrow morning", "on Monday and on Tuesday"."""
    days = [time.text for time in clause.times if time.tense or time.text.startswith("on ")]
    hours = [time.text for time in clause.times if time.text not in days]
    text = " ".join(listed(group) for group in (days, hours) if group)
    return re.sub(r"^(yesterday|tomorrow) (?:in the|at) (\w+)$", r"\1 \2", text)


def write_clause(clause: Clause, choose: Choices, alone: bool = True) -> str:
    """Returns one clause without a mark at its end. Times come before or after it.

    Args:
        alone: no other clause stands beside it, so that "medicine and money" is enough.
    """
    times = time_text(clause)
    phrases = coordinate([phrase(one, clause, choose) for one in clause.predicates])
    if clause.request:
        text = listed([base(one) for one in phrases])
    elif clause.subjects and phrases:
        text = _about_subjects(clause, phrases, choose)
    elif clause.subjects:
        return spaced(listed([noun_text(one, choose, "topic") for one in clause.subjects]), times)
    else:
        text = _without_subject(clause, phrases, choose, alone) if phrases else ""
    named = alone and any(one.is_relation and not one.denied for one in clause.predicates)
    short = not clause.subjects and (named or not is_sentence(clause))
    if not times or not text or short or (clause.late and len(phrases) > 1):
        return f"{text} {times}".strip()
    texts = (f"{times} {text}", f"{text} {times}")
    return texts[0] if ". " in text else choose(*(texts if clause.subjects else texts[::-1]))


def _about_subjects(clause: Clause, phrases: Sequence[Phrase], choose: Choices) -> str:
    """Returns the subjects with their predicates: "is sick and needs medicine", or in two sentences."""
    subject, person = write_subject(clause, choose)
    if clause.only.kind == "person" and len(phrases) > 1 and choose(False, True):
        again, other = write_subject(replace(clause, carried=True), choose)
        rest = _joined(phrases[1:], other, clause, choose)
        return f"{subject} {conjugate(phrases[0], person, clause.tense)}. {capital(again)} {rest}"
    return f"{subject} {_joined(phrases, person, clause, choose)}"


def _joined(phrases: Sequence[Phrase], person: str, clause: Clause, choose: Choices) -> str:
    texts = [conjugate(one, person, clause.tense) for one in phrases]
    for at, (before, one) in enumerate(pairwise(phrases), 1):
        if before.verb == one.verb == "be" and not one.lasting and not before.denied:
            texts[at] = spaced(one.denied, one.rest)  # the second "is" is left out
    if len(texts) == 2 and phrases[0].is_denied != phrases[1].is_denied:
        states = phrases[0].verb == phrases[1].verb == "be" and phrases[1].denied
        return choose(*(f"{texts[0]} {joint} {texts[1]}" for joint in (("but", "and") if states else ("and", "but"))))
    return listed(texts)


def is_sentence(clause: Clause) -> bool:
    """Returns True if the clause is no fragment: it has a subject, or gets one as in "medicine is needed"."""
    return bool(clause.subjects) or all(one.is_relation or _is_passive(one) for one in clause.predicates)


def _is_passive(one: Predicate) -> bool:
    verb = one.verb
    if not verb or not one.nouns or one.hangs or verb.text == "get":
        return False
    if verb.text == "have":
        return True  # "there is a fever"
    things = [noun for noun in one.nouns if noun.word.kind == "thing" or (verb.has("wants") and noun.has("helper"))]
    return bool(things) and all(noun in things or noun.word.kind == "place" for noun in one.nouns)


def _without_subject(clause: Clause, phrases: Sequence[Phrase], choose: Choices, alone: bool) -> str:
    """Returns predicates without a subject: "medicine and money", "help is needed", "there is no bed"."""
    predicates, only = clause.predicates, clause.predicates[0]
    relations = all(one.is_relation for one in predicates)
    present = [_named(one, choose) for one in predicates if not one.denied]
    missing = [_named(one, choose) for one in predicates if one.denied]
    if relations and len(present) == len(missing) == 1 and predicates[1].denied:
        money, place = predicates[1].nouns[0].word.text == "money", only.nouns[0].word.kind == "place"
        if money or place:  # "Hospital, Bed, Not"
            missing = [f"{missing[0]} {'for' if money else 'at'} {noun_text(only.nouns[0], choose, 'topic')}"]
            present, alone = [], True
    if relations and alone:
        text = listed([*present, *missing], "but" if present and missing else "and")
        verb = conjugate(Phrase("be", text), "she", clause.tense)
        return text if present else choose(f"there {verb}", text)
    if is_sentence(clause):
        return listed([_sentence(one, clause, choose) for one in predicates])
    refuse(any(one.verb == "have" and one.rest in ("", "also") for one in phrases), "who has what was not signed")
    return listed([fragment(one, clause.tense) for one in phrases])


def _sentence(predicate: Predicate, clause: Clause, choose: Choices) -> str:
    """Returns a predicate as a sentence without a doer: "medicine is taken at night", "there is a fever"."""
    first, adverbs = predicate.nouns[0], predicate.adverbs
    several = any(
        noun.has("people") or noun.number not in ("", "half", "one", "1", "a lot of", "more", "some", "all")
        for noun in predicate.nouns
        if noun.kind != "place"
    )
    if predicate.verb and predicate.verb.text == "have":
        return _sentence(replace(predicate, verb=None), clause, choose)
    if predicate.verb:
        kept = replace(predicate, nouns=[noun for noun in predicate.nouns if noun.word.kind == "place"])
        if predicate.verb.has("wants"):
            places = " ".join(f"at {noun_text(noun, choose, 'object')}" for noun in kept.nouns)
            kept = replace(kept, nouns=[], adverbs=[*kept.adverbs, places])
        rest, tag = phrase(kept, clause, choose).rest, inflect(predicate.verb.text, "VBN")
        joint = predicate.verb.slot("thing") or ""
        things = [noun for noun in predicate.nouns if noun.word.kind in ("thing", "person")]
        role = "object" if predicate.verb.has("wants") or things[0].word.has("mass") else "topic"
        text, several = listed([noun_text(noun, choose, role) for noun in things]), several or len(things) > 1
        verb = Phrase("be", spaced(tag, joint, rest), predicate.denied, predicate.lasting)
    elif first.word.links.get("links", ("",))[0] == "need {}" and not predicate.denied and clause.tense != "past":
        text, verb = noun_text(first, choose, "object"), Phrase("be", spaced("needed", *adverbs), "", predicate.lasting)
    else:
        text, verb = "there", Phrase("be", _named(predicate, choose))
        if predicate.lasting and not predicate.denied:
            verb = Phrase("be", spaced(noun_text(first, choose, "object"), *adverbs), "", predicate.lasting)
    return f"{text} {conjugate(verb, 'they' if several else 'she', clause.tense)}"


def _named(predicate: Predicate, choose: Choices) -> str:
    """Returns the noun of a relation alone: "medicine", "no bed", "a fever for two days"; "" for a verb."""
    if not predicate.is_relation:
        return ""
    text = spaced(noun_text(predicate.nouns[0], choose, "object"), *predicate.adverbs, predicate.lasting)
    if not predicate.denied:
        return text
    return re.sub(r"^(the |an? )?", "no " if predicate.denied == "not" else "never ", text, count=1)
