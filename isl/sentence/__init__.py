"""Words that were signed to one English sentence that says nothing else.

``Rules`` is always there; ``LanguageModel`` writes more freely and is guarded. Both are built from a config of
``conf/sentence/`` or directly, and used alike:

    writer = Rules()
    writer.start()                                      # begins to load, where something has to be loaded
    writer.write(["Mother", "sick", "Hospital"]).text   # "My mother is sick and needs the hospital."
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from isl.sentence.guard import Guard
from isl.sentence.language_model import LanguageModel
from isl.sentence.rules import Rules, Sentence
from isl.sentence.words import Lexicon

__all__ = ["Guard", "LanguageModel", "Lexicon", "Rules", "Sentence", "Writer"]


class Writer(Protocol):
    """What writes sentences; ``write`` may take seconds and is called from one thread."""

    def start(self) -> None: ...

    def wait(self, seconds: float | None = None) -> bool: ...

    def write(self, glosses: Sequence[str], context: Sequence[str] = ()) -> Sentence: ...
