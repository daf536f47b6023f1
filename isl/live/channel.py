"""A queue between two threads that can be closed and stopped, and can drop late items."""

from __future__ import annotations

from collections import deque
from threading import Condition
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Closed(Exception):  # noqa: N818, the end is not an error
    """The sender is done and all items are taken."""


class Stopped(Exception):  # noqa: N818, no error either
    """The channel was stopped: no more items are accepted."""


class Channel(Generic[Item]):
    """Passes items in order from one thread to another.

    Args:
        size: maximum number of waiting items.
        stale: behaviour of a full channel: with False the sender waits (files: nothing is lost), with True the oldest
            item is dropped (cameras: nothing is late).

    Attributes:
        dropped: number of items that were dropped.
    """

    def __init__(self, size: int, stale: bool = False) -> None:
        self._items: deque[Item] = deque()
        self._size, self._stale = size, stale
        self._changed = Condition()
        self._closed = self._stopped = False
        self.dropped = 0

    def put(self, item: Item) -> None:
        """Appends an item. Raises ``Stopped`` if the channel was stopped."""
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
        """Returns the next item, or None after ``timeout``. Raises ``Closed`` after the last item, or ``Stopped``."""
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
        """Closes the channel: the waiting items can still be taken."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    def stop(self) -> None:
        """Drops the waiting items and wakes all threads that wait for this channel."""
        with self._changed:
            self._stopped = True
            self._items.clear()
            self._changed.notify_all()
