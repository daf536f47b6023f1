"""Recordings from several sources as one dataset, with the words of the first source."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from isl.config.build import build
from isl.config.options import whole
from isl.data.clips import TIMES, Clips, any_changed
from isl.data.joined import join, only
from isl.data.vocabulary import spelling
from isl.errors import InputError


class SeveralClips:
    """The clips of the first source, and those clips of the other sources that show the same words.

    Words are compared by their spelling; clips of other words are left out.

    Args:
        sources: the sources by name, in order, each a ``_target_`` with its arguments; None switches a source off.
        root, rooms: folders that the sources' configs refer to.
        times: number of times that an epoch has each clip of a source, by the source's name; once by default.
        help: instructions for getting the first source, printed if it is missing.
    """

    def __init__(
        self,
        sources: dict[str, dict[str, Any] | None],
        root: str | None = None,
        rooms: str | None = None,
        times: dict[str, int] | None = None,
        help: str = "",
    ) -> None:
        chosen = {name: source for name, source in sources.items() if source}
        if not chosen:
            raise InputError("data.sources: all are null; name at least one")
        if not root:
            raise InputError(f"data.root= is not set: name the folder of isl18's words\n{help.strip()}")
        self.sources = [build(source) for source in chosen.values()]
        self.times = [whole((times or {}).get(name, 1), f"data.times.{name}", 1) for name in chosen]

    def load(self) -> Clips:
        first, *others = [
            replace(clips, columns=clips.columns | {TIMES: [str(times)] * len(clips)})
            for clips, times in zip((source.load() for source in self.sources), self.times, strict=True)
        ]
        words = {spelling(word) for word in first.words}
        shared = [np.array([spelling(word) in words for word in part.words], bool)[part.label] for part in others]
        return join(first, *(only(part, mask) for part, mask in zip(others, shared, strict=True) if mask.any()))

    def changed(self) -> bool:
        """Returns True if a file of one of the sources was changed, added or removed since ``load``."""
        return any_changed(self.sources)
