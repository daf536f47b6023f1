"""Splits: division of clips into those that train, those that choose the checkpoint, and those that test it.

A split is called with the clips and returns their indices. No clip, no copy of it and, if groups are known, no group
is on two sides. The exception is ``Undivided``, which is not a valid test.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import numpy as np

from isl.config.options import whole
from isl.data.clips import Clips
from isl.data.splits.groups import Grouping, Indices, by_burst, by_column, by_pattern, copies, in_order, joined
from isl.data.splits.published import ClipFinder, entries_of, gives_split, split_by_table
from isl.data.splits.split import TENTH, Split, apart, balanced, checked, listed
from isl.errors import InputError

MANY = 6  # up to so many groups are listed by name


class Stratified:
    """80/10/10 of every word at random. Both sides have takes of one signer and minute: see ``Grouped``."""

    def __init__(self, seed: int = 0) -> None:
        self.seed = whole(seed, "split.seed")

    def __call__(self, clips: Clips) -> Split:
        rng = np.random.default_rng(self.seed)
        train, test = apart(clips, np.arange(len(clips)), TENTH, rng)
        train, val = apart(clips, train, TENTH / (1 - TENTH), rng)
        protocol = (
            "80/10/10 of every word at random; takes of one signer and session are on both sides, "
            "so that new signers will be recognised less well than this test says"
        )
        return checked(clips, Split(train, val, test, protocol))


class _Folds(NamedTuple):
    """Groups and the folds that hold them out in turn."""

    grouping: Grouping
    members: dict[str, Indices]  # clips of each group; copies are in the group of the first copy
    fixed: set[str]  # groups that can only be trained on
    held: list[list[str]]  # the test groups of each fold


class Grouped:
    """Hold out whole groups of clips: signers, sessions, recording bursts.

    One of these arguments defines the groups:

    - ``pattern``: a regular expression on the clip's name, see ``isl.data.splits.groups.by_pattern``;
    - ``column``: a column of ``clips.csv``; "group" if no argument is given;
    - ``bursts``: the gap in INCLUDE's MVI numbers that starts another recording.

    Fold ``fold`` tests on the group with this index, from 0: groups are in the order of the pattern's named groups,
    else by name. With ``folds`` the groups are first combined to that many folds with similar words (five by default
    with ``bursts``, as bursts are many). A group that has all clips of a word is only used for training.
    """

    def __init__(
        self,
        fold: int = 0,
        folds: int | None = None,
        pattern: str | None = None,
        column: str | None = None,
        bursts: int | None = None,
        seed: int = 0,
    ) -> None:
        chosen = {"pattern": pattern, "column": column, "bursts": bursts}
        if len(named := [f"split.{key}=" for key, value in chosen.items() if value is not None]) > 1:
            raise InputError(f"{' and '.join(named)}: choose one of them")
        self.fold = whole(fold, "split.fold")
        self.bursts = None if bursts is None else whole(bursts, "split.bursts", 1)
        self.folds = (5 if bursts is not None else None) if folds is None else whole(folds, "split.folds", 2)
        self.pattern = None if pattern is None else str(pattern)
        self.column = "group" if column is None else str(column)
        self.seed = whole(seed, "split.seed")

    def __call__(self, clips: Clips) -> Split:
        rng = np.random.default_rng(self.seed)
        (kind, flag, groups), members, fixed, folds = self._folds(clips, rng)
        count = len(folds)
        if self.fold >= count:
            raise InputError(f"split.fold={self.fold}: there are {count} folds, 0 to {count - 1} ({flag})")

        held = folds[self.fold]
        test = _together(members, held)
        rest = {group: clip for group, clip in members.items() if group not in held}
        chosen = _validation_groups(clips, rest, fixed, rng) if len(members) > 2 else []
        if chosen:
            val = _together(members, chosen)
            train = np.setdiff1d(_together(rest, rest), val)
            how = _groups_in_words(chosen)
        else:
            train, val = apart(clips, _together(rest, rest), TENTH, rng)
            how = "a tenth of the same groups' clips, by word"
        protocol = (
            f"by group ({kind}), fold {self.fold} of {count}: tested on {_groups_in_words(held)}, trained on "
            f"{_groups_in_words([group for group in rest if group not in chosen])}, validated on {how}"
        )
        warnings = []
        if fixed:
            only = sorted({clips.words[label] for group in fixed for label in clips.label[members[group]]})
            warnings.append(f"never tested, as all their clips are one group: {listed(only)}")
        tested = _groups_in_words(held)
        if len(held) > MANY:
            tested = f"fold {self.fold}, {len(held)} groups"  # tables of many runs tell folds by this text
        return checked(clips, Split(train, val, test, protocol, self.fold, warnings, tested, groups))

    def count(self, clips: Clips) -> int:
        """Returns the number of folds: the number of groups that can be held out, or ``folds``."""
        return len(self._folds(clips, np.random.default_rng(self.seed)).held)

    def _folds(self, clips: Clips, rng: np.random.Generator) -> _Folds:
        grouping = self._grouping(clips)
        groups = joined(grouping.groups, copies(clips))
        names, inverse = np.unique(groups, return_inverse=True)
        own = {str(group): np.flatnonzero(inverse == k) for k, group in enumerate(names)}
        members = {group: own[group] for group in self._ordered(set(groups))}
        fixed = _only_to_train_on(clips, members)
        free = {group: clip for group, clip in members.items() if group not in fixed}
        if len(free) < 2:
            few = f"{len(fixed)} of {len(members)} groups are all that their words have"
            reason = "all clips are one group" if len(members) == 1 else few
            raise InputError(
                f"{grouping.flag}: {reason}, so that none can be held out; change it, or type split=stratified"
            )
        if self.folds is None:
            return _Folds(grouping, members, fixed, [[group] for group in free])
        if self.folds > len(free):
            raise InputError(f"split.folds={self.folds}: there are only {len(free)} groups ({grouping.flag})")
        return _Folds(grouping, members, fixed, balanced(clips, free, self.folds, rng))

    def _grouping(self, clips: Clips) -> Grouping:
        if self.pattern is not None:
            pattern = f"split.pattern={self.pattern}"
            return Grouping("from the clips' names", pattern, by_pattern(clips, self.pattern))
        if self.bursts is not None:
            return Grouping("recording bursts", f"split.bursts={self.bursts}", by_burst(clips, self.bursts))
        return Grouping(f"column {self.column}", f"split.column={self.column}", by_column(clips, self.column))

    def _ordered(self, groups: set[str]) -> list[str]:
        named = list(re.compile(self.pattern).groupindex) if self.pattern is not None else []
        return sorted(groups, key=lambda group: (named.index(group) if group in named else len(named), in_order(group)))


class Auto:
    """The table's own split; else ``Grouped`` if ``pattern`` or the column "group" gives every clip's group;
    else ``Stratified``.
    """

    def __init__(self, fold: int = 0, folds: int | None = None, pattern: str | None = None, seed: int = 0) -> None:
        self.grouped = Grouped(fold, folds, pattern, seed=seed)
        self.stratified = Stratified(seed)

    def __call__(self, clips: Clips) -> Split:
        if self.grouped.pattern is None and self.grouped.fold == 0 and gives_split(clips):
            return split_by_table(clips, np.random.default_rng(self.stratified.seed))
        groups = clips.columns.get("group", [])
        grouped = self.grouped.pattern is not None or (len(set(groups)) > 1 and all(groups))
        return self.grouped(clips) if grouped else self.stratified(clips)


class Undivided:
    """Every clip on every side: a check that everything runs, with any number of clips. Its score is not a test."""

    def __call__(self, clips: Clips) -> Split:
        everything = np.arange(len(clips))
        protocol = (
            "NOT DIVIDED: tested on the very clips that it was trained on; "
            "this score says nothing but that the pipeline runs"
        )
        warning = "these are scores of training clips, and no test"
        return Split(everything, everything, everything, protocol, warnings=[warning])


class Official:
    """The published split of a dataset: text files with one clip per line, or the column ``split`` of its table.

    A line is ``Category/61. Father/MVI_3912.MOV``, as in INCLUDE, or ``<word>/<clip>``; case, numbers before words
    and suffixes don't matter. Without a list ``val``, a tenth of the training clips validates.
    """

    def __init__(
        self, train: str | None = None, test: str | None = None, val: str | None = None, seed: int = 0
    ) -> None:
        if (train or test or val) and not (train and test):
            raise InputError("split=official: name the lists, split.train=<file> split.val=<file> split.test=<file>")
        self.lists = {"train": train, "val": val, "test": test}
        self.seed = whole(seed, "split.seed")

    def __call__(self, clips: Clips) -> Split:
        if not self.lists["train"]:
            return split_by_table(clips, np.random.default_rng(self.seed))
        find = ClipFinder(clips)
        sides: dict[str, Indices] = {}
        taken: dict[int, str] = {}
        listed = 0
        for side, path in self.lists.items():
            entries = entries_of(path, side) if path else []
            listed += len(entries)
            sides[side] = np.array(sorted({i for i in map(find, entries) if i is not None}), np.int64)
            for i in sides[side]:
                if taken.setdefault(int(i), side) != side:
                    raise InputError(f"split.{side}={path}: {clips.name[i]} is in the list {taken[int(i)]} too")
            if path and len(sides[side]) == 0:
                raise InputError(
                    f"split.{side}={path}: none of its {len(entries)} clips is among the {len(clips)} there"
                )
        warnings = []
        if listed > len(taken):
            warnings.append(f"{listed - len(taken)} of {listed} listed clips are not there")
        if len(taken) < len(clips):
            warnings.append(f"{len(clips) - len(taken)} of {len(clips)} clips are in no list and left out")
        if self.lists["val"] is None:
            sides["train"], sides["val"] = apart(clips, sides["train"], TENTH, np.random.default_rng(self.seed))
        names = ", ".join(Path(path).name for path in self.lists.values() if path)
        protocol = f"as the dataset's publishers list it ({names}); signers may be on both sides"
        return checked(clips, Split(sides["train"], sides["val"], sides["test"], protocol, None, warnings))


def _only_to_train_on(clips: Clips, members: dict[str, Indices]) -> set[str]:
    """Returns groups that have all clips of each of their words; as test groups they would leave no training clips."""
    total = np.bincount(clips.label, minlength=len(clips.words))
    counts = {group: np.bincount(clips.label[own], minlength=len(total)) for group, own in members.items()}
    return {group for group, count in counts.items() if (count[count > 0] == total[count > 0]).all()}


def _validation_groups(clips: Clips, rest: dict[str, Indices], fixed: set[str], rng: np.random.Generator) -> list[str]:
    """Returns groups of about a tenth of ``rest``, perhaps none; every word keeps training clips."""
    free = {group: own for group, own in rest.items() if group not in fixed}
    if not free:
        return []
    target = TENTH * sum(map(len, rest.values()))
    tenths = balanced(clips, free, min(len(free), round(1 / TENTH)), rng)
    tenths.sort(key=lambda groups: abs(sum(len(free[group]) for group in groups) - target))
    left = np.bincount(clips.label[_together(rest, rest)], minlength=len(clips.words))
    needed = left > 0
    chosen: list[str] = []
    size = 0
    for group in (group for tenth in tenths for group in tenth):
        own = np.bincount(clips.label[free[group]], minlength=len(left))
        if size < target and (left - own)[needed].all():
            chosen.append(group)
            left = left - own
            size += len(free[group])
    return chosen


def _groups_in_words(groups: list[str]) -> str:
    return ", ".join(sorted(groups, key=in_order)) if len(groups) <= MANY else f"{len(groups)} of them"


def _together(members: dict[str, Indices], groups: Iterable[str]) -> Indices:
    """Returns the clips of ``groups``, ordered."""
    return np.sort(np.concatenate([members[group] for group in groups]))
