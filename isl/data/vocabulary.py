"""Names of words in folders and lists: INCLUDE writes one word as "83. Big large", "big large" and "biglarge"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence


def word_of(folder: str) -> str:
    """Returns the word of a folder's name: "61. Father" is INCLUDE's folder of "Father"."""
    return re.sub(r"^\d+\.\s+(?=\S)", "", folder)


def word_folder(folders: Sequence[str]) -> str:
    """Returns the word's folder among the ``folders`` above a clip: the last with INCLUDE's number, else the last.

    INCLUDE also has clips one folder deeper: "Home/19. House/Extra/MVI_3439.MOV".
    """
    numbered = [folder for folder in folders if word_of(folder) != folder]
    return (numbered or folders)[-1]


def spelling(word: str) -> str:
    """Returns a word for comparison, without case, spaces, punctuation and number: "83. Big large" is "biglarge"."""
    kept = [c for c in unicodedata.normalize("NFKC", word_of(word)) if unicodedata.category(c)[0] in "LMN"]
    return "".join(kept).casefold() or word
