"""Finds a line for each word of a checkpoint that says how the word is signed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

HEADING = "| word | how it is signed"  # of the table in a checkpoint's card
ROW = re.compile(r"\|([^|]+)\|([^|]+)\|")
LARGEST_CARD = 100_000  # bytes
LONGEST = 200  # characters of a line


def how_signed(path: Path, about: Mapping[str, Any], words: Sequence[str]) -> dict[str, str]:
    """Returns ``{word: line}`` for those of the ``words`` that have a line.

    The source is the table of words in the card beside the checkpoint, such as ``isl18.md`` beside ``isl18.ckpt``. A
    checkpoint that was adapted from it has no card and carries the lines itself, as ``about["signed"]``.
    """
    carried = about.get("signed")
    lines = dict(carried) if isinstance(carried, dict) else _read_card(path.with_suffix(".md"))
    fitting = {str(word): line for word, line in lines.items() if isinstance(line, str) and 0 < len(line) <= LONGEST}
    return {word: fitting[word] for word in words if word in fitting}


def _read_card(path: Path) -> dict[str, str]:
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_CARD:
            return {}
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return {}
    start = next((i for i, line in enumerate(lines) if line.startswith(HEADING)), len(lines))
    table: dict[str, str] = {}
    for line in lines[start + 2 :]:  # after the heading and its rule
        row = ROW.match(line)
        if row is None:
            break
        table[row[1].strip()] = row[2].strip()
    return table
