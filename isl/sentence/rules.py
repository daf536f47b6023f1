"""Sentences by rule: always there, no download, and guarded like those of a language model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isl.sentence.doubt import doubt
from isl.sentence.english import English
from isl.sentence.grammar import parse
from isl.sentence.guard import Guard, only_asks, row
from isl.sentence.order import negations_behind
from isl.sentence.words import Lexicon, Word


@dataclass(frozen=True)
class Sentence:
    """A written sentence beside what was signed.

    Attributes:
        text: one English sentence; empty where nothing was signed.
        glosses: what was signed, as it was recognised. Show them beside the text, always.
        source: who wrote it: ``rules``, or the name of a language model.
        note: one line for the person in front of the screen, such as why the language model is not used; or None.
    """

    text: str
    glosses: tuple[str, ...]
    source: str = "rules"
    note: str | None = None


class Rules:
    """Writes a sentence from glosses with the grammar and the word tables of this package.

    Args:
        words: your own words: a mapping, or the path of a YAML file (see ``isl/sentence/words.py``).
    """

    def __init__(self, words: Mapping[str, Any] | str | Path | None = None) -> None:
        self.lexicon = Lexicon(words)
        self.guard = Guard(self.lexicon)
        self.english = English(self.lexicon)

    def start(self) -> None:
        """Nothing has to be loaded."""

    def wait(self, seconds: float | None = None) -> bool:
        """Always ready."""
        return True

    def write(self, glosses: Sequence[str], context: Sequence[str] = ()) -> Sentence:
        """The sentence for these glosses. ``context``: symptoms that were picked rather than signed.

        It passes the guard like a language model's; where the grammar gets lost in many glosses, they are given
        one by one.
        """
        text = self.compose(glosses, context)
        if self.guard.refusal(text, glosses, context):
            words = self.lexicon.words(glosses)
            text = _capital(row(words), words)
        return Sentence(text, tuple(glosses))

    def compose(self, glosses: Sequence[str], context: Sequence[str] = ()) -> str:
        """The grammar's sentence, unguarded; the bare glosses where they are in doubt."""
        words = self.lexicon.words(glosses)
        if not words:
            return ""
        if doubt(negations_behind(words)):
            return _capital(row(words), words)
        told = not any(
            word.kind in ("negation", "question") for word in words
        )  # else the context would be denied or asked
        said = [word.text for word in words]
        around = [word for word in self.lexicon.words(context) if told and word.text not in said]
        text = self.english.sentence(parse(words), around)
        asked = any(word.kind == "question" for word in words) or words[-1].ask or only_asks(words)
        return _capital(text, words) + ("?" if asked else ".")


def _capital(text: str, words: Sequence[Word]) -> str:
    """A sentence begins large, unless with an unknown word, which stays as it was signed."""
    kept = any(word.kind == "unknown" and text.startswith(word.text) for word in words)
    return text if kept else text[:1].upper() + text[1:]
