"""A queue between two threads that can be closed, stopped, and told to forget."""

from __future__ import annotations

from collections import deque
from threading import Condition
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Closed(Exception):  # noqa: N818, an end is no error
    """Nothing more will come."""


class Stopped(Exception):  # noqa: N818, nor is this one
    """Nobody wants more."""


class Channel(Generic[Item]):
    """Items in order from one thread to another.

    Args:
        size: how many may wait.
        stale: what happens when one more comes: False lets the sender wait (files: nothing is lost), True drops the
            oldest (cameras: nothing is late).
    """

    def __init__(self, size: int, stale: bool = False) -> None:
        self._items: deque[Item] = deque()
        self._size, self._stale = size, stale
        self._changed = Condition()
        self._closed = self._stopped = False
        self.dropped = 0

    def put(self, item: Item) -> None:
        """Raises ``Stopped`` where the line was stopped."""
        with self._changed:
            while len(self._items) >= self._size and not self._stale and not self._stopped:
                self._changed.wait()
            if self._stopped:
                raise Stopped
            if len(self._items) >= self._size:
                self._items.popleft()
                self.dropped += 1
            self._items.append(item)
            self._changed.notify_all()

    def get(self, timeout: float | None = None) -> Item | None:
        """The next item; None where none came in time. Raises ``Closed`` after the last, or ``Stopped``."""
        with self._changed:
            self._changed.wait_for(lambda: self._items or self._closed or self._stopped, timeout)
            if self._stopped:
                raise Stopped
            if not self._items:
                if self._closed:
                    raise Closed
                return None
            item = self._items.popleft()
            self._changed.notify_all()
            return item

    def close(self) -> None:
        """The sender is done: what waits will still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Somebody gave up: wake everybody who waits here."""
        with self._changed:
            self._stopped = True
            self._items.clear()
            self._changed.notify_all()
