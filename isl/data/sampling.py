"""Order in which clips are trained on: words shuffled in every epoch, and background clips drawn among them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import numpy.typing as npt
from torch.utils.data import Sampler


def repeats(shares: Sequence[str]) -> npt.NDArray[np.int64]:
    """Returns how often an epoch has each clip, so that sources have their shares of it, (N,).

    The source with the most clips for its share has each of them once; the others as often as comes nearest.

    Args:
        shares: of each clip its source and the source's share, as "greetings 0.42".
    """
    names, source, count = np.unique(np.array(shares), return_inverse=True, return_counts=True)
    share = np.array([float(name.rsplit(" ", 1)[1]) for name in names])
    length = (count / share).max()
    return np.maximum(np.rint(share * length / count), 1).astype(np.int64)[source]


class EpochOrder(Sampler[int]):
    """``passes`` permutations of ``count`` indices, from ``seed`` and the epoch alone. Lightning sets the epoch."""

    def __init__(self, count: int, seed: int, passes: int = 1) -> None:
        self.count = count
        self.seed = seed
        self.passes = passes
        self.epoch = 0

    def set_epoch(self, epoch: int) -> None:
        self.epoch = epoch

    def __len__(self) -> int:
        return self.count * self.passes

    def __iter__(self) -> Iterator[int]:
        rng = np.random.default_rng([self.seed, self.epoch])
        for _ in range(self.passes):
            yield from rng.permutation(self.count).tolist()


class MixedOrder(Sampler[int]):
    """Batches of ``batch`` clips of words in their ``order``, each followed by ``extra`` background clips.

    Indices of background clips follow those of the words' clips. They are drawn at random for each batch with
    ``weight (M,)``, one over the square root of their sign's number of clips, so that signs with many recordings do not
    dominate the background. A last, shorter batch has the same share of them.
    """

    def __init__(self, order: EpochOrder, batch: int, extra: int, weight: npt.NDArray[np.float64]) -> None:
        self.order, self.batch, self.extra = order, batch, extra
        self.chance = weight / weight.sum()

    def set_epoch(self, epoch: int) -> None:
        self.order.set_epoch(epoch)

    def _share(self, words: int) -> int:
        return math.ceil(self.extra * words / self.batch)

    def __len__(self) -> int:
        full, rest = divmod(len(self.order), self.batch)
        return len(self.order) + full * self.extra + self._share(rest)

    def __iter__(self) -> Iterator[int]:
        rng = np.random.default_rng([self.order.seed, self.order.epoch, 1])
        places = iter(self.order)
        while chosen := list(islice(places, self.batch)):
            yield from chosen
            drawn = rng.choice(len(self.chance), self._share(len(chosen)), p=self.chance)
            yield from (self.order.count + drawn).tolist()
