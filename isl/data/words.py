"""Words as folders and lists name them: INCLUDE writes one word as "83. Big large", "big large" and "biglarge"."""

from __future__ import annotations

import re
import unicodedata


def word_of(folder: str) -> str:
    """The word that a folder is named after: "61. Father" is INCLUDE's folder of "Father"."""
    return re.sub(r"^\d+\.\s+(?=\S)", "", folder)


def spelling(word: str) -> str:
    """A word without case, spaces, punctuation and INCLUDE's number, to compare by: "83. Big large" is "biglarge"."""
    kept = [c for c in unicodedata.normalize("NFKC", word_of(word)) if unicodedata.category(c)[0] in "LMN"]
    return "".join(kept).casefold() or word
