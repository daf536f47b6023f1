"""Grouping of clips by signer, session or recording burst, and of a clip with its copies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from isl.data.clips import Clips
from isl.errors import InputError

Indices = npt.NDArray[np.int64]
CAMERA_NUMBER = re.compile(r"MVI_(\d+)", re.IGNORECASE)


class Grouping(NamedTuple):
    """A way to group clips, and the groups that it gives."""

    kind: str  # kind of a group, in words
    flag: str  # option that chose it
    groups: list[str]  # (N,): group of each clip


def by_column(clips: Clips, column: str) -> list[str]:
    """Returns each clip's entry in a column of ``clips.csv``, (N,).

    Raises:
        InputError: there is no such column, or it is empty for a clip.
    """
    if column not in clips.columns:
        names = ", ".join(sorted(clips.columns)) or "none"
        raise InputError(
            f"split.column={column}: the clips have no such column (there are: {names}); "
            "add it to clips.csv, or catch the signer in the clips' names by data.group= or split.pattern="
        )
    groups = clips.columns[column]
    _complete(clips, [group or None for group in groups], f"split.column={column}", "fill in clips.csv")
    return groups


def by_pattern(clips: Clips, pattern: str, flag: str = "split.pattern") -> list[str]:
    """Returns the group of each clip, (N,), by a regular expression that is searched in its name (without the word).

    The group is the text of the first pair of parentheses, or the whole match if there is none. With two or more
    named groups ``(?P<name>...)`` it is the name of the one that matched. Errors name the pattern by ``flag``.

    Raises:
        InputError: ``pattern`` is not a regular expression, or does not match a clip.
    """
    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise InputError(f"{flag}={pattern}: not a regular expression: {error}") from None

    def group(name: str) -> str | None:
        match = expression.search(name.partition("/")[2])
        if match is None:
            return None
        if len(expression.groupindex) > 1:
            return next((key for key in expression.groupindex if match[key] is not None), None)
        return match[min(1, expression.groups)]

    groups = [group(name) for name in clips.name]
    return _complete(clips, groups, f"{flag}={pattern}", "widen it")


def by_burst(clips: Clips, gap: int) -> list[str]:
    """Returns the recording burst of each clip, (N,): takes of one word with consecutive camera numbers (MVI_1234).

    A gap of more than ``gap`` starts another burst. Bursts are found within each word alone: INCLUDE's cameras counted
    on from word to word and from signer to signer, so that a burst across words would join most of a sitting, and
    numbers of different days are the same.
    """
    numbers = [match[1] if (match := CAMERA_NUMBER.search(name)) else None for name in clips.name]
    flag = f"split.bursts={gap}"
    number = np.array(_complete(clips, numbers, flag, "name clips as INCLUDE does, MVI_<number>"), np.int64)
    groups = [""] * len(clips)
    for label, word in enumerate(clips.words):
        members = np.flatnonzero(clips.label == label)
        members = members[np.argsort(number[members], kind="stable")]
        breaks = np.flatnonzero(np.diff(number[members]) > gap) + 1
        for burst in np.split(members, breaks):
            for i in burst:
                groups[i] = f"{word} {number[burst[0]]}-{number[burst[-1]]}"
    return groups


def _complete(clips: Clips, groups: Sequence[str | None], flag: str, remedy: str) -> list[str]:
    without = [name for name, group in zip(clips.name, groups, strict=True) if group is None]
    if without:
        raise InputError(f"{flag}: no group for {len(without)} of {len(clips)} clips, such as {without[0]}; {remedy}")
    return [group for group in groups if group is not None]


def copies(clips: Clips) -> Indices:
    """Returns for each clip the first clip with the same frames, (N,): the clip itself if it has no copy."""
    first: dict[str, int] = {}
    return np.array([first.setdefault(digest, i) for i, digest in enumerate(clips.digest)], np.int64)


def joined(groups: Sequence[str], copy_of: Indices) -> list[str]:
    """Joins groups that hold copies of one clip, (N,); two joined groups are named "a+b"."""
    parent = {group: group for group in groups}

    def root(group: str) -> str:
        while parent[group] != group:
            group = parent[group]
        return group

    for i, first in enumerate(copy_of):
        a, b = sorted((root(groups[i]), root(groups[first])), key=in_order)
        parent[b] = a
    members: dict[str, list[str]] = {}
    for group in sorted(parent, key=in_order):
        members.setdefault(root(group), []).append(group)
    name = {group: "+".join(same) for same in members.values() for group in same}
    return [name[group] for group in groups]


def in_order(group: str) -> list[tuple[int, int, str]]:
    """Returns a sorting key that puts s2 before s10."""
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in re.split(r"(\d+)", group) if part]
