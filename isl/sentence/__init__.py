"""Words that were signed to one English sentence that says nothing else.

``Rules`` is always there; ``LanguageModel`` writes more freely and is guarded. Both are built from a config of
``conf/sentence/`` or directly, and used alike:

    writer = Rules()
    writer.start()                                      # begins to load, where something has to be loaded
    writer.write(["Mother", "sick", "Hospital"]).text   # "My mother is sick and needs the hospital."

How a sentence comes about, each step in a file of its own:

    words      a gloss and what the tables say of it (files: the tables themselves)
    order      what the order of the signs says: who is meant, whose it is, when, what is denied
    doubt      where the signs leave two opposite things open: the bare glosses, and no further
    grammar    words to clauses, by one method for each kind of word (topics: those for persons and things)
    clauses    what a clause consists of
    english    clauses to English
    rules      all of this, then the guard

And how a sentence is judged, whoever wrote it:

    labels     its tokens, each with the word or the piece of English grammar that warrants it
    reading    its verbs, each with its subject
    guard      the checks one after the other, the first reason counts: its own, and those of times (when), syntax
               (whether it is English), relations ("needs"), deeds (orders, ways, reasons), roles (who does what to
               whom) and denial ("not")

``order`` serves both: the rules follow it, and the guard holds a sentence against it.
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
