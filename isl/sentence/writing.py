"""Writes clauses as English; wherever the signs leave a choice of words, the caller's ``Choices`` makes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from isl.sentence import english
from isl.sentence.choices import Choices
from isl.sentence.clauses import Clause, Noun, Predicate, Segment
from isl.sentence.english import Phrase, listed

THINGS = ("thing", "place", "symptom", "body")


def write_segments(segments: Sequence[Segment], choose: Choices) -> str:
    """All segments as text; in the first option without contractions."""
    text = " ".join(write_segment(segment, choose) for segment in segments)
    short = english.shorten(text)
    return choose(text, short) if short != text else text


def write_segment(segment: Segment, choose: Choices) -> str:
    """Greetings, sentences and what stands behind them: "Hello, doctor, my mother is sick, please." """
    from isl.sentence.questions import write_question

    parts: list[str] = []
    for clause in segment.clauses:
        asked = clause.question is not None
        parts.append(write_question(clause, choose) if asked else write_clause(clause, choose))
    parts = [part for part in parts if part]
    request = bool(segment.clauses) and segment.clauses[-1].request and not segment.asks
    behind = list(segment.behind)
    if request and behind == ["please"]:
        behind = []
        parts[-1] = choose(f"please {parts[-1]}", f"{parts[-1]}, please")
    text = _join(segment, parts, choose) if parts else ""
    before, mark = list(segment.before), "?" if segment.asks else "."
    mention = len(segment.clauses) == 1 and _is_mention(segment.clauses[0]) and not segment.asks and not behind
    if before and text and (mention or before[-1].startswith("my name")):  # "My name is Asha. I am deaf."
        text = f"{', '.join(before)}. {_capital(text)}"
    else:
        text = ", ".join([*before, *([text] if text else [])])
    return f"{_capital(', '.join([text, *behind] if text else behind))}{mark}"


def _is_mention(clause: Clause) -> bool:
    """Whether things are only named: "Thank you. Medicine." thanks no medicine."""
    nouns = [noun.word for predicate in clause.predicates for noun in predicate.nouns if not predicate.verb]
    return bool(nouns) and not clause.subjects and len(nouns) == len(clause.predicates)


def _join(segment: Segment, parts: list[str], choose: Choices) -> str:
    """Clauses in a row: "and", "but" or a new sentence; a question and a request are always a new sentence."""
    text = parts[0]
    clauses = [clause for clause in segment.clauses if clause.subjects or clause.predicates or clause.times]
    clauses = clauses if len(clauses) == len(parts) else [Clause()] * len(parts)
    for (before, clause), part in zip(pairwise(clauses), parts[1:], strict=True):
        fragment = not clause.subjects and not clause.question
        stop = f". {_capital(part)}"
        if clause.question or clause.request:
            text += stop
        elif fragment or not before.subjects:
            text += choose(f"; {part}", stop)
        else:
            contrast = bool(_denied(before)) != bool(_denied(clause)) and before.predicates[0].state is not None
            comma = (
                "," if before.carried or clause.carried or len(before.predicates) + len(clause.predicates) > 2 else ""
            )
            joints = (f" but {part}", f" and {part}") if contrast else (f"{comma} and {part}",)
            text += choose(*joints, stop)
    return text


def _denied(clause: Clause) -> str:
    return next((predicate.denied for predicate in clause.predicates if predicate.denied), "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def time_text(clause: Clause) -> str:
    """The times of a clause: "tomorrow in the morning", "on Monday and on Tuesday"."""
    days = [time.text for time in clause.times if time.tense or time.text.startswith("on ")]
    hours = [time.text for time in clause.times if time.text not in days]
    return " ".join(listed(group) for group in (days, hours) if group)


def write_clause(clause: Clause, choose: Choices) -> str:
    """One clause without a mark at its end; times stand before or behind it."""
    times = time_text(clause)
    phrases = english.coordinate([phrase(one, clause, choose) for one in clause.predicates])
    if clause.request:
        text = listed([english.base(one) for one in phrases])
    elif not phrases:
        text = listed([noun_text(noun, choose, "topic") for noun in clause.subjects]) if clause.subjects else ""
        if times and clause.subjects:
            return f"{text}, {times}"
    elif clause.subjects:
        subject, person = write_subject(clause, choose)
        said = [english.finite(one, person, clause.tense) for one in phrases]
        alone = len(clause.subjects) == 1 and clause.subjects[0].word.kind == "person" and len(said) > 1
        if alone and choose(False, True):
            again, person = write_subject(replace(clause, carried=True), choose)
            text = f"{subject} {said[0]}. {_capital(again)} {_joined(phrases[1:], said[1:], choose)}"
        else:
            text = f"{subject} {_joined(phrases, said, choose)}"
    else:
        text = _without_subject(clause, phrases, choose)
    if not times:
        return text
    if not text or not clause.subjects:
        return f"{text} {times}".strip()
    if clause.late and len(phrases) > 1:
        return f"{text} {times}"
    return f"{times} {text}" if ". " in text else choose(f"{times} {text}", f"{text} {times}")


def _joined(phrases: Sequence[Phrase], said: Sequence[str], choose: Choices) -> str:
    """Predicates of one subject: "is sick and needs medicine", "is tired but not weak"."""
    said = list(said)
    for at in range(1, len(said)):
        states = phrases[at - 1].verb == phrases[at].verb == "be" and not phrases[at].lasting
        if states and not phrases[at - 1].denied:
            said[at] = " ".join(filter(None, (phrases[at].denied, phrases[at].rest)))
    if len(said) == 2 and english.is_denied(phrases[0]) != english.is_denied(phrases[1]):
        states = phrases[0].verb == phrases[1].verb == "be"
        joints = ("but", "and") if phrases[1].denied and states else ("and", "but")
        return choose(*(f"{said[0]} {joint} {said[1]}" for joint in joints))
    return listed(said)


def _without_subject(clause: Clause, phrases: Sequence[Phrase], choose: Choices) -> str:
    """What was said of nobody: "in need of medicine", "medicine and money", "help is needed"."""
    predicates = clause.predicates
    if all(one.nouns and not one.verb for one in predicates):
        there = [_bare(one, choose) for one in predicates if not one.denied]
        missing = [_bare(one, choose) for one in predicates if one.denied]
        return listed([*there, *missing], "but" if there and missing else "and")
    only = predicates[0]
    if len(predicates) == 1 and only.verb and only.verb.text == "need" and only.nouns and not only.denied:
        text = listed([noun_text(noun, choose, "object") for noun in only.nouns])
        several = len(only.nouns) > 1 or only.nouns[-1].word.has("people") or bool(only.nouns[-1].number)
        passive = english.finite(Phrase("be", "needed"), "they" if several else "she", clause.tense)
        return choose(f"{text} {passive}", f"in need of {text}")
    return listed([english.fragment(one, clause.tense) for one in phrases])


def _bare(predicate: Predicate, choose: Choices) -> str:
    """A noun of which nothing was said but perhaps that it is not there: "no medicine"."""
    text = phrase(predicate, Clause(), choose, bare=True).rest
    denied = predicate.denied
    text += f" for {predicate.lasting}" if predicate.lasting else ""
    return (
        f"never {text}"
        if denied == "never"
        else f"no {text.removeprefix('the ').removeprefix('a ')}"
        if denied
        else text
    )


def write_subject(clause: Clause, choose: Choices) -> tuple[str, str]:
    """The subjects and how a verb agrees with them: ``I``, ``she`` or ``they``."""
    nouns = clause.subjects
    if clause.carried:
        pronoun = nouns[0].word.pronoun if len(nouns) == 1 else "they"
        if len(nouns) > 1 and any(noun.word.pronoun in ("I", "we") for noun in nouns):
            pronoun = "we"
        person = {"I": "I", "he": "she", "she": "she", "it": "she"}.get(pronoun, "they")
        return pronoun, person
    ordered = sorted(nouns, key=lambda noun: noun.word.has("pronoun") and noun.word.pronoun == "I" and not noun.owner)
    text = listed([noun_text(noun, choose, "topic") for noun in ordered])
    word = nouns[0].word
    if (
        len(nouns) > 1
        or word.has("people")
        or word.pronoun in ("we", "you")
        or (word.has("pronoun") and word.pronoun == "they")
    ):
        return text, "they"
    return text, "I" if word.has("pronoun") and word.pronoun == "I" else "she"


def noun_text(noun: Noun, choose: Choices, role: str) -> str:
    """A noun with its article, owner, states and number.

    Args:
        role: ``topic`` for what is spoken of ("the medicine"), ``object`` for what is said of it ("medicine", "a bed"),
            ``definite`` for what somebody does something to ("the bed"), or ``bare`` for neither article nor owner.
    """
    word, states = noun.word, " ".join(state.text for state in noun.states)
    if word.has("pronoun"):
        return english.OBJECT.get(word.pronoun, word.pronoun) if role in ("object", "definite") else word.pronoun
    name = f"{states} {word.text}".strip()
    if noun.number:
        mass = word.has("mass") and word.text not in ("medicine",)
        return f"{noun.number} {name}" if mass else english.counted(noun.number, name)
    if noun.owner:
        return f"{owner_text(noun.owner, choose)} {name}"
    if word.kind == "unknown" or role == "bare":
        return name
    if role == "topic" and word.kind in THINGS:
        return f"the {name}" if not name[0].isupper() or word.text == "X-ray" else name
    article = word.article
    if word.kind == "person" and not word.has("relative"):
        article = choose("the", "a") if role == "object" and not word.has("people") and word.has("helper") else "the"
    elif role in ("object", "definite") and word.kind == "thing" and article == "a":
        article = choose("a", "the") if role == "object" else choose("the", "a")
    elif word.kind == "body" or (word.kind == "place" and article):
        article = "the"
    return english.with_article(name, article)


def owner_text(owner: Noun, choose: Choices) -> str:
    """Whose something is: "my", "my mother's"."""
    word = owner.word
    if word.has("pronoun"):
        return english.POSSESSIVE[word.pronoun]
    text = noun_text(owner, choose, "topic")
    return text + ("'" if text.endswith("s") else "'s")


def phrase(predicate: Predicate, clause: Clause, choose: Choices, bare: bool = False) -> Phrase:
    """A predicate as a verb in its base form and what follows it."""
    if predicate.state:
        return Phrase("be", predicate.state.text, predicate.denied, predicate.lasting)
    if predicate.identity:
        return Phrase("be", listed([_identity(noun, choose) for noun in predicate.nouns]), predicate.denied)
    if predicate.verb is None:
        return _relation(predicate, clause, choose, bare)
    return replace(_verb(predicate, choose), denied=predicate.denied, lasting=predicate.lasting)


def _identity(noun: Noun, choose: Choices) -> str:
    if noun.word.kind != "person":
        return noun.word.text
    return english.with_article(noun.word.text, choose("a", "the"))


def _verb(predicate: Predicate, choose: Choices) -> Phrase:
    verb = predicate.verb
    assert verb is not None
    if predicate.hangs and (second := _verb(predicate.hangs, choose)):
        deed = f"{second.verb} {second.rest}".strip()
        hung = {"ing": english.gerund(second), "bare": deed}.get(verb.takes, f"{verb.takes} {deed}")
        return Phrase(verb.text, " ".join([hung, *predicate.adverbs]))
    persons = [noun_text(noun, choose, "object") for noun in predicate.nouns if noun.word.kind == "person"]
    role = "object" if verb.takes or verb.has("summons") else "definite"  # "needs an injection", "gives the injection"
    things = [noun_text(noun, choose, role) for noun in predicate.nouns if noun.word.kind in ("thing", "body")]
    places = []
    for noun in predicate.nouns:
        if noun.word.kind == "place":
            direct = "place" in verb.of and verb.before_place == "at"  # "need the hospital"
            place = noun_text(noun, choose, "object")
            places.append(place if direct else f"{verb.before_place} {place}")
    if verb.text in ("go", "come", "return", "walk", "run") and persons:
        places, persons = [f"to {listed(persons)}"], []
    objects = [listed(group) for group in (persons, things) if group]
    if persons and things and "receiver" in verb.of:
        objects = [choose(" ".join(objects), f"{objects[1]} to {objects[0]}")]
    return Phrase(verb.text, " ".join([*objects, *places, *predicate.adverbs]))


def _relation(predicate: Predicate, clause: Clause, choose: Choices, bare: bool) -> Phrase:
    """A relation that the tables declare for a noun, as ``need {}``; the first is the rules' choice."""
    first, *others = predicate.nouns
    text = noun_text(first, choose, "object")
    word = first.word
    if others:
        text = _with_place(first, others[0], choose)
        if first.word.kind == "body" or others[0].word.has("to"):
            word = others[0].word
    if bare:
        return Phrase("have", text)
    links = word.links
    helper = clause.subjects and all(noun.word.has("helper") for noun in clause.subjects)
    dated = clause.times or clause.tense != "present" or predicate.lasting
    said: Sequence[str] = links.get("links", ("have {}",))
    if predicate.denied and "denied" in links:
        said = links["denied"]
    elif helper:
        said = links.get("helper_links", ("have {}",))
    elif dated and "dated" in links:
        said = links["dated"] if not predicate.lasting else ("be at {}",)
    template = choose(*said)
    denied, lasting = predicate.denied, predicate.lasting
    verb, rest = template.split(" ", 1)
    if verb == "not":
        verb, rest = rest.split(" ", 1)
    if rest.startswith("no "):
        if denied == "never":
            return Phrase(verb, text, "never", lasting)
        return Phrase(verb, rest.format(noun_text(first, choose, "bare") if not others else text), lasting=lasting)
    if verb == "be" and rest.startswith("not "):
        rest = rest.removeprefix("not ")
    return Phrase(verb, rest.format(text), denied, lasting)


def _with_place(first: Noun, second: Noun, choose: Choices) -> str:
    """ "a pain in the chest", "an allergy to milk"."""
    for one, other in ((first, second), (second, first)):
        if one.word.has("to"):
            return f"{noun_text(one, choose, 'object')} to {noun_text(other, choose, 'object')}"
        if one.word.has("pain"):
            where = noun_text(other, choose, "object")
            return choose(f"{other.word.text} {one.word.text}", f"{noun_text(one, choose, 'object')} in {where}")
    raise AssertionError("the grammar joins no other nouns")
