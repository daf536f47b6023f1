"""Finds threads that hang, and describes threads that fail."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from isl.errors import InputError

Result = TypeVar("Result")


class Watchdog:
    """Records the start and the end of each step of a thread.

    Args:
        stall: seconds after which a step counts as hanging.
    """

    def __init__(self, stall: float) -> None:
        self.stall = stall
        self._since: dict[str, float] = {}  # start time of each thread's present step

    def step(self, name: str, work: Callable[[], Result]) -> Result:
        """Runs one step of the thread ``name`` and returns its result."""
        self._since[name] = time.monotonic()
        try:
            return work()
        finally:
            self._since.pop(name, None)

    def find_hanging(self) -> list[str]:
        """Returns the threads whose present step takes longer than ``stall``."""
        now = time.monotonic()
        return [name for name, since in list(self._since.items()) if now - since > self.stall]


def as_input_error(name: str, error: BaseException) -> InputError:
    """Returns an unexpected error of the thread ``name`` as one line with the place where it happened."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    reason = f"{type(error).__name__}: {error}".splitlines()[0]
    line = InputError(f"{name} stopped: {reason} ({Path(place.filename).name}, line {place.lineno})")
    line.__cause__ = error
    return line
