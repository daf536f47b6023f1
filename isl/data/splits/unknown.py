"""Choice of words to leave out of training, to test if the network rejects signs that it does not know."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from isl.config.options import whole
from isl.data.clips import Clips
from isl.data.splits.groups import Indices
from isl.data.splits.split import Split
from isl.data.vocabulary import spelling
from isl.errors import InputError

LEAST_KNOWN = 2  # least number of words that remain for training


class Listed:
    """The listed words; case and punctuation don't matter."""

    def __init__(self, words: list[str] | None) -> None:
        if not (isinstance(words, (list, tuple)) and words):
            raise InputError(f"unknown.words={words}: a list such as [Doctor,Fever]")
        self.words = [str(word) for word in words]

    def __call__(self, words: list[str]) -> list[str]:
        by_spelling = {spelling(word): word for word in words}
        if missing := [word for word in self.words if spelling(word) not in by_spelling]:
            raise InputError(f"unknown.words: the data have no {', '.join(missing)}; they have {', '.join(words)}")
        return sorted({by_spelling[spelling(word)] for word in self.words})


class Fold:
    """One of ``folds`` random parts of the words, by ``seed``; over all folds each word is left out once."""

    def __init__(self, fold: int = 0, folds: int = 4, seed: int = 0) -> None:
        self.folds = whole(folds, "unknown.folds", 2)
        self.fold = whole(fold, "unknown.fold")
        if fold >= folds:
            raise InputError(f"unknown.fold={fold}: there are {folds} folds, 0 to {folds - 1}")
        self.seed = whole(seed, "unknown.seed")

    def __call__(self, words: list[str]) -> list[str]:
        if self.folds > len(words):
            raise InputError(f"unknown.folds={self.folds}: there are only {len(words)} words")
        drawn = np.random.default_rng(self.seed).permutation(len(words))
        return sorted(words[i] for i in np.array_split(drawn, self.folds)[self.fold])


def left_out(
    clips: Clips, split: Split, words: list[str], vocabulary: list[str] | None = None
) -> tuple[Clips, Split, Indices]:
    """Returns the clips with ``words`` moved to the end, the split without them, and the test clips of ``words``.

    Labels of known words then start at 0, as a network without the unknown words needs them. If ``clips`` include a
    background, ``vocabulary`` names their words; the signs of the background stay behind the known words.

    Raises:
        InputError: too few words are left, or ``words`` have no test clip.
    """
    remaining = [word for word in clips.words if word not in words]
    total = len(vocabulary or clips.words)
    if total - len(words) < LEAST_KNOWN:
        raise InputError(f"unknown: {total - len(words)} of {total} words are left to train on; it takes two or more")
    ordered = remaining + [word for word in clips.words if word in words]
    label = np.array([ordered.index(word) for word in clips.words], np.int64)[clips.label]

    def of_known(side: Indices) -> Indices:
        return side[label[side] < len(remaining)]

    unknown = split.test[label[split.test] >= len(remaining)]
    if not len(unknown):
        raise InputError(f"unknown: no test clip of {', '.join(words)}; choose others, or another split")
    unstable = [word for word in clips.unstable if word in remaining]
    rest = replace(split, train=of_known(split.train), val=of_known(split.val), test=of_known(split.test))
    return replace(clips, words=ordered, label=label, unstable=unstable), rest, unknown
