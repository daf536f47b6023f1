"""Handles the signals that end the program, while a block runs."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NoReturn


@contextmanager
def handling(names: Iterable[str], handler: Any) -> Iterator[None]:
    """Calls ``handler`` for the signals ``names`` (``SIGINT``, ...) inside the block; the old handlers come back after.

    Does nothing in a thread other than the main one, where Python allows no signal handlers.
    """
    numbers = [getattr(signal, name) for name in names if hasattr(signal, name)]  # Windows has no SIGHUP
    if threading.current_thread() is not threading.main_thread():
        numbers = []
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, previous in before.items():
            signal.signal(number, previous)


def interruptible() -> AbstractContextManager[None]:
    """Turns SIGTERM and SIGHUP into a ``KeyboardInterrupt`` in the main thread, like Ctrl-C."""
    return handling(["SIGTERM", "SIGHUP"], _interrupt)


def undisturbed() -> AbstractContextManager[None]:
    """Ignores SIGINT, SIGTERM and SIGHUP while files are completed at the end."""
    return handling(["SIGINT", "SIGTERM", "SIGHUP"], signal.SIG_IGN)


def _interrupt(*_: Any) -> NoReturn:
    raise KeyboardInterrupt
