"""Checks the values of options. Each check returns the value, or raises an error that names the option."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from isl.errors import OptionError


def whole(value: Any, flag: str, least: int = 0, otherwise: str = "", most: int | None = None) -> int:
    """Returns a whole number from ``least`` to ``most``.

    If the option also allows another value, the caller checks that before; ``otherwise`` names that value in the
    error message: ", or all".

    Raises:
        InputError: the value is not such a number: ``batch_size=0: give a whole number, ...``.
    """
    if isinstance(value, bool) or not isinstance(value, int) or value < least or (most is not None and value > most):
        span = f"{least} or more" if most is None else f"from {least} to {most}"
        raise OptionError(flag, f"={value}: give a whole number, {span}{otherwise}")
    return value


def number(value: Any, flag: str, least: float = 0.0, most: float = math.inf) -> float:
    """Returns a finite number from ``least`` to ``most``. Raises ``InputError`` otherwise."""
    if not _is_number(value) or not least <= value <= most:
        span = f"from {least:g} to {most:g}" if most < math.inf else f"{least:g} or more"
        raise OptionError(flag, f"={value}: give a number, {span}")
    return value


def positive(value: Any, flag: str, otherwise: str = "") -> float:
    """Returns a finite number above 0. Raises ``InputError`` otherwise."""
    if not _is_number(value) or value <= 0:
        raise OptionError(flag, f"={value}: give a number above 0{otherwise}")
    return value


def switch(value: Any, flag: str) -> bool:
    """Returns True or False. Raises ``InputError`` otherwise, because Python would take "maybe" as true."""
    if not isinstance(value, bool):
        raise OptionError(flag, f"={value}: choose true or false")
    return value


def choice(value: Any, flag: str, among: Sequence[str]) -> str:
    """Returns the value if it is one of two or more names. Raises ``InputError`` otherwise."""
    if value not in among:
        raise OptionError(flag, f"={value}: choose {', '.join(among[:-1])} or {among[-1]}")
    return str(value)


def names(value: Any, flag: str) -> list[str]:
    """Returns a list of words, from a list or from a single word. Raises ``InputError`` otherwise."""
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, Sequence) or not all(isinstance(name, str) and name.strip() for name in listed):
        raise OptionError(flag, f"={value}: give a list of words, such as [headache,fever]")
    return [name.strip() for name in listed]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < math.inf
