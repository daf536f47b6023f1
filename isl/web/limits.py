"""How much one browser may send."""

from __future__ import annotations

from isl.web.protocol import RefusedMessage


class Allowance:
    """A bucket that fills at a constant rate; what is sent when it is empty is too much.

    Args:
        rate: messages a second in the long run.
        burst: messages at once.
        what: the messages' name, for the reason.
    """

    def __init__(self, rate: float, burst: float, what: str) -> None:
        self.rate, self.burst, self.what = rate, burst, what
        self._left = burst
        self._time: float | None = None

    def take(self, time: float) -> None:
        """Count one message at ``time`` seconds.

        Raises:
            RefusedMessage: there were too many.
        """
        if self._time is not None:
            self._left = min(self.burst, self._left + (time - self._time) * self.rate)
        self._time = time
        if self._left < 1:
            raise RefusedMessage(f"more than {self.rate:g} {self.what} a second")
        self._left -= 1
