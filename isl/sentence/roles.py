"""Who does what to whom: each part of a sentence must be said of the one of whom it was signed.

Every check takes a ``Reading`` and returns the reason why the sentence is refused, or None. ``order.py`` tells what
the order of the signs says.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from isl.sentence.files import table
from isl.sentence.labels import DETERMINERS, POSSESSIVES, Token
from isl.sentence.order import LINKED, acted_on, holder_of, in_a_row, persons_in, state_of
from isl.sentence.reading import Reading, finite, is_passive, meant, next_is
from isl.sentence.words import Word


def roles(reading: Reading) -> str | None:
    """Who acts on whom: a helper by its table, everybody else by the order of the signs."""
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        if not token.is_verb:
            continue
        passive = is_passive(tokens, at)
        others = list(_others(tokens, at, ("by",) if passive else ("to", "for")))
        if token.word and token.form == "base" and token.subject is None:
            for other in () if token.word.takes or reading.requests else others:  # "help the doctor" for `Doctor, Help`
                if reading.places(other)[-1] < reading.places(token.word)[0]:
                    return f"“{other.text}” changes roles"
        if token.word and not token.word.takes and not passive:
            with_whom = _others(tokens, at, ("to", "for", "with"))
            met = next((other for other in with_whom if not _can_meet(token, other)), None)
            if met:
                return f"“{token.text}” is not done to “{met.text}”"
        alone = token.subject if token.word and not passive and len(token.subject or ()) == 1 else None
        if alone and _undergoes(reading, alone[0]):
            return f"“{token.text}” is done to its subject"
        undergoes = passive and any(word.kind == "person" for word in token.subject or ())
        if undergoes and token.word and not token.word.takes and not others:
            return f"“{token.text}” by whom?"
        agents, patients = (others, token.subject) if passive else (token.subject, others)
        for agent, patient in product(agents or (), patients or ()):
            if _turned(reading, token, agent, patient):
                return f"“{agent.text}” and “{patient.text}” change roles"
    return None


def _can_meet(verb: Token, other: Word) -> bool:
    """Whether a verb that was signed can be done to another: one helps the girl, but sleeps alone and hurts nobody."""
    alone = other.kind != "person" or other in (verb.subject or ())
    return alone or verb.word is None or verb.word.turns_to(other)


def _undergoes(reading: Reading, person: Word) -> bool:
    """Whether the order of the signs lets somebody else act on a person: "Doctor, Patient, Help"."""
    words, places = reading.words, [at for at in persons_in(reading.words) if reading.words[at] == person]
    return bool(places) and all(acted_on(person, words[at + 1 :]) and len(in_a_row(words, at)) > 1 for at in places)


def _turned(reading: Reading, verb: Token, agent: Word, patient: Word) -> bool:
    lemma = verb.lemma or (verb.word.text if verb.word else "")
    if agent.kind != "person" or patient.kind != "person" or agent == patient or lemma in agent.does:
        return False
    if verb.kind == "verb" and patient.helper and lemma in (*patient.may, *patient.does):
        return lemma not in patient.may  # one needs a doctor, whatever the order; a doctor gives medicine
    return reading.places(agent)[0] > reading.places(patient)[-1]


def _others(tokens: Sequence[Token], at: int, through: tuple[str, ...]) -> Iterator[Word]:
    """The persons that a verb is turned to: up to the next verb, whose own subject is left out."""
    end = next((after for after in range(at + 1, len(tokens)) if finite(tokens, after)), len(tokens))
    own = (tokens[end].subject or ()) if end < len(tokens) and tokens[end].subject != tokens[at].subject else ()
    away = False
    for after in range(at + 1, end):
        token = tokens[after]
        if token.kind == "semicolon":
            return
        if token.kind in ("preposition", "to"):
            away = token.text not in through
        elif token.kind in ("and", "comma"):
            away = False
        elif token.kind in ("person", "pronoun") and not away and not next_is(tokens, after, "possessive"):
            meant_here = (token.word,) if token.word else meant(tokens, after) if token.text not in POSSESSIVES else ()
            yield from (word for word in meant_here if word not in own)


def possession(reading: Reading) -> str | None:
    """Whose relative somebody is: by the order of the signs, and never a relative's relative."""
    for owner, mark, owned in zip(reading.tokens, reading.tokens[1:], reading.tokens[2:], strict=False):
        if mark.kind != "possessive" or not owner.word or not owned.word or {owner.kind, owned.kind} != {"person"}:
            continue
        if not owns(reading, owner.word, owned.word):
            return f"no sign says “{owner.text}'s {owned.text}”"
    return None


def owns(reading: Reading, owner: Word, owned: Word) -> bool:
    """Whether the order of the signs lets somebody be another's: the owner comes first."""
    if owner.relative and owned.relative:
        return False
    return reading.places(owner)[0] < reading.places(owned)[-1]


def identity(reading: Reading) -> str | None:
    """My father is no woman, nobody's mother, no baby and no hospital; but he may be a patient."""
    tokens = reading.tokens
    for at, token in enumerate(tokens):
        subject = token.subject or ()
        if token.kind not in ("be", "was") or len(subject) != 1 or reading.asks:
            continue
        after = at + 1
        while after < len(tokens) and (tokens[after].is_state or tokens[after].kind in ("negation", *DETERMINERS)):
            after += 1
        other = tokens[after].word if after < len(tokens) else None
        whose = next_is(tokens, after, "possessive") or next_is(tokens, after, "thing")
        if other and not whose and {subject[0].kind, other.kind} <= {"person", *LINKED}:
            done = [acted_on(other, reading.words[place + 1 :]) for place in reading.places(other)]
            bare = after == at + 1 and other.article and not other.relative
            if bare or all(done) or not _can_be(subject[0], other):
                return f"“{subject[0].text}” is no “{other.text}”"
    return None


def _can_be(one: Word, other: Word) -> bool:
    """Whether one may be the other: a mother a patient, but no father, no baby and no medicine."""
    owned = one.is_pronoun and (other.relative or other.own)  # "You, Mother": your mother
    if one == other or owned or (one.kind == "person") != (other.kind == "person"):
        return False
    alike = (one.relative and other.relative) or (one.helper and other.helper)
    child = (one.child or other.child) and (one.relative or one.helper or other.relative or other.helper)
    genders = {one.pronoun, other.pronoun} & {"she", "he"}
    return not alike and not child and len(genders) < 2


def spoken_of(reading: Reading) -> str | None:
    """Nothing is said of who only owns ("I, Mother, sick") or is only spoken to ("Hello, Teacher, I, Deaf")."""
    tokens, topics = reading.tokens, [reading.words[at] for at in persons_in(reading.words)]
    silent = [word for word in reading.signed("person") if word not in topics]
    for at, token in enumerate(tokens):
        owned = next((other.word for other in tokens[at + 1 :] if other.is_noun), None)
        alone = all(word.kind in ("person", "phrase") for word in reading.words)
        has = alone and token.lemma == "have" and owned is not None and (owned.relative or owned.own)
        about = next((word for word in token.subject or () if word in silent), None)
        if about and finite(tokens, at) and not has:
            return f"nothing was signed of “{about.text}”"
        if token.word in silent and not token.word.is_pronoun and _told_of(tokens, at):
            return f"“{token.text}” is only spoken to"
    return None


def _told_of(tokens: Sequence[Token], at: int) -> bool:
    """Whether a person stands in the sentence itself: "a deaf teacher"; "Hello, teacher" stands outside."""
    return at > 0 and tokens[at - 1].kind not in ("comma", "semicolon", "phrase", "mine")


def attachment(reading: Reading) -> str | None:
    """What is said of somebody must have been signed of that one: the sick mother stays the sick one."""
    for at, token in enumerate(reading.tokens):
        if token.word is None or token.word not in reading.words:
            continue
        words, places = reading.words, reading.places(token.word)
        if token.form == "adverb":
            if not any(words[place - 1].kind == "verb" for place in places if place):
                return f"“{token.text}” is how nothing was done"
        elif token.kind == "state":
            said, meant = _said_of(reading, at), [noun for place in places for noun in state_of(words, place)]
            together = {words[person] for place in meant for person in in_a_row(words, place)}
            strangers = [word for word in said if word.kind == "person" and word not in together]
            deed = token.word.of == "any" and all(place and words[place - 1].kind == "verb" for place in places)
            unfit = [word for word in said if not token.word.fits(word) or (deed and word.kind == "person")]
            if unfit:
                return f"“{token.text}” can't be said of “{unfit[-1].text}”"
            if said and meant and (strangers or not set(said) & {words[place] for place in meant}):
                return f"“{token.text}” is said of “{said[-1].text}”, not of “{words[meant[0]].text}”"
        elif token.kind in LINKED or (token.kind == "gloss verb" and token.word.text not in table("english")["verbs"]):
            holders = {word for word in _holders(reading, at) if word.kind == "person"}
            signed = {words[person] for place in places for person in holder_of(words, place)}
            if holders and signed and not holders & signed:
                return f"“{token.text}” goes to the wrong person"
    return None


def _said_of(reading: Reading, at: int) -> tuple[Word, ...]:
    """Of whom the sentence says a state: the subject of its verb, or the noun that it stands before."""
    tokens, left, right = reading.tokens, at - 1, at + 1
    while left >= 0 and (tokens[left].kind in ("state", "and", "comma", "also", "negation", "adverb", "time")):
        left -= 1
    if left >= 0 and (tokens[left].kind in ("be", "was", "to_be") or tokens[left].lemma == "feel"):
        return tokens[at].subject or ()
    if left > 0 and tokens[left].kind == "article" and tokens[left - 1].kind in ("be", "was") and tokens[at].subject:
        return tokens[at].subject or ()  # "my father is a heavy man"
    while right < len(tokens) and tokens[right].is_state:
        right += 1
    described = tokens[right].word if right < len(tokens) and tokens[right].is_noun else None
    if described:
        return (described,)
    while at > 0 and (tokens[at].is_state or tokens[at].kind == "and"):
        at -= 1
    asked = reading.asks and (tokens[at].is_noun or tokens[at].kind == "pronoun")  # "why is my mother sick"
    return (tokens[at].subject or ()) if asked else ()


def _holders(reading: Reading, at: int) -> Iterator[Word]:
    """The persons whom the sentence gives a thing, a symptom or a deed."""
    tokens = reading.tokens
    yield from tokens[at].subject or ()
    for after in range(at + 1, len(tokens) - 1):
        if finite(tokens, after) or tokens[after].kind in ("and", "comma", "semicolon"):
            break
        if tokens[after].kind in ("person", "pronoun"):
            yield from filter(None, [tokens[after].word])
    for earlier in range(at - 1, -1, -1):
        if finite(tokens, earlier) or tokens[earlier].kind == "semicolon":
            break
        if tokens[earlier].kind in ("person", "pronoun"):
            yield from filter(None, [tokens[earlier].word])
