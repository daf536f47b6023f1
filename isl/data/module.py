"""Clips as Lightning wants them: three loaders that hand out ready batches."""

from __future__ import annotations

import math
from collections.abc import Iterator
from copy import copy
from dataclasses import replace
from itertools import islice
from typing import Protocol

import lightning as L
import numpy as np
import numpy.typing as npt
import torch
from rich.text import Text
from torch.utils.data import DataLoader, Dataset, Sampler

from isl import console
from isl.config.options import whole
from isl.data.background import Background, Sides
from isl.data.clips import TIMES, Batch, Clips
from isl.data.joined import join
from isl.data.splits.groups import Indices
from isl.data.splits.split import Split
from isl.data.splits.unknown import left_out
from isl.data.vocabulary import spelling
from isl.errors import InputError


class ClipSource(Protocol):
    def load(self) -> Clips: ...


class Splitter(Protocol):
    def __call__(self, clips: Clips) -> Split: ...


class Unknown(Protocol):
    def __call__(self, words: list[str]) -> list[str]: ...


class SignData(L.LightningDataModule):
    """The clips of ``source``, divided by ``split``, in batches of ``(B, 60, 1662)``.

    Args:
        source: where the clips come from, such as ``FolderClips``.
        split: which of them train, validate and test, such as ``Stratified``.
        batch_size: clips in a batch; the last one of an epoch may have fewer.
        epoch_clips: an epoch passes over the training clips as often as comes nearest to this many, and at least once,
            so that a recipe of so many epochs is about as long on few recordings as on many.
        seed: of the order of the training clips, which depends on it and the epoch alone: a resumed run meets the same
            batches as one that was never stopped.
        unknown: which words to leave out of training, such as ``isl.data.splits.unknown.Fold``; None leaves none out.
        background: clips of other signs, which are in every training batch beside the clips of words; None: none are.
            Labels of their signs follow those of the words.
    """

    def __init__(
        self,
        source: ClipSource,
        split: Splitter,
        batch_size: int = 32,
        epoch_clips: int = 1,
        seed: int = 0,
        unknown: Unknown | None = None,
        background: Background | None = None,
    ) -> None:
        super().__init__()
        self.source = source
        self.splitter = split
        self.batch_size = whole(batch_size, "batch_size", least=1)
        self.epoch_clips = whole(epoch_clips, "epoch_clips", least=1)
        self.seed = whole(seed, "seed")
        self._clips: Clips | None = None
        self._split: Split | None = None
        self._choose_unknown = unknown
        self._unknown_words: list[str] = []
        self._unknown: Indices = np.empty(0, np.int64)
        self._background = background
        self._signs: list[str] = []
        self._sides = Sides(*[np.empty(0, np.int64)] * 3)

    def setup(self, stage: str | None = None) -> None:
        """Read the clips and divide them, once, whatever the stage."""
        if self._split is None:
            self._clips = self.source.load()
            self._split = self.splitter(self._clips)
            if self._background:
                self._clips = self._with_background(self._clips, self._background)
            if self._choose_unknown:
                words = self._choose_unknown(self._clips.words)
                self._clips, self._split, self._unknown = left_out(self._clips, self._split, words)
                self._unknown_words = words
            for warning in self._split.warnings:
                console.err.print(Text(f"split: {warning}", "yellow"), soft_wrap=True)

    def _with_background(self, clips: Clips, background: Background) -> Clips:
        """The clips of words and, behind them, those of other signs."""
        others = background.load(clips.words)
        sides = background.divide(others)
        self._sides = Sides(*(side + len(clips) for side in (sides.train, sides.val, sides.test)))
        joined = join(clips, others)
        self._signs = joined.words[len(clips.words) :]
        return joined

    @property
    def clips(self) -> Clips:
        self.setup()
        assert self._clips is not None
        return self._clips

    @property
    def words(self) -> list[str]:
        """The vocabulary, in the order of the labels; words that were left out have no place in it."""
        return self.clips.words[: len(self.clips.words) - len(self.unknown_words) - len(self._signs)]

    @property
    def signs(self) -> list[str]:
        """The signs of the background; their labels follow those of the words."""
        self.setup()
        return self._signs

    @property
    def background(self) -> Sides:
        """The clips of the background, none of which is on two sides."""
        self.setup()
        return self._sides

    @property
    def unknown(self) -> Indices:
        """Clips to test on of words that were left out of training; none where no words were."""
        self.setup()
        return self._unknown

    @property
    def unknown_words(self) -> list[str]:
        self.setup()
        return self._unknown_words

    @property
    def split(self) -> Split:
        self.setup()
        assert self._split is not None
        return self._split

    def rejoined(self) -> SignData:
        """The same clips with those that validate among those that train, and none left to validate."""
        split, other = self.split, copy(self)
        protocol = f"{split.protocol}; in the end trained on the validation clips too"
        train, none = np.union1d(split.train, split.val), np.empty(0, np.int64)
        other._split = replace(split, train=train, val=none, protocol=protocol)
        sides = self.background  # whatever was held out of it has had its say: see isl.training.refit
        everything = np.concatenate([sides.train, sides.val, sides.test])
        other._sides = Sides(np.sort(everything), none, none)
        return other

    def count_in(self, words: list[str]) -> None:
        """Let labels be indices into ``words``, another vocabulary that has all of the clips' words."""
        index = {spelling(word): i for i, word in enumerate(words)}
        rest = [*self.signs, *self.unknown_words]
        beyond = range(len(words), len(words) + len(rest))
        place = np.array([*(index[spelling(word)] for word in self.words), *beyond], np.int64)
        self._clips = replace(self.clips, words=[*words, *rest], label=place[self.clips.label])

    def train_dataloader(self) -> DataLoader[Batch]:
        words, others = self._repeated(self.split.train), self.background.train
        passes = max(round(self.epoch_clips / len(words)), 1)
        order = EpochOrder(len(words), self.seed, passes)
        if not len(others):
            return self._loader(words, order)
        assert self._background is not None
        extra = self._background.extra(self.batch_size)
        _, sign, count = np.unique(self.clips.label[others], return_inverse=True, return_counts=True)
        mixed = MixedOrder(order, self.batch_size, extra, 1 / np.sqrt(count[sign]))
        return self._loader(np.concatenate([words, others]), mixed, self.batch_size + extra)

    def _repeated(self, indices: Indices) -> Indices:
        """The clips as often as an epoch has them, by the column "times"."""
        if TIMES not in self.clips.columns:
            return indices
        times = [self.clips.columns[TIMES][i] for i in indices]
        if strange := [text for text in times if text and not text.isdecimal()]:
            raise InputError(f"clips.csv: {TIMES} is {strange[0]!r}; give whole numbers, or leave it empty")
        return np.repeat(indices, [int(text or 1) for text in times])

    def val_dataloader(self) -> DataLoader[Batch]:
        return self._loader(self.split.val)

    def test_dataloader(self) -> DataLoader[Batch]:
        return self._loader(self.split.test)

    def unknown_dataloader(self) -> DataLoader[Batch]:
        """The clips of ``unknown``; their labels lie beyond the vocabulary."""
        return self._loader(self.unknown)

    def background_dataloader(self, side: Indices) -> DataLoader[Batch]:
        """The background clips of a ``side``; their labels lie beyond the vocabulary."""
        return self._loader(side)

    def _loader(
        self, indices: Indices, order: Sampler[int] | None = None, batch_size: int | None = None
    ) -> DataLoader[Batch]:
        return DataLoader(
            _Gathered(self.clips, indices),
            batch_size=batch_size or self.batch_size,
            sampler=order,
            collate_fn=_as_it_is,  # type: ignore[arg-type]
            generator=torch.Generator(),  # its own: or every pass over the clips would move the global random state
        )


class EpochOrder(Sampler[int]):
    """``passes`` permutations of ``count`` places, given by ``seed`` and the epoch alone. Lightning sets the epoch."""

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
    """Batches of ``batch`` clips of words in their ``order``, and behind each batch ``extra`` background clips.

    Places of background clips follow those of the words' clips. They are drawn anew in each batch with ``weight (M,)``,
    one over the root of how often their sign is there, so that what everybody recorded is not most of the background. A
    last, shorter batch has as large a share of them.
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


class _Gathered(Dataset[Batch]):
    """Some of the clips. ``__getitems__`` is torch's hook for a dataset that fetches a whole batch at once."""

    def __init__(self, clips: Clips, indices: Indices) -> None:
        self.clips = clips
        self.indices = indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, place: int) -> Batch:
        return self.__getitems__([place])

    def __getitems__(self, places: list[int]) -> Batch:
        return self.clips.batch(self.indices[places])


def _as_it_is(batch: Batch) -> Batch:
    return batch
