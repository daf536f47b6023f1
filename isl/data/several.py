"""Recordings from several sources as one dataset, with the words of the first source."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from isl.config.build import build
from isl.config.options import positive
from isl.data.clips import SHARE, Clips, any_changed, check_folders, join, only
from isl.data.vocabulary import spelling
from isl.errors import InputError


class SeveralClips:
    """The clips of the first source, and those clips of the other sources that show the same words.

    Words are compared by their spelling; clips of other words are left out.

    Args:
        sources: the sources by name, in order, each a ``_target_`` with its arguments; None switches a source off.
        root, rooms: folders that the sources' configs refer to.
        shares: part of an epoch that is of a source, by its name, whatever the number of its training clips. The clips
            of a source that has too few are repeated. None: every clip occurs once.
        help: instructions for getting the first source, printed if it is missing.
    """

    def __init__(
        self,
        sources: dict[str, dict[str, Any] | None],
        root: str | None = None,
        rooms: str | None = None,
        shares: dict[str, float] | None = None,
        help: str = "",
    ) -> None:
        chosen = {name: source for name, source in sources.items() if source}
        if not chosen:
            raise InputError("data.sources: all are null; name at least one")
        if not root:
            raise InputError(f"data.root= is not set: name the folder of isl18's words\n{help.strip()}")
        self.sources = [build(source) for source in chosen.values()]
        self.shares: list[str] = []  # of each source, as in the column
        for name in chosen if shares else ():
            if name not in (shares or {}):
                raise InputError(f"data.shares: {name} has none; give data.shares.{name}, its part of an epoch")
            self.shares.append(f"{name} {positive((shares or {})[name], f'data.shares.{name}')}")

    def check(self) -> None:
        """Raises ``InputError`` if a folder is missing."""
        check_folders(*self.sources)

    def load(self) -> Clips:
        loaded = [source.load() for source in self.sources]
        for i, share in enumerate(self.shares):
            loaded[i] = replace(loaded[i], columns=loaded[i].columns | {SHARE: [share] * len(loaded[i])})
        first, *others = loaded
        words = {spelling(word) for word in first.words}
        shared = [np.array([spelling(word) in words for word in part.words], bool)[part.label] for part in others]
        return join(first, *(only(part, mask) for part, mask in zip(others, shared, strict=True) if mask.any()))

    def changed(self) -> bool:
        """Returns True if a file of one of the sources was changed, added or removed since ``load``."""
        return any_changed(self.sources)
