"""Reads the word tables: the kind of each gloss, its English, its Hindi and its relations.

The tables are the YAML files in ``tables/``; each explains its attributes. A user's own words are added to them, as
a mapping or a YAML file: ``{"Ward": "place", "Nani": {"class": "relative_she", "says": ["grandmother", "nani"]}}``.
A gloss that is in no table is looked up in lemminflect's English dictionary. A gloss that is not there either, such as
a name, gets the kind ``unknown`` and is written as it was signed, in any script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, cast

from isl.errors import InputError
from isl.files import read_file

TABLES = Path(__file__).parent / "tables"
VOCABULARY = ("people", "health", "things", "states", "verbs", "phrases", "clinic")
LINKS = ("links", "denied", "helper_links", "dated")
FEW = ("says", "of", "traits", *LINKS)  # attributes with several values; the others have one
KINDS = {  # the letter of each kind in the patterns of ``readings/*.yaml``
    "person": "p", "state": "s", "verb": "v", "thing": "t", "place": "l", "symptom": "y", "body": "b", "number": "n",
    "measure": "m", "time": "d", "adverb": "a", "negation": "x", "phrase": "f", "question": "q",
}  # fmt: skip
ADVERBS = {"alone": "alone", "hard": "hard", "fast": "fast", "good": "well", "little": "a little", "late": "late"}
ADVERBS |= {"difficult": "with difficulty", "easy": "easily", "long": "for a long time"}
CONTRACTED = dict.fromkeys(("cannot", "can't"), ("Can", "Not"))
MEANS = {"by": "by", "on": "on", "seat": "in the"}
ATTRIBUTES = {  # the values that an attribute may have, as a regular expression
    "says": r".*\S.*",
    "hindi": ".*",
    "kind": "|".join(KINDS),
    "article": "|a|an|the|my",
    "pronoun": "I|you|he|she|it|we|they",
    "of": "((to|at|in|for|with|of|on) )?(person|helper|receiver|thing|symptom|place)|any",
    "takes": "to|how to|bare|ing",
    "tense": "past|present|future",
    "traits": (
        "relative|own|home|helper|own_family|spouse|kid|receives|people|collective|job|pronoun|mass|in|to|of|with|"
        "alone|by|on|seat|alive|pays|wants|ill|ends|sense|manner|asked|by_thing|by_place|senses|fears|summons|seeks|hurts|noun|modal|asks|"
        "names|please|also_state|joins|since|guessed|origin|group|lasting|quotes|meal|locates|side|shows|tens|needs_object"
    ),
    **dict.fromkeys(LINKS, r"[a-z]+( [a-z]+)* \{\}"),
}


@dataclass(frozen=True)
class Word:
    """A gloss and its attributes. ``says`` holds its English texts; the first one is written."""

    gloss: str = field(compare=False)
    kind: str = "unknown"
    says: tuple[str, ...] = ()
    hindi: str = ""
    article: str = ""
    pronoun: str = "it"
    links: Mapping[str, tuple[str, ...]] = field(default_factory=dict, compare=False)
    of: tuple[str, ...] = ()
    takes: str = ""
    tense: str = ""
    traits: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return self.says[0]

    @property
    def means(self) -> str:
        """The preposition of a means ("by bus", "on paper"), or of the means that a verb takes; else empty."""
        return next((MEANS[trait] for trait in self.traits if trait in MEANS), "")

    @property
    def adverb(self) -> str:
        """The adverb of a state that may tell how something is done; else empty."""
        return ADVERBS.get(self.text, f"{self.text}ly" if self.has("manner") else "")

    @property
    def tags(self) -> list[str]:
        """The names by which the patterns of ``readings/*.yaml`` ask for a word."""
        of = [tag for one in self.of for tag in (f"of_{one.split(' ')[-1]}", one.replace(" ", "_")) if "_" in tag]
        takes = [f"takes takes_{self.takes.split(' ')[0]}"] if self.takes else []
        lasts = [f"_{self.says[2]}"] if self.kind == "span" else []
        needed = ["needed"] * (self.links.get("links", ("",))[0] == "need {}")
        fits = ["fits"] * (self.of in (("thing",), ("any",))) + ["adverbial"] * bool(self.adverb)
        text = "_" + re.sub(r"\W", "_", self.text)
        return [self.kind, text, *self.traits, *of, *takes, *lasts, *needed, *fits, self.tense]

    def slot(self, kind: str) -> str | None:
        """Returns the preposition before an object of a kind ("" for none), or None if the word takes none."""
        return next((one[: -len(kind)].strip() for one in self.of if one.split(" ")[-1] == kind), None)

    def has(self, trait: str) -> bool:
        return trait in self.traits


def key(gloss: str) -> str:
    """Returns the key of a gloss in the tables. Case, hyphens, underscores and marks after it are ignored."""
    return re.sub(r"[\s_-]+", " ", gloss.strip().rstrip(" .,;:!?") or gloss).strip().casefold()


class Lexicon:
    """The shipped tables and a user's own words.

    Args:
        words: None, a mapping, or the path of a YAML file. Each gloss has a class of the tables, or a mapping with
            ``class`` and the attributes that differ from the class.

    Raises:
        InputError: there is no such file, it is not a YAML mapping, or a word has a class, an attribute or a value
            that does not exist. The message names the file, the word and the attribute.
    """

    def __init__(self, words: Mapping[str, Any] | str | Path | None = None) -> None:
        self.classes: dict[str, dict[str, Any]] = {}
        self._words: dict[str, Word] = {}
        hindi = _read(TABLES / "hindi.yaml")
        for name in VOCABULARY:
            for label, entry in _read(TABLES / f"{name}.yaml").items():
                own_class = {key: value for key, value in entry.items() if key != "words"}
                self.classes[label] = {**self.classes.get(label, {}), **own_class}
                for gloss, value in entry["words"].items():
                    own = value if isinstance(value, Mapping) else {"says": value}
                    self._add(f"{name}.yaml", gloss, {"class": label, "hindi": hindi.get(gloss, ""), **own})
        path = Path(words).expanduser() if isinstance(words, (str, Path)) else None
        where = f"sentence.words={words}" if path else "sentence.words"
        for gloss, value in (_read(path, where) if path else cast("dict[str, Any]", words or {})).items():
            if isinstance(value, Mapping) and "kind" in value:
                raise InputError(f"{where}: {gloss}: kind: it comes with the class; name another class")
            self._add(where, gloss, {"class": value} if isinstance(value, str) else value)
        # Words by English text; None if several words have it: "Mom" is Mother
        self._by_text: dict[str, Word | None] = {}
        for word in self.list_words():
            for text in word.says:
                self._by_text[key(text)] = word if self._by_text.get(key(text), word) is word else None

    def _add(self, where: str, gloss: Any, entry: Any) -> None:
        if not isinstance(gloss, str) or not isinstance(entry, Mapping) or not any(map(str.isalnum, gloss)):
            raise InputError(f"{where}: {gloss!r}: write a quoted gloss and its class, such as 'Ward: place'")
        label = str(entry.get("class"))
        if label not in self.classes:
            raise InputError(f"{where}: {gloss}: class: {label} is none of {', '.join(self.classes)}")
        own = {name: value for name, value in entry.items() if name != "class"}
        checked = {
            name: _check(f"{where}: {gloss}: {name}", name, value)
            for name, value in {"says": gloss.lower(), **self.classes[label], **own}.items()
        }
        links = {name: checked.pop(name) for name in LINKS if name in checked}
        self._words[key(gloss)] = Word(gloss, links=links, **checked)

    def word(self, gloss: str) -> Word:
        """Returns the word of a gloss; its ``gloss`` keeps the given spelling."""
        name, spelt = key(gloss), " ".join(gloss.split())
        candidates = (
            self._words.get(one) or self._by_text.get(one) for one in (name, name.replace(" ", ""), *_lemmas(name))
        )
        match = next((word for word in candidates if word), None)
        return replace(match or guess(spelt.rstrip(" .,;:!?") or spelt), gloss=spelt)

    def list_words(self) -> list[Word]:
        """Returns all words of the tables and of the user."""
        return list(self._words.values())

    def words(self, glosses: Iterable[str]) -> list[Word]:
        """Turns glosses into words. Drops marks and immediate repetitions, and joins the parts of a compound."""
        parts = (part for gloss in glosses for part in CONTRACTED.get(key(gloss), (gloss,)))
        signed = [gloss for gloss in parts if any(map(str.isalnum, gloss))]
        rest = [gloss for gloss, before in zip(signed, ["", *signed], strict=False) if key(gloss) != key(before)]
        words: list[Word] = []
        while rest:
            names = {length: " ".join(map(key, rest[:length])) for length in range(min(4, len(rest)), 1, -1)}
            lengths = [length for length, name in names.items() if self._words.get(name) or self._by_text.get(name)]
            words.append(self.word(" ".join(rest[: (lengths or [1])[0]])))
            del rest[: (lengths or [1])[0]]
        return words


def dictionary_case(text: str) -> str:
    """Returns an unknown word in lower case if the dictionary has it, else, as a name, as it was signed."""
    from lemminflect import getAllLemmas

    return text.lower() if getAllLemmas(text.lower()) else text


def _lemmas(text: str) -> list[str]:
    """Returns the base forms of an inflected English word: "paid" is of "pay"."""
    from lemminflect import getAllLemmas

    return [one for lemmas in getAllLemmas(text).values() for one in lemmas] if re.fullmatch("[a-z]{3,}", text) else []


def guess(text: str) -> Word:
    """Returns a word that is in no table, with its kind from lemminflect's dictionary; digits become a number.

    Only an unambiguous kind is used: "allergy" is a noun and "avoid" a verb, but "test" could be both.
    """
    if any(map(str.isnumeric, text)):
        return Word(text, "number" if text.isdigit() else "unknown", says=(text,))
    from lemminflect import getAllLemmas

    low = text.lower()
    lemmas = getAllLemmas(low) if re.fullmatch(r"[a-z]{3,}", low) else {}
    kinds = [kind for kind, bases in lemmas.items() if low in bases or kind == "ADJ"]
    kind = {"NOUN": "thing", "VERB": "verb", "ADJ": "state"}.get(kinds[0]) if len(kinds) == 1 else None
    of = {"verb": ("person", "thing"), "state": ("any",)}.get(kind or "", ())
    return Word(text, kind, (low,), of=of, traits=("guessed", "mass")) if kind else Word(text, says=(text,))


def _check(where: str, name: str, value: Any) -> Any:
    """Returns the value of an attribute, a list as a tuple. Raises ``InputError`` if the value is not allowed."""
    if name not in ATTRIBUTES:
        raise InputError(f"{where}: no such attribute; there are {', '.join(ATTRIBUTES)}")
    values = list(value) if name in FEW and isinstance(value, (list, tuple)) else [value]
    for one in values if values or name != "says" else [None]:
        if not isinstance(one, str):
            raise InputError(f"{where}: {one!r} is not a text; write one, in quotes")
        if not re.fullmatch(ATTRIBUTES[name], one):
            hint = "write a verb and {} for the word, such as 'need {}'" if name in LINKS else "write the English word"
            among = f"is none of {ATTRIBUTES[name].strip('|').replace('|', ', ')}"
            raise InputError(f"{where}: {one!r}: {hint if name in (*LINKS, 'says') else among}")
    return tuple(values) if name in FEW else value


@cache
def _read(path: Path, where: str = "") -> dict[str, Any]:
    """Returns the mapping in a YAML file. ``where`` names the file in an error, instead of its path."""
    import yaml
    from omegaconf import OmegaConf

    text = read_file(path, 2**20, where)
    try:
        if any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text)):
            raise ValueError("an alias, *name, can stand for any number of words; write them out")
        content = OmegaConf.to_container(OmegaConf.create(text.decode("utf-8-sig")))
    except Exception as error:  # each kind of mistake in YAML raises its own exception
        raise InputError(f"{where or path}: not readable as YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(content, dict):
        raise InputError(f"{where or path}: not a mapping; write one 'Gloss: class' a line")
    return cast("dict[str, Any]", content)
