"""Texts from an unknown source in a form that is safe to show on a terminal."""

from __future__ import annotations

from typing import Any

from isl.errors import printable


def shown(text: str) -> str:
    """Returns a text from an unknown source in a form that is safe and short enough for a line on a terminal."""
    return printable(text[:200])


def make_printable(value: Any) -> Any:
    """Returns plain values with all their texts made safe to show."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {make_printable(key): make_printable(entry) for key, entry in value.items()}
    return [make_printable(entry) for entry in value] if isinstance(value, (list, tuple)) else value
