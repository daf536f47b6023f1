"""The word tables: what a gloss is, how it reads in English, and what may be said around it.

The tables are the YAML files in ``tables/``. A user's own words come on top of them, as a mapping or a YAML file:
``{"Fever": "symptom", "Nani": {"class": "relative_she", "says": ["grandmother", "nani"]}}``. A gloss that stands
nowhere is an unknown word: it is kept as it was signed, in whatever script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from isl.errors import InputError
from isl.sentence.files import read_table, table

VOCABULARY = ("people", "things", "states", "phrases")
NOUNS = ("person", "thing", "place", "symptom", "unknown")

Form = tuple[str, ...]  # a piece of text as tokens, lower case


@dataclass(frozen=True)
class Word:
    """A gloss and what the tables say of it; ``tables/*.yaml`` explain the attributes.

    ``says`` are its English texts, the first of them the one that the rules write. ``parts`` are the glosses of a
    compound such as "Sign, Language" or "2, Week".
    """

    gloss: str = field(compare=False)
    kind: str = "unknown"
    says: tuple[str, ...] = ()
    noun: tuple[str, ...] = ()
    adverb: str = ""
    article: str = ""
    pronoun: str = "it"
    agrees: str = "she"
    plural: bool = False
    mine: bool = False
    helper: bool = False
    own: bool = False
    measure: bool = False
    child: bool = False
    link: str = ""
    helper_link: str = ""
    may: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    of: str = ""
    ends: bool = False
    sense: bool = False
    to: str = "at"
    object: str = ""
    takes: str = ""
    asked: bool = False
    by: str = "person"
    ask: bool = False
    asks: tuple[str, ...] = ()
    lead: bool = False
    tense: str = ""
    joins: bool = False
    parts: tuple[Word, ...] = field(default=(), repr=False)

    @property
    def text(self) -> str:
        return self.says[0]

    @property
    def relative(self) -> bool:
        """Somebody who is told from another person's side: a mother is always someone's mother."""
        return self.article == "my"

    @property
    def has_number(self) -> bool:
        """Whether the gloss is or holds a number: of what it is the number was not signed."""
        counts = any(token in table("english")["numbers"] for token in tokens(self.text))
        return self.kind == "unknown" and (counts or any(map(str.isnumeric, self.text)))

    @property
    def is_pronoun(self) -> bool:
        return self.kind == "person" and self.text.casefold() in PRONOUNS

    def fits(self, noun: Word) -> bool:
        """Whether this state can be said of that noun."""
        if noun.kind == "unknown":
            return True
        return noun.kind in NOUNS and self.of in ("any", "person" if noun.kind == "person" else "thing")

    def turns_to(self, person: Word) -> bool:
        """Whether this verb can be done to a person: "help the patient"; one goes to a helper alone."""
        return self.object in ("person", "receiver") or (self.object == "helper" and person.helper)

    def allows(self, verb: str) -> bool:
        """Whether the relation ``verb`` may stand between somebody and this word."""
        same = table("english")["synonyms"].get(verb, verb)
        return same in (self.link, *self.helper_link.split(), *self.may)


PRONOUNS = ("i", "you", "he", "she", "we", "they")
LISTS = ("says", "noun", "may", "does", "asks")
ATTRIBUTES = {name for name in Word.__dataclass_fields__ if name not in ("gloss", "parts")}


def tokens(text: str) -> Form:
    """Words and single marks of a text, lower case, English contractions taken apart: ``I'm`` is ``i am``."""
    found: list[str] = []
    for token in re.findall(r"[^\W_]+(?:['-][^\W_]+)*|\S", text.replace("\u2019", "'").casefold()):
        short = CONTRACTIONS.get(token)
        if short:
            found.extend(short)
            continue
        match = re.fullmatch(r"(.+)(n't|'s|'m|'re|'ve|'ll)", token)
        found.extend((match[1], CONTRACTIONS[match[2]][0]) if match else (token,))
    return tuple(found)


CONTRACTIONS = {
    "n't": ("not",),
    "'s": ("'s",),
    "'m": ("am",),
    "'re": ("are",),
    "'ve": ("have",),
    "'ll": ("will",),
    "can't": ("can", "not"),
    "won't": ("will", "not"),
    "cannot": ("can", "not"),
}


def key(gloss: str) -> str:
    """The name under which a gloss is looked up: case, hyphens, underscores and marks behind it don't matter."""
    return re.sub(r"[\s_-]+", " ", _unmarked(gloss)).strip().casefold()


def _unmarked(gloss: str) -> str:
    """A gloss without blanks around it, and without what ends a sentence: "Hospital."; but "?" stays what it is."""
    text = " ".join(gloss.split())
    return text.rstrip(" .,;:!?") or text


def is_function(token: str) -> bool:
    """Whether a token can stand in a sentence without a gloss: a function word, a pronoun, a relation verb, a mark."""
    return token in _function_words() or not any(map(str.isalnum, token))


@cache
def _function_words() -> frozenset[str]:
    function, verbs = table("function"), table("english")["verbs"]
    groups = (*function["classes"].values(), *function["pronouns"].values(), *verbs.values())
    return frozenset(token for group in groups for token in group)


class Lexicon:
    """The shipped tables and a user's own words.

    Args:
        words: nothing, a mapping, or the path of a YAML file: gloss to a class of the tables, or to a mapping with
            ``class`` and whatever differs from it.

    Raises:
        InputError: the file is missing or is no YAML mapping, or names a class or an attribute that there is not.
    """

    def __init__(self, words: Mapping[str, Any] | str | Path | None = None) -> None:
        self.classes: dict[str, dict[str, Any]] = {}
        self._words: dict[str, Word] = {}
        for name in VOCABULARY:
            for label, entry in table(name).items():
                self.classes[label] = {key: value for key, value in entry.items() if key != "words"}
                for gloss, value in entry["words"].items():
                    self._add(gloss, {"says": value} if not isinstance(value, Mapping) else value, label)
        where = f"sentence.words={words}" if isinstance(words, (str, Path)) else "sentence.words"
        own = read_table(Path(words).expanduser(), where) if isinstance(words, (str, Path)) else dict(words or {})
        for gloss, value in own.items():
            entry = {"class": value} if isinstance(value, str) else value
            if not isinstance(gloss, str) or not isinstance(entry, Mapping):
                raise InputError(f"{where}: {gloss!r}: write a quoted gloss and its class, such as 'Fever: symptom'")
            label = str(entry.get("class"))
            if label not in self.classes:
                raise InputError(f"{where}: {gloss}: class {label} is none of {', '.join(self.classes)}")
            self._add(gloss, {name: value for name, value in entry.items() if name != "class"}, label, where)
        self._said = self._synonyms()

    def _add(self, gloss: str, entry: Mapping[str, Any], label: str, where: str = "") -> None:
        values = {"says": gloss.lower(), **self.classes[label], **entry}
        wrong = sorted(set(values) - ATTRIBUTES)
        if wrong:
            raise InputError(f"{where}: {gloss}: no attribute {wrong[0]!r}; there are {', '.join(sorted(ATTRIBUTES))}")
        for name in LISTS:
            value = values.get(name, ())
            values[name] = (value,) if isinstance(value, str) else tuple(map(str, value))
        self._words[key(gloss)] = Word(gloss, **values)

    def _synonyms(self) -> dict[str, Word]:
        """Words by what they say, where only one says it: "Mom" is Mother."""
        said: dict[str, list[Word]] = {}
        for word in self._words.values():
            for text in word.says if not word.is_pronoun else ():
                said.setdefault(key(text), []).append(word)
        return {text: words[0] for text, words in said.items() if len(words) == 1}

    def word(self, gloss: str) -> Word:
        """What the tables know of a gloss; an unknown word says just itself."""
        name = key(gloss)
        known = self._words.get(name) or self._words.get(name.replace(" ", "")) or self._said.get(name)
        text = _unmarked(gloss)
        if known:
            return replace(known, gloss=" ".join(gloss.split()))
        # "is" or "!" as a gloss is kept between commas: in a sentence it would be taken for the sentence's own
        kind = "phrase" if all(map(is_function, tokens(text))) else "unknown"
        return Word(" ".join(gloss.split()), kind, says=(text,), may=("have", "need"))

    def known(self) -> list[Word]:
        """Every word of the tables and of the user."""
        return list(self._words.values())

    def words(self, glosses: Iterable[str]) -> list[Word]:
        """Glosses to words: blanks and immediate repetitions dropped, neighbours that make a compound joined."""
        found: list[Word] = []
        for gloss in glosses:
            if gloss.strip() and not (found and key(gloss) == key(found[-1].gloss)):
                found.append(self.word(gloss))
        joined: list[Word] = []
        while found:
            joined.append(self._compound(found))
            del found[: len(joined[-1].parts) or 1]
        return joined

    def _compound(self, words: Sequence[Word]) -> Word:
        if len(words) > 1 and words[0].has_number and words[1].measure:  # "2, Week" is no week of somebody who is 2
            number, measure = words[0].text, words[1].text
            counted = measure if number.casefold() in ("1", "one") else _plural(measure)
            return replace(words[0], gloss=f"{number} {measure}", says=(f"{number} {counted}",), parts=tuple(words[:2]))
        for length in range(min(4, len(words)), 1, -1):
            parts = tuple(words[:length])
            whole = self._words.get(" ".join(key(part.gloss) for part in parts))
            # every part must stay readable in the compound, or a gloss would be lost
            if whole and all(key(part.gloss) in whole.text.casefold() for part in parts):
                return replace(whole, gloss=" ".join(part.gloss for part in parts), parts=parts)
        return words[0]

    def forms(self, word: Word) -> dict[Form, str]:
        """Every text that stands for a word, as tokens, with its grammatical form: base, s, ing, past, participle,
        plural, noun, adverb or nothing."""
        found: dict[Form, str] = {}
        for text in reversed(word.says):
            *rest, last = tokens(text) or (text,)
            if word.kind == "verb":
                first, *tail = tokens(text)
                for name, form in reversed(list(zip(VERB_FORMS, self.verb(first), strict=True))):
                    found[(form, *tail)] = name
            elif word.kind == "unknown":
                if re.fullmatch("[a-z]{2,}", last):  # perhaps a noun, perhaps a verb, whose past must be known
                    *present, past, _ = _regular(last)
                    found |= {(*rest, form): "" for form in (*present, _plural(last))} | {(*rest, past): "past"}
            elif word.plural:
                found[(*rest, _plural(last))] = "plural"
            if word.kind != "verb":
                found[(*rest, last)] = ""
        adverbs = {tokens(word.adverb): "adverb"} if word.adverb else {}
        return {tokens(noun): "noun" for noun in word.noun} | adverbs | found

    def verb(self, base: str) -> tuple[str, ...]:
        """Base, third person, -ing, past and participle of a verb."""
        english = table("english")
        return tuple(english["verbs"].get(base) or english["irregular"].get(base) or _regular(base))


VERB_FORMS = ("base", "s", "ing", "past", "participle")


def _regular(verb: str) -> tuple[str, ...]:
    stem = verb[:-1] if verb.endswith("e") else verb
    past = verb[:-1] + "ied" if re.search("[^aeiou]y$", verb) else stem + "ed"
    return (verb, _plural(verb), stem + "ing", past, past)


def _plural(noun: str) -> str:
    irregular = table("english")["plurals"].get(noun)
    if irregular:
        return str(irregular)
    if re.search("[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search("(s|x|z|ch|sh)$", noun) else "s")
