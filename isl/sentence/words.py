"""Reads the word tables: the kind of each gloss, its English, its Hindi and the relations it may stand in.

The tables are the YAML files in ``tables/``; each explains its attributes. A user's own words come on top of them, as
a mapping or a YAML file: ``{"Ward": "place", "Nani": {"class": "relative_she", "says": ["grandmother", "nani"]}}``.
A gloss that stands in no table is looked up in lemminflect's English dictionary; one that is not there either, such as
a name, keeps the kind ``unknown`` and is written as it was signed, in whatever script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from isl.errors import InputError

TABLES = Path(__file__).parent / "tables"
VOCABULARY = ("people", "health", "things", "states", "verbs", "phrases")
KINDS = "person state thing symptom body place verb phrase adverb negation question time measure number unknown".split()
LINKS = ("links", "denied", "helper_links", "dated")
CHOICES: dict[str, Sequence[str]] = {  # the values that an attribute may have
    "article": ("", "a", "an", "the", "my"),
    "pronoun": ("I", "you", "he", "she", "it", "we", "they"),
    "of": ("person", "receiver", "thing", "place", "any"),
    "before_place": ("to", "at", "in"),
    "takes": ("to", "how to", "bare", "ing"),
    "tense": ("past", "present", "future"),
    "traits": (
        "relative own helper own_family spouse kid receives people collective job pronoun mass pain to alone ill ends "
        "sense manner asked by_thing by_place senses fears summons hurts noun modal asks names please welcomes joins "
        "guessed"
    ).split(),
}
FEW = ("says", "of", "traits", *LINKS)  # attributes with several values; the others have one


@dataclass(frozen=True)
class Word:
    """A gloss and its attributes; ``says`` are its English texts, the first of them the one that is written."""

    gloss: str = field(compare=False)
    kind: str = "unknown"
    says: tuple[str, ...] = ()
    hindi: str = ""
    article: str = ""
    pronoun: str = "it"
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    of: tuple[str, ...] = ()
    before_place: str = "at"
    takes: str = ""
    tense: str = ""
    traits: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.says[0]

    def has(self, trait: str) -> bool:
        return trait in self.traits


def key(gloss: str) -> str:
    """The name under which a gloss is looked up: case, hyphens, underscores and marks behind it do not matter."""
    return re.sub(r"[\s_-]+", " ", _unmarked(gloss)).strip().casefold()


def _unmarked(gloss: str) -> str:
    text = " ".join(gloss.split())
    return text.rstrip(" .,;:!?") or text


class Lexicon:
    """The shipped tables and a user's own words.

    Args:
        words: nothing, a mapping, or the path of a YAML file: gloss to a class of the tables, or to a mapping with
            ``class`` and the attributes that differ from it.

    Raises:
        InputError: the file is missing or not a YAML mapping, or a word names a class, an attribute or a value that
            does not exist; the line names the file, the word and the attribute.
    """

    def __init__(self, words: Mapping[str, Any] | str | Path | None = None) -> None:
        self.classes: dict[str, dict[str, Any]] = {}
        self._words: dict[str, Word] = {}
        hindi = _read(TABLES / "hindi.yaml")
        for name in VOCABULARY:
            for label, entry in _read(TABLES / f"{name}.yaml").items():
                self.classes[label] = {key: value for key, value in entry.items() if key != "words"}
                for gloss, value in entry["words"].items():
                    attributes = value if isinstance(value, Mapping) else {"says": value}
                    self._add(gloss, {"hindi": hindi.get(gloss, ""), **attributes}, label, f"{name}.yaml")
        where = f"sentence.words={words}" if isinstance(words, (str, Path)) else "sentence.words"
        own = _read(Path(words).expanduser(), where) if isinstance(words, (str, Path)) else dict(words or {})
        for gloss, value in own.items():
            entry = {"class": value} if isinstance(value, str) else value
            if not isinstance(gloss, str) or not isinstance(entry, Mapping):
                raise InputError(f"{where}: {gloss!r}: write a quoted gloss and its class, such as 'Ward: place'")
            label = str(entry.get("class"))
            if label not in self.classes:
                raise InputError(f"{where}: {gloss}: class: {label} is none of {', '.join(self.classes)}")
            self._add(gloss, {name: value for name, value in entry.items() if name != "class"}, label, where)
        self._said: dict[str, Word | None] = {}  # words by their English, where only one says it: "Mom" is Mother
        for word in self._words.values():
            for text in word.says if not word.has("pronoun") else ():
                other = self._said.get(key(text), word)
                self._said[key(text)] = word if other is word else None

    def _add(self, gloss: str, entry: Mapping[str, Any], label: str, where: str) -> None:
        own_kind = {"kind"} & set(entry) if where.startswith("sentence.words") else set()
        for name in own_kind:
            raise InputError(f"{where}: {gloss}: {name}: it comes with the class; name another class")
        values = {"says": gloss.lower(), **self.classes[label], **entry}
        checked = {name: _check(f"{where}: {gloss}: {name}", name, value) for name, value in values.items()}
        links = {name: checked.pop(name) for name in LINKS if name in checked}
        self._words[key(gloss)] = Word(gloss, links=links, **checked)

    def word(self, gloss: str) -> Word:
        """The word of a gloss; its ``gloss`` is spelt as it was signed."""
        name, text = key(gloss), _unmarked(gloss)
        known = self._words.get(name) or self._words.get(name.replace(" ", "")) or self._said.get(name)
        return replace(known or guess(text), gloss=" ".join(gloss.split()))

    def known(self) -> list[Word]:
        """Every word of the tables and of the user."""
        return list(self._words.values())

    def words(self, glosses: Iterable[str]) -> list[Word]:
        """Glosses to words: blanks and immediate repetitions dropped, neighbours that make a compound joined."""
        rest: list[str] = []
        for gloss in glosses:
            if any(map(str.isalnum, gloss)) and not (rest and key(gloss) == key(rest[-1])):
                rest.append(gloss)
        found: list[Word] = []
        while rest:
            for length in range(min(4, len(rest)), 1, -1):
                name = " ".join(map(key, rest[:length]))
                whole = self._words.get(name) or self._said.get(name)
                if whole:
                    found.append(replace(whole, gloss=" ".join(rest[:length])))
                    break
            else:
                length = 1
                found.append(self.word(rest[0]))
            del rest[:length]
        return found


def guess(text: str) -> Word:
    """A word that no table has, by the kinds that lemminflect's dictionary gives it; a number by its digits.

    Only what can be read in one way is used: "allergy" is a noun, "avoid" a verb; "test" could be either.
    """
    if any(map(str.isnumeric, text)):
        return Word(text, "number" if text.isdigit() else "unknown", says=(text,))
    kinds: set[str] = set()
    if re.fullmatch(r"[A-Za-z]{3,}", text):
        from lemminflect import getAllLemmas

        found = getAllLemmas(text.lower())
        kinds = {kind for kind, lemmas in found.items() if text.lower() in lemmas or kind == "ADJ"}
    if kinds == {"NOUN"}:
        has = {"links": ("have {}",), "denied": ("have no {}",)}
        return Word(text, "thing", (text.lower(),), links=has, traits=("guessed", "mass"))
    if kinds == {"VERB"}:
        return Word(text, "verb", (text.lower(),), of=("person", "thing"), traits=("guessed",))
    if kinds == {"ADJ"}:
        return Word(text, "state", (text.lower(),), of=("any",), traits=("guessed",))
    return Word(text, says=(text,))


def _check(where: str, name: str, value: Any) -> Any:
    """A value of an attribute, lists as tuples."""
    if (name not in Word.__dataclass_fields__ and name not in LINKS) or name in ("gloss",):
        raise InputError(f"{where}: no such attribute; there are {', '.join([*FEW, *CHOICES])}")
    values = list(value) if name in FEW and isinstance(value, (list, tuple)) else [value]
    for one in values:
        if not isinstance(one, str):
            raise InputError(f"{where}: {one!r} is no text" + ("" if name in FEW else "; write one, in quotes"))
        if name == "kind" and one not in KINDS:
            raise InputError(f"{where}: {one!r} is none of {', '.join(KINDS)}")
        if one not in CHOICES.get(name, (one,)):
            raise InputError(f"{where}: {one!r} is none of {', '.join(choice or repr('') for choice in CHOICES[name])}")
        if name in LINKS and not re.fullmatch(r"[a-z]+( [a-z]+)* \{\}", one):
            raise InputError(f"{where}: {one!r}: write a verb and {{}} for the word, such as 'need {{}}'")
        if name == "says" and not one.strip():
            raise InputError(f"{where}: empty; write the English word")
    return tuple(values) if name in FEW else values[0]


@cache
def _read(path: Path, where: str = "") -> dict[str, Any]:
    """A YAML file that is a mapping; ``where`` names it in an error, in place of its path."""
    from omegaconf import OmegaConf

    try:
        content = OmegaConf.to_container(OmegaConf.load(path))
    except FileNotFoundError:
        raise InputError(f"{where or path}: no such file; name a YAML file with one 'Gloss: class' a line") from None
    except Exception as error:  # YAML has many ways to be wrong, and each has its own exception
        raise InputError(f"{where or path}: not readable as YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(content, dict):
        raise InputError(f"{where or path}: not a mapping; write one 'Gloss: class' a line")
    return cast("dict[str, Any]", content)
