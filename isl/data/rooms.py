"""Recordings of the same tutorial by many people: a room is one person's set of clips, under one licence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from isl.config.options import whole
from isl.data.cells import read_sheet
from isl.data.clips import Clips, only
from isl.data.folder import FolderClips
from isl.errors import InputError

TABLE = "rooms.csv"
ROOM = r"^([^_]+)_"


class RoomClips:
    """A folder of clips ``<root>/<word>/<room>_<clip>.npy``, with ``<root>/rooms.csv`` (room, licence, ...).

    Args:
        root: the folder.
        words: words to read; all by default.
        least_rooms: smallest number of rooms that must have recorded a word; other words are left out.
        licences: licences of the rooms to read, as ``rooms.csv`` names them; None takes every room.
        leave_out: a regular expression; clips whose ``<word>/<clip>`` matches it are left out, such as the letter
            ``i`` if the word of that name is meant.
        folder: further options of ``isl.data.folder.FolderClips``. Each clip's group is its room.

    Raises:
        InputError: no room has one of the licences, or no clip is left.
    """

    def __init__(
        self,
        root: str | None,
        words: list[str] | None = None,
        least_rooms: int = 1,
        licences: list[str] | None = None,
        leave_out: str | None = None,
        **folder: Any,
    ) -> None:
        self.folder = FolderClips(root, words, group=ROOM, **folder)
        self.least = whole(least_rooms, "data.least_rooms", 1)
        if licences is not None and not (isinstance(licences, (list, tuple)) and licences):
            raise InputError(f"data.licences={licences}: a list such as [MIT,Apache-2.0], or null for every room")
        self.licences = None if licences is None else [str(licence) for licence in licences]
        try:
            self.leave_out = None if leave_out is None else re.compile(str(leave_out))
        except re.error as error:
            raise InputError(f"data.leave_out={leave_out}: not a regular expression: {error}") from None

    def check(self) -> None:
        """Raises ``InputError`` if the folder is missing."""
        self.folder.check()

    def load(self) -> Clips:
        clips = self.folder.load()
        rooms = clips.columns["group"]
        chosen = np.ones(len(clips), bool)
        if self.licences is not None:
            assert self.folder.root is not None
            licence = read_licences(self.folder.root / TABLE)
            licences = sorted(set(licence.values()))
            if strange := [name for name in self.licences if name not in licences]:
                raise InputError(f"data.licences: no room has {', '.join(strange)}; {TABLE} has {', '.join(licences)}")
            chosen &= np.array([licence.get(room) in self.licences for room in rooms])
        if self.leave_out is not None:
            chosen &= np.array([not self.leave_out.search(name) for name in clips.name])
        recorded = {(int(clips.label[i]), rooms[i]) for i in np.flatnonzero(chosen)}
        count = np.bincount([label for label, _ in recorded], minlength=len(clips.words))
        chosen &= (count >= self.least)[clips.label]
        if not chosen.any():
            raise InputError(f"data.root={self.folder.root}: no clip is left; choose more words, rooms or licences")
        return only(clips, chosen)

    def changed(self) -> bool:
        """Returns True if a file of the dataset was changed, added or removed since ``load``."""
        return self.folder.changed()


def read_licences(path: Path) -> dict[str, str]:
    """Returns the licence of each room in a ``rooms.csv``.

    Raises:
        InputError: the table is missing, or has no columns ``room`` and ``licence``.
    """
    if (sheet := read_sheet(path)) is None:
        raise InputError(f"{path}: no such file; data.licences= needs this table (room, licence)")
    if not {"room", "licence"} <= set(sheet.header):
        raise InputError(f"{path}: no columns room and licence; data.licences= needs them")
    return {row.get("room", ""): row.get("licence", "") for row in sheet.rows()}
