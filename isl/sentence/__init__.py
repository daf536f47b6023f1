"""Signed words to English that says what they warrant and nothing else.

    writer = Rules()
    writer.write(["Mother", "sick", "Hospital"]).text        # "My mother is sick and needs the hospital."
    writer.variants(["Mother", "sick", "Hospital"])          # every sentence that the signs warrant, that one first

``Rules`` shows the first variant. ``LanguageModel`` chooses among the variants; it writes none of them. On the way:

    words       a gloss and its entry in the tables (tables/*.yaml)
    grammar     words to clauses, in the order of Indian Sign Language; persons: who is meant; deeds: what he does, has
    clauses     the parts of what was signed, and ``DoubtError`` where they leave opposite things open
    writing     clauses to English; questions, phrases, english: what asks, nouns and predicates, forms of words
    choices     wherever English leaves a choice: all of them, one after the other
    rules       all of this
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from isl.sentence.language_model import LanguageModel
from isl.sentence.rules import Rules, Sentence
from isl.sentence.words import Lexicon

__all__ = ["LanguageModel", "Lexicon", "Rules", "Sentence", "Writer"]


class Writer(Protocol):
    """Writes sentences: ``draft`` at once, ``write`` perhaps after seconds; called from one thread."""

    @property
    def lexicon(self) -> Lexicon: ...

    def start(self) -> None: ...

    def wait(self, seconds: float | None = None) -> bool: ...

    def draft(self, glosses: Sequence[str], context: Sequence[str] = ()) -> Sentence: ...

    def write(self, glosses: Sequence[str], context: Sequence[str] = ()) -> Sentence: ...
