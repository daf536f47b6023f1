"""The sides of a split: how clips are divided, by word at random or by whole groups, and whether the result serves."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from isl.data.clips import Clips
from isl.data.groups import Indices, copies
from isl.errors import InputError


@dataclass(frozen=True)
class Split:
    """Indices into the clips, each ordered. ``train``, ``val`` and ``test`` have no clip in common: only
    ``isl.data.splits.Undivided`` has all clips in each, and says so wherever its protocol is read.
    """

    train: Indices
    val: Indices
    test: Indices
    protocol: str  # how it was made, in one sentence for the report
    fold: int | None = None
    warnings: list[str] = field(default_factory=list)  # what the user should know about it, a line each


def apart(clips: Clips, among: Indices, share: float, rng: np.random.Generator) -> tuple[Indices, Indices]:
    """``among`` as two parts, the second one with ``share`` of every word at random; copies stay together.

    A word with two or more different clips has at least one in each part. What rounding takes from a word is given to
    the next one, so that the whole is near ``share`` too.
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
    """The groups put together to ``count`` folds: the largest first, each to where its words are rarest so far."""
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
    """The split with warnings about its words and copies, or an ``InputError`` where it can't serve."""
    count = np.bincount(clips.label, minlength=len(clips.words))
    if lonely := [clips.words[label] for label in np.flatnonzero(count == 1)]:
        raise InputError(
            f"{listed(lonely)}: one clip that can be read; a word needs two, to train on one and test on the other: "
            "record more, choose other words by data.words=, or type split=none, which only shows that all of it runs"
        )
    for side, purpose in {"train": "train", "val": "validate", "test": "test"}.items():
        if len(getattr(split, side)) == 0 and not (side == "val" and without_val):
            raise InputError(
                f"no clip to {purpose} on: {len(clips)} clips are too few; a word needs three different ones"
            )
    trained, validated, tested = (set(clips.label[side].tolist()) for side in (split.train, split.val, split.test))

    def named(labels: Iterable[int]) -> str:
        return listed([clips.words[label] for label in sorted(labels)])

    if unknown := (tested | validated) - trained:
        flag, advice = "this split", "record more of them, or choose other words by data.words="
        if split.fold is not None:
            flag = f"split.fold={split.fold}"
            advice = "record them in another group, choose other words by data.words=, or split=stratified"
        raise InputError(f"{flag}: no clip to train on of {named(unknown)}, as all are held out; {advice}")
    warnings = list(split.warnings)
    if untrained := set(range(len(clips.words))) - trained:
        warnings.append(f"neither trained nor tested, as no clip is left: {named(untrained)}")
    if untested := trained - tested:
        warnings.append(f"no test clip of {named(untested)}")
    leader = copies(clips)
    if two := int((clips.label[leader] != clips.label).sum()):
        warnings.append(f"{two} clips are copies of another word's clip, such as {_first_copy(clips, leader)}")
    side_of = np.full(len(clips), -1)
    for k, indices in enumerate((split.train, split.val, split.test)):
        side_of[indices] = k
    used = side_of >= 0
    sides = [
        set(side_of[used & (leader == first)].tolist()) for first in np.unique(leader[leader != np.arange(len(leader))])
    ]
    if crossing := sum(len(side) > 1 for side in sides):
        warnings.append(f"{crossing} clips have copies on another side of this split: its test flatters")
    return replace(split, warnings=warnings)


def _first_copy(clips: Clips, leader: Indices) -> str:
    i = int(np.flatnonzero(clips.label[leader] != clips.label)[0])
    return f"{clips.name[i]} of {clips.name[leader[i]]}"


def listed(names: Sequence[str], most: int = 6) -> str:
    return ", ".join(names[:most]) + (f" and {len(names) - most} more" if len(names) > most else "")
