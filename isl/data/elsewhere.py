"""Clips of another folder, by other people, that test a run: ``data.test_root``."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from isl import console
from isl.config.build import build
from isl.data.clips import Clips, check_folders, join
from isl.data.folder import FolderClips
from isl.data.splits.groups import Indices, by_pattern
from isl.data.splits.split import listed
from isl.data.vocabulary import spelling
from isl.errors import InputError, renaming

ROOT, GROUP = "test_root", "test_group"
OF_OWN_FOLDER = {  # options that describe the training folder alone, and their values for the other folder
    "words": None,
    "without": None,
    "unstable": None,
    "min_clips": 1,
    "least_rooms": 1,
    "licences": None,
    "group": None,
    "help": "",
}


class TestFolder:
    """The clips below ``data.test_root``, read like those of ``data.root``.

    Args:
        data: the config of the data; ``test_root`` is the folder, and ``test_group`` a regular expression that finds
            the signer in a clip's name. Without it, the signers are those of ``clips.csv`` or of ``data.group``.
    """

    __test__ = False  # pytest collects classes named Test*

    def __init__(self, data: dict[str, Any]) -> None:
        self.root = str(data[ROOT])
        self.group, self.own_group = data.get(GROUP), data.get("group")
        if "root" in data and "sources" not in data:
            chosen = {key: OF_OWN_FOLDER.get(key, value) for key, value in own_options(data).items()}
            self.source = build(chosen | {"root": self.root}, at="data")
        else:
            self.source = FolderClips(self.root)

    def check(self) -> None:
        """Checks that the folder exists and has word folders, without reading a clip."""
        with renaming("data.root", f"data.{ROOT}"):
            check_folders(self.source)

    def load(self) -> Clips:
        """Reads the folder.

        Raises:
            InputError: the folder can't be read, or ``test_group`` does not match a clip.
        """
        with renaming("data.root", f"data.{ROOT}"):
            clips: Clips = self.source.load()
        if self.group is not None:
            return replace(clips, columns=clips.columns | {"group": by_pattern(clips, self.group, f"data.{GROUP}")})
        groups = clips.columns.get("group", [])
        if not (groups and all(groups)) and self.own_group is not None:
            try:
                groups = by_pattern(clips, self.own_group)
            except InputError:  # its clips are named in another way
                groups = []
        if not (groups and all(groups)):
            example = f"\"data.{GROUP}='^([a-z]+)_'\""
            console.print_remark(f"who signs is not known; {example} finds the signer in a clip's name", self.root)
        return replace(clips, columns=clips.columns | {"group": list(groups) or [""] * len(clips)})


def own_options(data: dict[str, Any]) -> dict[str, Any]:
    """Returns the config of the data without the options of the test folder."""
    return {key: value for key, value in data.items() if key not in (ROOT, GROUP)}


def appended(clips: Clips, others: Clips, words: list[str]) -> tuple[Clips, Indices, Indices]:
    """Returns ``clips`` followed by the clips of a test folder, and the indices of the latter: words, other signs.

    Words are compared by their spelling. Clips of the folder that are copies of clips in ``clips`` are left out.

    Args:
        words: the vocabulary, the first of the words of ``clips``.

    Raises:
        InputError: none of the folder's signs is one of the words, or all its clips are copies.
    """
    vocabulary = {spelling(word) for word in words}
    if not any(spelling(sign) in vocabulary for sign in others.words):
        raise InputError(
            f"data.{ROOT}: none of its signs is one of the words; it has {listed(others.words)}, "
            f"the words are {listed(words)}"
        )
    joint = join(clips, others)
    seen = set(clips.digest)
    added = np.arange(len(clips), len(joint))
    new = np.array([joint.digest[i] not in seen for i in added], bool)
    if not new.all():
        count = int((~new).sum())
        console.print_remark(f"data.{ROOT}: {count} clips are copies of clips of data.root, and are left out")
    added = added[new]
    of_words = joint.label[added] < len(words)
    if not of_words.any():
        raise InputError(
            f"data.{ROOT}: all its clips of the words are copies of clips of data.root; name another folder"
        )
    return joint, added[of_words], added[~of_words]
