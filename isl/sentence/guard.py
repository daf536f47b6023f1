"""The guard: a written sentence may say what was signed, and nothing else.

A language model that is given `Sick, Price` writes "The sick price for this product is £6.00". Nothing that it writes
is shown before it passed here. The guard knows no list of forbidden words: it knows what is allowed, and all the rest
is invented. Allowed are the glosses in any inflection, their declared synonyms, the same of the context, the function
words of ``tables/function.yaml``, and relation verbs ("needs") beside a word whose table entry allows them.

What it can't see, so the glosses always stand beside the sentence:
- which relation was meant: "needs the hospital", "is in the hospital" and "goes to the hospital" all pass for
  `Mother, Hospital`, because the signs say none of them; and so "has no medicine" and "does not take medicine";
- who does what beyond the order of the signs: with two persons, it takes the first for the one who acts and refuses
  true sentences that turn this round;
- of what a time is that was signed behind several clauses: then all of them must be in its tense;
- what led to what: "so" may lead from anything to a need, and "takes medicine and is sick" passes in either order;
- to whom a symptom of the context belongs; whose bill, whose medicine it is, where several persons were signed;
- who is who, where a relation or a name would be possible: `Sister, Doctor` may say that she is one;
- in a question only whom the verb is turned to and who is what, not every part of it;
- whether a sign was recognised rightly, and what face and mouth said: a question or a denial that no hand signed;
- the meaning of an unknown word: whatever it is, it may stand as it was signed, as a thing, a person or a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from isl.sentence import deeds, denial, relations, roles, syntax, times
from isl.sentence.doubt import doubt
from isl.sentence.files import table
from isl.sentence.labels import AUXILIARIES, DETERMINERS, MARKS, POSSESSIVES, Token
from isl.sentence.order import SAID, negations_behind
from isl.sentence.reading import Reading, finite, read
from isl.sentence.words import Lexicon, Word, tokens

REPEATABLE = (*SAID, "gloss verb", "adverb")  # what more is said by saying it again
SPARE_TOKENS, TOKENS_A_GLOSS = 8, 8  # the length that a sentence may have


class Guard:
    """Refuses a sentence that says more, less or something else than the glosses.

    Args:
        words: the user's own words, as for ``Lexicon``.
    """

    def __init__(self, words: dict[str, Any] | str | Path | Lexicon | None = None) -> None:
        self.lexicon = words if isinstance(words, Lexicon) else Lexicon(words)

    def refusal(self, text: str, glosses: Sequence[str], context: Iterable[str] = ()) -> str | None:
        """Why ``text`` may not stand for ``glosses``, in one line, or None where it may."""
        words = self.lexicon.words(glosses)
        if not words:
            return None if not text.strip() else "nothing was signed"
        if text.casefold() == row(words).casefold():
            return None
        signed = negations_behind(words)
        doubted = doubt(signed)
        if doubted:
            return doubted
        around = [self.lexicon.word(symptom) for symptom in context if symptom.strip()]
        reading = Reading(text, signed, around, read(text, words, around, self.lexicon), self.lexicon)
        for check in CHECKS:
            reason = check(reading)
            if reason:
                return reason
        return None


def row(words: Sequence[Word]) -> str:
    """The bare glosses, one after the other: no sentence, but it says nothing else. The last resort."""
    return "; ".join(word.text for word in words) + "."


def _shape(reading: Reading) -> str | None:
    text, found = reading.text, reading.tokens
    if not found:
        return "it is empty"
    if len(text.strip().splitlines()) > 1:
        return "it is more than one line"
    if any(token.kind == "full stop" for token in found[:-1]):
        return "it is more than one sentence"
    if found[-1].kind != "full stop" and found[-1].word is None:
        return "it breaks off"
    signed = sum(len(tokens(word.gloss)) for word in reading.words)
    if len(tokens(text)) > SPARE_TOKENS + TOKENS_A_GLOSS * len(reading.words) + signed:
        return "it is too long"
    return None


def _invented(reading: Reading) -> str | None:
    for token in reading.tokens:
        if not token.kind:
            what = "the number" if any(map(str.isnumeric, token.text)) else "the word" if token.text.isalpha() else ""
            return f"{what} “{token.text}” is in no gloss".strip()
    return None


def _lost(reading: Reading) -> str | None:
    text = tokens(reading.text)

    def covered(word: Word) -> bool:
        forms = _pronoun_forms(word) if word.is_pronoun else reading.lexicon.forms(word)
        said = any(text[at : at + len(form)] == form for form in forms for at in range(len(text)))
        return said or (bool(word.parts) and all(map(covered, word.parts)))

    return next((f"the gloss “{word.gloss}” is lost" for word in reading.words if not covered(word)), None)


def _repeated(reading: Reading) -> str | None:
    """What was signed once is said once, or once of each person: "sick again and again" is more than "again"."""
    found, persons = reading.tokens, max(1, len(reading.signed("person")))
    for word in reading.words:
        places = [at for at, token in enumerate(found) if token.word == word and token.kind in REPEATABLE]
        said = [at for at in places if not finite(found, min(at + 1, len(found) - 1))]  # "and the money is high"
        if not word.parts and len(said) > persons * reading.words.count(word):
            return f"“{word.text}” is said more often than it was signed"
    return None


def _pronoun_forms(word: Word) -> list[tuple[str, ...]]:
    forms = table("function")["pronouns"].get(word.text, word.says)
    return [(form,) for form in (*forms, *(("my", "our") if word.text in ("I", "we") else ()))]


def _persons(reading: Reading) -> str | None:
    """Every pronoun and every "my" needs somebody who was signed."""
    persons = [word for word in reading.words if word.kind in ("person", "unknown")]
    signed = {word.pronoun for word in persons}
    for at, token in enumerate(reading.tokens):
        owned = _owned(reading.tokens, at)
        if token.kind == "both" and len(reading.signed("person")) != 2:
            return "“both” is not what was signed"
        if token.kind == "mine":
            mine = owned and (owned.relative or owned.mine or owned.kind == "unknown")
            if not mine and not {"I", "we"} & signed:
                return f"“{token.text}” is nobody who was signed"
        elif token.lemma == "it" and token.text != "its" and not (reading.asks or finite(reading.tokens, at + 1)):
            return f"“{token.text}” is nothing that was signed"  # "needs medicine for it"
        elif token.kind == "pronoun" and not token.word and token.lemma != "it":
            owners = [word for word in persons if word.pronoun in (token.lemma, "they") or token.lemma == "they"]
            relative = owned if owned and owned.relative and token.text in POSSESSIVES else None
            if relative and not any(roles.owns(reading, owner, relative) for owner in owners):
                return f"“{token.text} {relative.text}” is nobody who was signed"
            several = token.lemma == "they" and (len(persons) > 1 or reading.signed("thing"))
            if token.lemma not in signed and not several:
                return f"“{token.text}” is nobody who was signed"
    return None


def _owned(found: Sequence[Token], at: int) -> Word | None:
    after = next((token for token in found[at + 1 :] if not token.is_state), None)
    return after.word if after and after.is_noun else None


def _counted(reading: Reading) -> str | None:
    """A number stands between marks, since no sign says what it counts, or is what something is: "the price is 500"."""
    for at, token in enumerate(reading.tokens):
        if token.word is None or not token.word.has_number:
            continue
        before, after = reading.tokens[:at], reading.tokens[at + 1 : at + 2]
        own = any(noun.word and noun.word.own and noun.kind == "thing" for noun in before)
        is_it = own and before[-1].kind in ("be", "was")
        if (before and before[-1].kind not in MARKS and not is_it) or (after and after[0].kind not in MARKS):
            return f"of what “{token.text}” is the number was not signed"
    return None


def _mood(reading: Reading) -> str | None:
    asked = bool(reading.signed("question"))
    may_ask = asked or any(word.ask or "?" in word.gloss for word in reading.words)
    if reading.asks and not may_ask:
        return "it asks, and nobody asked"
    if (asked or only_asks(reading.words)) and not reading.asks:
        return "it does not ask what was asked"
    if asked and reading.tokens[0].kind in AUXILIARIES:
        return "it asks whether it is so"  # "is my mother sick, why?"
    if reading.tokens[0].kind == "relative":
        return f"“{reading.tokens[0].text}” asks, and nobody asked"
    if any(token.kind == "do" for token in reading.tokens) and not (asked or reading.signed("negation")):
        return "it insists: “does”"
    return None


def only_asks(words: Sequence[Word]) -> bool:
    """Whether nothing was signed but a question that is a phrase, and to whom: "How are you, Doctor"."""
    return any(word.ask for word in words) and all(word.kind in ("phrase", "person") for word in words)


def _named(reading: Reading) -> str | None:
    """The name that was signed after "my name is" stands after it."""
    for lead, name in pairwise(reading.words):
        if not lead.lead or name.kind != "unknown":
            continue
        for at, token in enumerate(reading.tokens):
            after = [other for other in reading.tokens[at + 1 : at + 3] if other.kind not in ("be", "possessive")]
            if token.word == lead and not (after and after[0].word == name):
                return f"“{name.text}” is the name"
            if token.word == name and _is_apposition(reading.tokens[at + 1 :]):
                return f"who “{name.text}” is was not signed"
    return None


def _is_apposition(after: Sequence[Token]) -> bool:
    """Whether a person stands behind a name without a verb: "Ravi, the doctor"."""
    behind = [token for token in after if not token.is_state and token.kind not in ("comma", "and")]
    person = [token.kind for token in behind[1:2]] == ["person"] and behind[0].kind in DETERMINERS
    return person and not finite(behind, min(2, len(behind) - 1))


CHECKS = (
    _shape,
    _invented,
    _lost,
    _repeated,
    _persons,
    _named,
    _counted,
    times.tense,
    times.times,
    times.durations,
    _mood,
    syntax.grammar,
    syntax.asides,
    syntax.names,
    syntax.telegram,
    relations.relations,
    relations.dead,
    deeds.deeds,
    deeds.directions,
    deeds.causes,
    roles.roles,
    roles.possession,
    roles.identity,
    roles.spoken_of,
    roles.attachment,
    denial.negations,
    denial.scope,
)
