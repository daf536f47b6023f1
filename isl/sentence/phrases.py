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
    return text, "they" if many or nouns[0].number else "I" if speaks else "she"


def noun_text(noun: Noun, choose: Choices, role: str) -> str:
    """Returns a noun as text, with its article, owner, states and number, and the noun that is joined to it.

    Args:
        role: ``topic`` for a subject ("the medicine"), ``object`` for a noun in a predicate ("medicine", "a bed"),
            ``definite`` for the object of an action ("the bed"), or ``bare`` for no article and no owner.
    """
    name, tail, other = noun.word.text, "", noun.joined
    if other and (noun.joint == "by" or (noun.joint == "in" and not other.states and choose(True, False))):
        name = f"{other.word.text} {name}"  # "chest pain"
    elif other:
        tail = f" {noun.joint} {noun_text(other, choose, 'topic' if other.kind == 'person' else 'object')}"
    return _determined(noun, " ".join([*(state.text for state in noun.states), name]), choose, role) + tail


def _determined(noun: Noun, name: str, choose: Choices, role: str) -> str:
    """Returns a name with its number, owner or article."""
    word, article = noun.word, noun.word.article
    if word.has("pronoun"):
        return word.pronoun if role == "topic" else english.OBJECT.get(word.pronoun, word.pronoun)
    if noun.number:
        mass = word.has("mass") and not word.article and word.text != "medicine"
        name = f"{noun.number} {name}" if mass else english.counted(noun.number, name)
        return f"{owner_text(noun.owner, choose)} {name}" if noun.owner and role != "bare" else name
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
    elif role == "definite" and (
        word.kind == "symptom" or (word.has("guessed") and not word.links and word.text.islower())
    ):
        article = "the"
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
        base = Phrase("be", " ".join([predicate.state.text, *predicate.adverbs]))
    elif predicate.identity:
        base = Phrase("be", listed([_role(one, choose) for one in predicate.nouns]))
    elif predicate.verb:
        base = _verb(predicate, choose)
    else:
        return _relation(predicate, clause, choose)
    return replace(base, denied=predicate.denied, lasting=predicate.lasting)


def _role(noun: Noun, choose: Choices) -> str:
    name = noun_text(noun, choose, "bare")
    return english.with_article(name, choose("a", "the") if noun.word.kind == "person" else "")


def _verb(predicate: Predicate, choose: Choices) -> Phrase:
    """Returns a signed verb with its objects and places: "give the baby milk", "want to go to the hospital"."""
    verb = predicate.verb
    assert verb is not None
    indefinite = verb.has("summons") or verb.text in ("have", "get", "feel") or verb.slot("thing") == "for"
    indefinite = indefinite or verb.has("wants") or verb.takes == "how to"
    role = "object" if indefinite else "definite"  # "needs an injection", "gives the injection"
    kinds: dict[str, list[str]] = {"person": [], "thing": [], "place": []}
    for noun in sorted(predicate.nouns, key=lambda noun: noun.word.kind == "place"):
        kind = noun.word.kind if noun.word.kind in kinds else "thing"
        joint = verb.slot("helper" if kind == "person" and verb.slot(kind) is None else kind)
        taken = noun.kind in ("thing", "symptom") or (kind == "place" and joint == "")
        text = noun_text(noun, choose, role if taken else "object")
        other = kinds["thing"] or kinds["person"]
        beside = kind == "place" and (joint is None or (not joint and other))  # "need a bed at the hospital"
        kinds[kind].append(spaced("at" if beside else joint or "", text))
    persons, things, places = kinds.values()
    if predicate.hangs:
        second = _verb(predicate.hangs, choose)
        deed = f"{second.verb} {second.rest}".strip()
        gerund = spaced(english.inflect(second.verb, "VBG"), second.rest)
        hung = {"ing": gerund, "bare": deed}.get(verb.takes, f"{verb.takes} {deed}")
        return Phrase(verb.text, " ".join([*persons, hung, *predicate.adverbs]))
    home = "home" if verb.takes or verb.slot("place") != "to" else "to the house"  # "goes home", "comes to the house"
    places = [place.replace("to home", home).replace("in home", "at home") for place in places]
    objects = [listed(group) for group in (persons, things) if group]
    if persons and things and verb.slot("receiver") is not None:
        objects = [choose(" ".join(objects), f"{objects[1]} to {objects[0]}")]
    return Phrase(verb.text, " ".join([*objects, *places, *predicate.adverbs]))


def _relation(predicate: Predicate, clause: Clause, choose: Choices) -> Phrase:
    """Returns a noun in a relation of its table entry, such as ``need {}``. The rules take the first relation."""
    denied, lasting, noun = predicate.denied, predicate.lasting, predicate.nouns[0]
    text, links = noun_text(noun, choose, "object"), noun.word.links
    relations = links.get("links", ("have {}",))
    if denied:
        relations = links.get("denied", ("have no {}",) if noun.number else relations)
    elif clause.subjects and all(one.word.has("helper") for one in clause.subjects):
        relations = links.get("helper_links", ("have {}",))
    elif "dated" in links and (clause.times or clause.tense != "present" or lasting):
        relations = ("be at {}",) if lasting else links["dated"]
    symptoms = [one for each in clause.predicates for one in each.nouns if one.word.kind == "symptom"]
    if symptoms and noun.word.kind == "thing" and clause.tense != "past":  # never "has a cough and medicine"
        relations = tuple(link for link in relations if link != "have {}") or relations
    words = choose(*relations).split(" ")
    no = "no" in words and denied == "not"
    verb, *rest = [word for word in words if word != "not" and not (word == "no" and denied == "never")]
    text = noun_text(noun, choose, "bare") if no else text
    text = " ".join([" ".join(rest).format(text).replace("to home", "home"), *predicate.adverbs])
    return Phrase(verb, text, "" if no else denied, lasting)
