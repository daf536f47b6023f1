"""Limits the rate of messages from one browser."""

from __future__ import annotations

from isl.web.messages import RefusedMessage


class Allowance:
    """A token bucket: it fills at a constant rate, and a message that finds it empty is refused.

    Args:
        rate: the messages per second in the long run.
        burst: the messages that may come at once.
        what: the name of the messages in the error.
    """

    def __init__(self, rate: float, burst: float, what: str) -> None:
        self.rate, self.burst, self.what = rate, burst, what
        self._left = burst
        self._time: float | None = None

    def take(self, time: float) -> None:
        """Count one message at ``time`` seconds.

        Raises:
            RefusedMessage: there were too many messages.
        """
        if self._time is not None:
            self._left = min(self.burst, self._left + (time - self._time) * self.rate)
        self._time = time
        if self._left < 1:
            raise RefusedMessage(f"more than {self.rate:g} {self.what} a second")
        self._left -= 1
