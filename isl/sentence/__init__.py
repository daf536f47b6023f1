"""Writes signed words as English sentences that add nothing to their meaning.

Every sentence is checked before it is shown: it mentions every sign, denies as often as the signs do, and asks only if
they ask. The grammar keeps person, state, place and time together as signed. Where it finds two opposite readings, or
no place for a word, the glosses are shown.

    writer = Rules()
    writer.write(["Mother", "sick", "Hospital"]).text        # "My mother is sick and needs the hospital."
    writer.variants(["Mother", "sick", "Hospital"])          # every sentence that the signs allow; the same one first

``Rules`` writes the first variant. ``LanguageModel`` chooses among the variants and writes no text of its own. Modules:

    words       finds the entry of a gloss in the tables (tables/*.yaml)
    segments    splits words at greetings and questions
    patterns    rewrites signs by rules (readings/*.yaml): their order, owners, who does what, and doubts
    reader      turns the rewritten signs into clauses
    clauses     defines the parts of a clause, and ``DoubtError`` for signs with two opposite meanings
    writing     turns clauses into English; with statements, questions, phrases and english (word forms)
    choices     enumerates all texts where English allows several
    rules       combines these steps
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from isl.sentence.language_model import LanguageModel
from isl.sentence.rules import Rules, Sentence
from isl.sentence.words import Lexicon

__all__ = ["LanguageModel", "Lexicon", "Rules", "Sentence", "Writer"]


class Writer(Protocol):
    """Writes sentences. ``draft`` returns at once, ``write`` may take seconds. It is called from one thread."""

    @property
    def lexicon(self) -> Lexicon: ...

    def start(self) -> None: ...

    def wait(self, seconds: float | None = None) -> bool: ...

    def draft(self, glosses: Sequence[str], context: Sequence[str] = ()) -> Sentence: ...

    def write(self, glosses: Sequence[str], context: Sequence[str] = ()) -> Sentence: ...
