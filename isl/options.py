"""Is an option's value of the kind that it must be? Each check returns the value or names the flag that is wrong."""

from __future__ import annotations

import math
from typing import Any

from isl.errors import InputError


def whole(value: Any, flag: str, least: int = 0) -> int:
    """A whole number, ``least`` or more. Otherwise an ``InputError``: ``batch_size=0: give a whole number, ...``."""
    if isinstance(value, bool) or not isinstance(value, int) or value < least:
        raise InputError(f"{flag}={value}: give a whole number, {least} or more")
    return value


def number(value: Any, flag: str, least: float = 0.0, most: float = math.inf) -> float:
    """A number from ``least`` to ``most``. Raises ``InputError`` otherwise."""
    if not _is_number(value) or not least <= value <= most:
        span = f"from {least:g} to {most:g}" if most < math.inf else f"{least:g} or more"
        raise InputError(f"{flag}={value}: give a number, {span}")
    return value


def positive(value: Any, flag: str) -> float:
    """A finite number above 0. Raises ``InputError`` otherwise."""
    if not _is_number(value) or not 0 < value < math.inf:
        raise InputError(f"{flag}={value}: give a number above 0")
    return value


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
