"""The sides of a split: division by word at random or by whole groups, and checks of the result."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from isl.data.clips import Clips
from isl.data.splits.groups import Indices, copies
from isl.errors import InputError

TENTH = 0.1  # share of the clips that validates, and that tests


@dataclass(frozen=True)
class Split:
    """Indices into the clips, each ordered. ``train``, ``val`` and ``test`` have no clip in common. The exception is
    ``isl.data.splits.splitters.Undivided``, which has all clips in each; its protocol states this.
    """

    train: Indices
    val: Indices
    test: Indices
    protocol: str  # description of the split, in one sentence for the report
    fold: int | None = None
    warnings: list[str] = field(default_factory=list)  # warnings for the user, a line each
    tested: str = ""  # test groups, if groups were divided: "s2", "signer01 and signer04"
    groups: list[str] = field(default_factory=list)  # (N,): group of each clip, if groups were divided


def apart(clips: Clips, among: Indices, share: float, rng: np.random.Generator) -> tuple[Indices, Indices]:
    """Divides ``among`` into two parts, the second with ``share`` of every word at random; copies stay together.

    A word with two or more different clips has at least one in each part. The rounding error of a word is carried over
    to the next one, so that the share of all clips is near ``share`` too.
    """
    leader = copies(clips)[among]
    units = np.unique(leader)
    taken: list[int] = []
    carry = 0.0
    for label in range(len(clips.words)):
        own = rng.permutation(units[clips.label[units] == label])
        if len(own) > 1:
            wanted = len(own) * share + carry
            count = min(max(round(wanted), 1), len(own) - 1)
            carry = min(max(wanted - count, -0.5), 0.5)
            taken += own[:count].tolist()
    apart = np.isin(leader, taken)
    return among[~apart], among[apart]


def balanced(clips: Clips, members: dict[str, Indices], count: int, rng: np.random.Generator) -> list[list[str]]:
    """Combines groups to ``count`` folds: the largest first, each to the fold where its words are rarest so far."""
    words = len(clips.words)
    total = np.maximum(np.bincount(clips.label, minlength=words), 1)
    shuffled = [list(members)[i] for i in rng.permutation(len(members))]
    folds: list[list[str]] = [[] for _ in range(count)]
    inside = np.zeros((count, words))  # clips of each word in each fold
    for group in sorted(shuffled, key=lambda group: -len(members[group])):
        own = np.bincount(clips.label[members[group]], minlength=words)
        crowd = inside @ (own / total)  # (folds,)
        best = int(np.lexsort((inside.sum(1), crowd))[0])
        folds[best].append(group)
        inside[best] += own
    return folds


def checked(clips: Clips, split: Split, without_val: bool = False) -> Split:
    """Returns the split with warnings about its words and copies; raises an ``InputError`` if it can't be used."""
    _enough_clips(clips, split, without_val)
    _every_word_trained(clips, split)
    return replace(split, warnings=[*split.warnings, *_idle_words(clips, split), *_copies_apart(clips, split)])


def _enough_clips(clips: Clips, split: Split, without_val: bool) -> None:
    """Raise an ``InputError`` unless each word has two clips and each side has one."""
    count = np.bincount(clips.label, minlength=len(clips.words))
    if lonely := np.flatnonzero(count == 1).tolist():
        raise InputError(
            f"{_named(clips, lonely)}: one clip that can be read; a word needs two, to train on one and test on the "
            "other: record more, choose other words by data.words=, or train without a test by experiment=own_words"
        )
    sides = {"train": split.train, "validate": split.val, "test": split.test}
    if without_val:
        del sides["validate"]
    if empty := [purpose for purpose, side in sides.items() if len(side) == 0]:
        raise InputError(f"no clip to {empty[0]} on: {len(clips)} clips are too few; a word needs three different ones")


def _every_word_trained(clips: Clips, split: Split) -> None:
    """Raise an ``InputError`` if a word of the validation or test clips has no training clip."""
    if unknown := (_labels(clips, split.test) | _labels(clips, split.val)) - _labels(clips, split.train):
        flag, advice = "this split", "record more of them, or choose other words by data.words="
        if split.fold is not None:
            flag = f"split.fold={split.fold}"
            advice = "record them in another group, choose other words by data.words=, or split=stratified"
        raise InputError(f"{flag}: no clip to train on of {_named(clips, unknown)}, as all are held out; {advice}")


def _idle_words(clips: Clips, split: Split) -> Iterator[str]:
    """Yields warnings of words that are not on every side."""
    trained = _labels(clips, split.train)
    if untrained := set(range(len(clips.words))) - trained:
        yield f"neither trained nor tested, as no clip is left: {_named(clips, untrained)}"
    if untested := trained - _labels(clips, split.test):
        yield f"no test clip of {_named(clips, untested)}"


def _copies_apart(clips: Clips, split: Split) -> Iterator[str]:
    """Yields warnings of copies under another word, and of copies on another side."""
    leader = copies(clips)
    if len(strange := np.flatnonzero(clips.label[leader] != clips.label)):
        first = f"{clips.name[strange[0]]} of {clips.name[leader[strange[0]]]}"
        yield f"{len(strange)} clips are copies of another word's clip, such as {first}"
    train, val, test = (set(leader[side].tolist()) for side in (split.train, split.val, split.test))
    if crossing := (train & val) | (train & test) | (val & test):
        yield f"{len(crossing)} clips have copies on another side of this split: its test flatters"


def _labels(clips: Clips, indices: Indices) -> set[int]:
    return set(clips.label[indices].tolist())


def _named(clips: Clips, labels: Iterable[int]) -> str:
    return listed([clips.words[label] for label in sorted(labels)])


def listed(names: Sequence[str], most: int = 6) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
