"""Ends a training at once on Ctrl-C or SIGTERM, by an exception that holds the exit code."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from isl.signals import handling

EXIT_CODES = {signal.SIGINT: 130, signal.SIGTERM: 143}  # the shell's convention: 128 plus the signal's number

_received: list[int] = []  # exit codes of the signals so far


class SignalReceived(BaseException):
    """Raised when the user or the system ends the program.

    It is not a ``KeyboardInterrupt``, which Lightning would turn into an exit of its own.

    Attributes:
        code: the exit code.
        at: the point of the training that was reached, such as "at epoch 7".
    """

    def __init__(self, code: int) -> None:
        super().__init__(f"stopped by a signal, exit code {code}")
        self.code = code
        self.at = ""


@contextmanager
def stoppable() -> Iterator[None]:
    """Raise ``SignalReceived`` inside the block when SIGINT or SIGTERM arrives; a second signal is ignored."""
    _received.clear()
    with handling([number.name for number in EXIT_CODES], _stop):
        yield


def check_stopped() -> None:
    """Raise ``SignalReceived`` again if a signal has arrived: Python drops exceptions of a finalizer."""
    if _received:
        raise SignalReceived(_received[0])


def _stop(number: int, frame: FrameType | None) -> None:
    first = not _received
    _received.append(EXIT_CODES[signal.Signals(number)])
    if first:
        raise SignalReceived(_received[0])
