"""Prepares the batches of a training, in a thread while the network learns from the batch before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import torch

from isl.data.clips import Batch

Item = TypeVar("Item")


@dataclass(frozen=True)
class Preparation:
    """Prepares the batches of each epoch.

    Attributes:
        start_epoch: returns the function that prepares a batch in the epoch that begins.
        ahead: prepare each batch in a thread of its own, while the one before is in use.
    """

    start_epoch: Callable[[], Callable[[Batch], Any]]
    ahead: bool = False

    def of(self, batches: Iterable[Batch]) -> Iterator[Any]:
        """Yields the batches of an epoch, prepared. Nothing is read or prepared before the first one is asked for."""
        prepared = map(self.start_epoch(), batches)
        yield from ahead(prepared) if self.ahead else prepared


def ahead(items: Iterator[Item]) -> Iterator[Item]:
    """Yields ``items``, each computed in a thread of its own while the one before is in use."""
    end = object()
    with ThreadPoolExecutor(1, initializer=torch.set_num_threads, initargs=(1,)) as thread:
        following = thread.submit(next, items, end)
        while (item := following.result()) is not end:
            following = thread.submit(next, items, end)
            yield item  # type: ignore[misc]
