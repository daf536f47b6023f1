"""Writes the parts of a clause: its subjects, nouns with their articles and owners, and predicates as phrases."""

from __future__ import annotations

from dataclasses import replace

from isl.sentence import english
from isl.sentence.choices import Choices
from isl.sentence.clauses import Clause, Noun, Predicate
from isl.sentence.english import Phrase, listed, spaced


def write_subject(clause: Clause, choose: Choices) -> tuple[str, str]:
    """Returns the subjects as text, and the person that the verb agrees with: ``I``, ``she`` or ``they``."""
    nouns, word = clause.subjects, clause.subjects[0].word
    speaks = [noun for noun in nouns if noun.word.pronoun == "I"]
    several = len(nouns) > 1 or word.has("people")
    if clause.carried:
        group = "we" if speaks or any(noun.word.pronoun == "we" for noun in nouns) else "they"
        pronoun = word.pronoun if len(nouns) == 1 else group
        return pronoun, {"I": "I", "he": "she", "she": "she", "it": "she"}.get(pronoun, "they")
    text = listed([noun_text(one, choose, "topic") for one in (*(one for one in nouns if one not in speaks), *speaks)])
    many = several or word.pronoun in ("we", "you") or (word.has("pronoun") and word.pronoun == "they")
    return text, "they" if many else "I" if speaks else "she"


def noun_text(noun: Noun, choose: Choices, role: str) -> str:
    """Returns a noun as text, with its article, owner, states and number.

    Args:
        role: ``topic`` for a subject ("the medicine"), ``object`` for a noun in a predicate ("medicine", "a bed"),
            ``definite`` for the object of an action ("the bed"), or ``bare`` for no article and no owner.
    """
    word, article = noun.word, noun.word.article
    if word.has("pronoun"):
        return word.pronoun if role == "topic" else english.OBJECT.get(word.pronoun, word.pronoun)
    name = " ".join([*(state.text for state in noun.states), word.text])
    if noun.number:
        return (
            f"{noun.number} {name}"
            if word.has("mass") and word.text != "medicine"
            else english.counted(noun.number, name)
        )
    if word.kind == "unknown" or role == "bare":
        return name
    if noun.owner:
        return f"{owner_text(noun.owner, choose)} {name}"
    if role == "object" and word.has("home") and not noun.states:
        return choose("home", f"the {name}")
    if role == "topic" and word.kind != "person":
        article = "the" if name[0].islower() or article else ""
    elif word.kind == "person" and not word.has("relative"):
        either = role == "object" and word.has("helper") and not word.has("people")
        article = choose(*(("a", "the") if article == "a" else ("the", "a"))) if either else "the"
    elif word.kind == "thing" and article == "a":
        article = choose("a", "the") if role == "object" else choose("the", "a")
    return english.with_article(name, article)


def owner_text(owner: Noun, choose: Choices) -> str:
    """Returns an owner as a possessive: "my", "my mother's"."""
    if owner.word.has("pronoun"):
        return english.POSSESSIVE[owner.word.pronoun]
    text = noun_text(owner, choose, "topic")
    return text + ("'" if text.endswith("s") else "'s")


def phrase(predicate: Predicate, clause: Clause, choose: Choices) -> Phrase:
    """Returns a predicate as a verb in its base form and the words after it."""
    if predicate.state:
        said = Phrase("be", " ".join([predicate.state.text, *predicate.adverbs]))
    elif predicate.identity:
        roles = [(one.word.text, choose("a", "the") if one.word.kind == "person" else "") for one in predicate.nouns]
        said = Phrase("be", listed([english.with_article(*role) for role in roles]))
    elif predicate.verb:
        said = _verb(predicate, choose)
    else:
        return _relation(predicate, clause, choose)
    return replace(said, denied=predicate.denied, lasting=predicate.lasting)


def _verb(predicate: Predicate, choose: Choices) -> Phrase:
    """Returns a signed verb with its objects and places: "give the baby milk", "want to go to the hospital"."""
    verb = predicate.verb
    assert verb is not None
    role = "object" if verb.takes or verb.has("summons") else "definite"  # "needs an injection", "gives the injection"
    kinds: dict[str, list[str]] = {"person": [], "thing": [], "place": []}
    for noun in predicate.nouns:
        kind = noun.word.kind if noun.word.kind in kinds else "thing"
        kinds[kind].append(noun_text(noun, choose, role if kind == "thing" else "object"))
    persons, things, places = kinds.values()
    if predicate.hangs:
        second = _verb(predicate.hangs, choose)
        deed = f"{second.verb} {second.rest}".strip()
        gerund = spaced(english.inflect(second.verb, "VBG"), second.rest)
        hung = {"ing": gerund, "bare": deed}.get(verb.takes, f"{verb.takes} {deed}")
        return Phrase(verb.text, " ".join([*persons, hung, *predicate.adverbs]))
    if verb.before_place != "at" or "place" not in verb.of:  # but "need the hospital"
        home = "home" if verb.takes else "to the house"  # "goes home", but the doctor "comes to the house"
        places = [f"{verb.before_place} {place}".replace("to home", home) for place in places]
    objects = [listed(group) for group in (persons, things) if group]
    if verb.before_place == "to" and persons:
        objects[0] = f"to {objects[0]}"
    if persons and things and "receiver" in verb.of:
        objects = [choose(" ".join(objects), f"{objects[1]} to {objects[0]}")]
    return Phrase(verb.text, " ".join([*objects, *places, *predicate.adverbs]))


def _relation(predicate: Predicate, clause: Clause, choose: Choices) -> Phrase:
    """Returns a noun in a relation of its table entry, such as ``need {}``. The rules take the first relation."""
    denied, lasting = predicate.denied, predicate.lasting
    text, noun = compound(predicate, choose)
    links = noun.word.links
    said = links.get("links", ("have {}",))
    if denied:
        said = links.get("denied", ("have no {}",) if noun.number else said)
    elif clause.subjects and all(one.word.has("helper") for one in clause.subjects):
        said = links.get("helper_links", ("have {}",))
    elif "dated" in links and (clause.times or clause.tense != "present" or lasting):
        said = ("be at {}",) if lasting else links["dated"]
    symptoms = [one for each in clause.predicates for one in each.nouns if one.word.kind == "symptom"]
    if symptoms and noun.word.kind == "thing":  # never "has a cough and medicine"
        said = tuple(link for link in said if link != "have {}") or said
    words = choose(*said).split(" ")
    no = "no" in words and denied == "not"
    verb, *rest = [word for word in words if word != "not" and not (word == "no" and denied == "never")]
    if no and len(predicate.nouns) == 1:
        text = noun_text(noun, choose, "bare")
    text = " ".join([" ".join(rest).format(text).replace("to home", "home"), *predicate.adverbs])
    return Phrase(verb, text, "" if no else denied, lasting)


def compound(predicate: Predicate, choose: Choices) -> tuple[str, Noun]:
    """Returns a noun as text, also "a pain in the chest" or "an allergy to milk", and the noun with the relations."""
    first, *others = predicate.nouns
    if not others:
        return noun_text(first, choose, "object"), first
    if others[0].word.has("with"):  # "an appointment with the doctor"
        return f"{noun_text(others[0], choose, 'object')} with {noun_text(first, choose, 'topic')}", others[0]
    one, other = (first, others[0]) if first.word.has("to") or first.word.has("located") else (others[0], first)
    text, where = noun_text(one, choose, "object"), noun_text(other, choose, "object")
    if one.word.has("to"):
        return f"{text} to {where}", one
    joined = english.with_article(f"{other.word.text} {one.word.text}", one.word.article)
    return choose(joined, f"{text} in {where}"), one
