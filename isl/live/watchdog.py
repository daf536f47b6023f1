"""Who is at work since when, so that what hangs is noticed; what a thread died of; what counts as Ctrl-C."""

from __future__ import annotations

import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from isl.errors import InputError

Result = TypeVar("Result")


class Watchdog:
    """Notes when each thread begins and ends a step.

    Args:
        stall: seconds after which a step counts as hanging.
    """

    def __init__(self, stall: float) -> None:
        self.stall = stall
        self._since: dict[str, float] = {}  # when each thread began its present step

    def step(self, name: str, work: Callable[[], Result]) -> Result:
        """Do one step of the thread ``name``."""
        self._since[name] = time.monotonic()
        try:
            return work()
        finally:
            self._since.pop(name, None)

    def hanging(self) -> list[str]:
        """The threads that have been at one step for too long."""
        now = time.monotonic()
        return [name for name, since in list(self._since.items()) if now - since > self.stall]


def as_input_error(name: str, error: BaseException) -> InputError:
    """One line about an error that nobody expected, with the place where it happened."""
    where = traceback.extract_tb(error.__traceback__)[-1]
    what = f"{type(error).__name__}: {error}".splitlines()[0]
    line = InputError(f"{name} stopped: {what} ({Path(where.filename).name}, line {where.lineno})")
    line.__cause__ = error
    return line


def interruptible() -> AbstractContextManager[None]:
    """Inside, a closed terminal and a polite kill are Ctrl-C: a ``KeyboardInterrupt`` in the main thread."""
    return _handling(["SIGTERM", "SIGHUP"], _interrupt)


def undisturbed() -> AbstractContextManager[None]:
    """Inside, none of the three ends the program: for what is over in seconds, and lost if it is not."""
    return _handling(["SIGINT", "SIGTERM", "SIGHUP"], signal.SIG_IGN)


@contextmanager
def _handling(names: list[str], handler: Any) -> Iterator[None]:
    there = [getattr(signal, name) for name in names if hasattr(signal, name)]  # Windows has no SIGHUP
    if threading.current_thread() is not threading.main_thread():
        there = []  # only the main thread hears signals
    before = {number: signal.signal(number, handler) for number in there}
    try:
        yield
    finally:
        for number, own in before.items():
            signal.signal(number, own)


def _interrupt(*_: Any) -> NoReturn:
    raise KeyboardInterrupt
