"""LightningDataModule of the clips: loaders for training, validation and test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import replace
from typing import Any, Protocol

import lightning as L
import numpy as np
import torch
from rich.text import Text
from torch.utils.data import DataLoader, Dataset, Sampler

from isl import console
from isl.config.options import whole
from isl.data.background import Background, Sides
from isl.data.clips import SHARE, TIMES, Batch, Clips, any_changed, join
from isl.data.elsewhere import appended
from isl.data.preparation import Preparation
from isl.data.resident import ResidentClips, ResidentLoader, fits
from isl.data.sampling import EpochOrder, MixedOrder, repeats
from isl.data.splits.groups import Indices
from isl.data.splits.split import Split
from isl.data.splits.unknown import left_out
from isl.data.vocabulary import spelling
from isl.errors import InputError


class ClipSource(Protocol):
    def load(self) -> Clips: ...


class Splitter(Protocol):
    def __call__(self, clips: Clips) -> Split: ...


class SignData(L.LightningDataModule):
    """The clips of ``source``, divided by ``split``, in batches of ``(B, 60, 1662)``; or of ``(B, 60, 258)``.

    ``face`` is True at first. Where neither features nor augmentation read the face mesh, a run sets it to False, and
    batches come without it.

    Args:
        source: source of the clips, such as ``FolderClips``.
        split: division into training, validation and test, such as ``Stratified``.
        batch_size: clips in a batch; the last one of an epoch may have fewer.
        epoch_clips: approximate number of clips in an epoch: an epoch passes over the training clips as often as comes
            nearest to it, and at least once. A number of epochs then takes about as long on few recordings as on many.
        seed: seed of the order of the training clips. The order depends on the seed and the epoch alone, so that a
            resumed run sees the same batches as an uninterrupted one.
        unknown: words to leave out of training, such as ``isl.data.splits.unknown.Fold``; None leaves none out.
        background: clips of other signs, added to every training batch; None adds none. The labels of their signs
            follow those of the words.
        elsewhere: clips of another folder, which only test: ``isl.data.elsewhere.TestFolder``; None for no such folder.
    """

    def __init__(
        self,
        source: ClipSource,
        split: Splitter,
        batch_size: int = 32,
        epoch_clips: int = 1,
        seed: int = 0,
        unknown: Callable[[list[str]], list[str]] | None = None,
        background: Background | None = None,
        elsewhere: ClipSource | None = None,
    ) -> None:
        super().__init__()
        self.source = source
        self.splitter = split
        self.batch_size = whole(batch_size, "batch_size", least=1)
        self.epoch_clips = whole(epoch_clips, "epoch_clips", least=1)
        self.seed = whole(seed, "seed")
        self.face = True
        self.resident: ResidentClips | None = None  # the clips on a GPU: see place_on
        self.preparation: Preparation | None = None  # of training batches, where a training sets it
        self._clips: Clips | None = None
        self._split: Split | None = None
        self._choose_unknown = unknown
        self._unknown_words: list[str] = []
        self._unknown: Indices = np.empty(0, np.int64)
        self._background = background
        self._signs: list[str] = []
        self._others: Indices = np.empty(0, np.int64)  # clips of the background, those on no side too
        self._sides = Sides(*[self._others] * 3)
        self._test_folder = elsewhere
        self._count = 0  # of the words; in `Clips.words` they come first
        self.elsewhere: Indices = np.empty(0, np.int64)  # clips of words in the test folder
        self.strange: Indices = np.empty(0, np.int64)  # its clips of other signs

    def setup(self, stage: str | None = None) -> None:
        """Read the clips and divide them, once for all stages."""
        if self._split is None:
            self._clips = self.source.load()
            self._split = self.splitter(self._clips)
            words, self._count = self._clips.words, len(self._clips.words)
            if self._background:
                self._clips = self._with_background(self._clips, self._background)
            if self._choose_unknown:
                self._unknown_words = self._choose_unknown(words)
                self._clips, self._split, self._unknown = left_out(self._clips, self._split, self._unknown_words, words)
                self._count -= len(self._unknown_words)
            if self._test_folder:
                others = self._test_folder.load()
                self._clips, self.elsewhere, self.strange = appended(
                    self._clips, others, self._clips.words[: self._count]
                )
            for warning in self._split.warnings:
                console.err.print(Text(f"split: {warning}", "yellow"), soft_wrap=True)

    def _with_background(self, clips: Clips, background: Background) -> Clips:
        """Returns the clips of words, followed by those of other signs."""
        others = background.load(clips.words)
        sides = background.divide(others)
        self._sides = Sides(*(side + len(clips) for side in (sides.train, sides.val, sides.test)))
        joined = join(clips, others)
        self._others = np.arange(len(clips), len(joined))
        self._signs = joined.words[len(clips.words) :]
        return joined

    @property
    def clips(self) -> Clips:
        self.setup()
        assert self._clips is not None
        return self._clips

    @property
    def words(self) -> list[str]:
        """The vocabulary in the order of the labels, without the words that were left out."""
        return self.clips.words[: self._count]

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
        """Test clips of the words that were left out of training; empty if none were."""
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
        """Returns the same data without validation clips: these, and the whole background, are training clips."""
        split, other = self.split, copy(self)
        protocol = f"{split.protocol}; in the end trained on the validation clips too"
        train, none = np.union1d(split.train, split.val), np.empty(0, np.int64)
        other._split = replace(split, train=train, val=none, protocol=protocol)
        other._sides = Sides(self._others, none, none)  # nothing has to be held out: see isl.training.refit
        return other

    def place_on(self, device: torch.device) -> None:
        """Copy the clips to ``device`` if it is a GPU with room for them; batches then come from there."""
        if fits(self.clips, self.face, device):
            self.resident = ResidentClips(self.clips, self.face, device)

    def changed(self) -> bool:
        """Returns True if a file of the dataset or of the background was changed since it was read."""
        return any_changed([self.source, self._background])

    def count_in(self, words: list[str]) -> None:
        """Change the labels to indices into ``words``, another vocabulary that contains all words of the clips."""
        index = {spelling(word): i for i, word in enumerate(words)}
        rest = [word for word in self.clips.words if spelling(word) not in index]
        index |= {spelling(word): i for i, word in enumerate(rest, len(words))}
        place = np.array([index[spelling(word)] for word in self.clips.words], np.int64)
        self._clips = replace(self.clips, words=[*words, *rest], label=place[self.clips.label])
        self._count = len(words)
        tested = np.sort(np.concatenate([self.elsewhere, self.strange]))
        of_words = self._clips.label[tested] < self._count  # a sign of the test folder may be an old word
        self.elsewhere, self.strange = tested[of_words], tested[~of_words]

    def train_dataloader(self) -> DataLoader[Batch] | ResidentLoader:
        words, others = self._repeated(self.split.train), self.background.train
        passes = max(round(self.epoch_clips / len(words)), 1)
        order = EpochOrder(len(words), self.seed, passes)
        if not len(others):
            return self._loader(words, order, preparation=self.preparation)
        assert self._background is not None
        extra = self._background.extra(self.batch_size)
        _, sign, count = np.unique(self.clips.label[others], return_inverse=True, return_counts=True)
        mixed = MixedOrder(order, self.batch_size, extra, 1 / np.sqrt(count[sign]))
        both = np.concatenate([words, others])
        return self._loader(both, mixed, self.batch_size + extra, self.preparation)

    def word_counts(self) -> Indices:
        """Returns how often an epoch has each word, (words,)."""
        return np.bincount(self.clips.label[self._repeated(self.split.train)], minlength=self._count)

    def _repeated(self, indices: Indices) -> Indices:
        """Returns the indices, each repeated as the columns "times" and "share" require."""
        columns, counts = self.clips.columns, np.ones(len(indices), np.int64)
        if TIMES in columns:
            times = [columns[TIMES][i] for i in indices]
            if strange := [text for text in times if text and not text.isdecimal()]:
                raise InputError(f"clips.csv: {TIMES} is {strange[0]!r}; give whole numbers, or leave it empty")
            counts = np.array([int(text or 1) for text in times], np.int64)
        if SHARE in columns:
            counts = counts * repeats([columns[SHARE][i] for i in indices])
        return np.repeat(indices, counts)

    def val_dataloader(self) -> DataLoader[Batch] | ResidentLoader:
        return self._loader(self.split.val)

    def test_dataloader(self) -> DataLoader[Batch] | ResidentLoader:
        return self._loader(self.split.test)

    def loader_of(self, indices: Indices) -> DataLoader[Batch] | ResidentLoader:
        """Returns a loader of the clips at ``indices``, in order; labels of other signs lie beyond the vocabulary."""
        return self._loader(indices)

    def _loader(
        self,
        indices: Indices,
        order: Sampler[int] | None = None,
        batch_size: int | None = None,
        preparation: Preparation | None = None,
    ) -> DataLoader[Batch] | ResidentLoader:
        if self.resident is not None:
            return ResidentLoader(self.resident, indices, batch_size or self.batch_size, order, preparation)
        return _Loader(
            _Gathered(self.clips, indices, self.face, preparation),
            batch_size=batch_size or self.batch_size,
            sampler=order,
            collate_fn=_as_it_is,  # type: ignore[arg-type]
            generator=torch.Generator(),  # its own, so that loading does not change the global random state
        )


class _Gathered(Dataset[Batch]):
    """Some of the clips. ``__getitems__`` is torch's hook for a dataset that fetches a whole batch at once."""

    def __init__(self, clips: Clips, indices: Indices, face: bool, preparation: Preparation | None) -> None:
        self.clips, self.indices, self.face, self.preparation = clips, indices, face, preparation

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, place: int) -> Batch:
        return self.__getitems__([place])

    def __getitems__(self, places: list[int]) -> Batch:
        return self.clips.batch(self.indices[places], self.face)


class _Loader(DataLoader[Batch]):
    """Loads batches of ``_Gathered`` clips, and prepares them. Lightning may build it anew from its arguments."""

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        assert isinstance(self.dataset, _Gathered)
        batches = super().__iter__()
        return self.dataset.preparation.of(batches) if self.dataset.preparation else batches


def _as_it_is(batch: Batch) -> Batch:
    return batch
