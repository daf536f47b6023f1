"""A folder of landmark clips as a dataset."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from isl import console
from isl.config.options import choice, number, whole
from isl.data.cache import cache_folder, place_of, stored
from isl.data.clips import Clips
from isl.data.formats.catalogue import readable
from isl.data.gather import write_clips
from isl.data.layout import ClipPath, find_clips, word_folders
from isl.data.reading_options import parse_read_as
from isl.data.splits.groups import by_pattern
from isl.data.vocabulary import spelling, word_of
from isl.data.walk import LeftOut
from isl.errors import InputError, reason_of
from isl.landmarks import Floats


class FolderClips:
    """The clips below ``root``, in any layout of ``isl.data.layout``; read once, then taken from a cache.

    Args:
        root: the folder of word folders.
        words: words to read; all by default. Case, punctuation and INCLUDE's numbers ("61. Father") don't matter.
        group: a regular expression that finds a clip's group (signer, session) in its name, see
            ``isl.data.splits.groups.by_pattern``. The groups become the clips' column "group".
        unstable: words that are signed with another movement in some groups, so that a network trained on other groups
            cannot learn it. These words are trained and recognised like all others; reports give a score over all words
            and a second one without these.
        without: words to leave out of those chosen.
        min_clips: words with fewer clips are left out, and their names are printed.
        on_error: ``fail`` stops at a clip that can't be read, ``skip`` leaves it out.
        aspect: width over height of the picture, for clips whose aspect is neither in ``clips.csv`` nor in their files;
            1 by default.
        seconds: length in time, for clips whose length is not known otherwise; unknown by default.
        order, mirror, turn, size, centred: reading options for files without this information, see
            ``isl.data.formats.contract.ReadAs``; options that are not given are estimated from the landmarks.
        help: instructions for getting this dataset, printed if it is missing.
        cache: folder of the cache; see ``isl.data.cache.cache_folder``.
    """

    def __init__(
        self,
        root: str | None,
        words: list[str] | None = None,
        group: str | None = None,
        unstable: list[str] | None = None,
        without: list[str] | None = None,
        min_clips: int = 1,
        on_error: str = "fail",
        aspect: float | None = None,
        seconds: float | None = None,
        order: list[str] | None = None,
        mirror: bool = False,
        turn: int = 0,
        size: list[float] | None = None,
        centred: bool = False,
        help: str = "",
        cache: str | None = None,
    ) -> None:
        self.root = Path(str(root)).expanduser() if root else None
        self.words = _word_list(words, "data.words") or None
        if words is not None and self.words is None:
            raise InputError("data.words=[]: a list such as [Doctor,Fever], or null for all words of the folder")
        self.unstable = _word_list(unstable, "data.unstable")
        self.without = _word_list(without, "data.without")
        self.min_clips = whole(min_clips, "data.min_clips", 1)
        self.group = None if group is None else str(group)
        self.skip = choice(on_error, "data.on_error", ("fail", "skip")) == "skip"
        self.aspect = None if aspect is None else number(aspect, "data.aspect", 0.1, 10)
        self.seconds = None if seconds is None else number(seconds, "data.seconds", 0.1, 60)
        self.read_as = parse_read_as(order, mirror, turn, size, centred)
        self.help = help.strip()
        self.cache = cache_folder(cache)
        self._read: tuple[list[str], str] = [], ""  # the words, and the key of their files, when they were read

    def load(self) -> Clips:
        """Read the dataset: from the cache if nothing changed on disk, else clip by clip.

        Raises:
            InputError: the folder is missing, a word is missing or has no clip, the table is malformed, or a clip
                can't be read and isn't skipped.
        """
        try:
            root = self._existing_root()
            words = self._chosen_words(root)
            left_out = LeftOut()
            sources, key = find_clips(root, words, left_out)
            self._read = words, key
            words, sources = self._with_enough_clips(root, words, sources)
        except OSError as error:
            raise InputError(f"{error.filename or self.root}: {reason_of(error)}") from None
        for remark in left_out.lines(root):
            console.print_remark(remark, "data")
        _enough(root, words, [source.word for source in sources])
        identity = f"{key} {self.read_as} {words} {readable()}"
        key = hashlib.sha256(identity.encode("utf-8", "surrogateescape")).hexdigest()[:32]
        place = place_of(self.cache, root, self.words)
        frames, body, facts = stored(place, key, lambda out: write_clips(root, sources, self.read_as, out))
        for remark in facts["remarks"]:
            console.print_remark(remark, "data")
        if facts["unreadable"]:
            self._unreadable(facts["unreadable"], len(sources))
            _enough(root, words, [name.split("/")[0] for name in facts["name"]])
        label = {word: i for i, word in enumerate(words)}
        clips = Clips(
            words=[word_of(word) for word in words],
            frames=frames,
            start=np.concatenate([[0], np.cumsum(facts["length"])]).astype(np.int64),
            label=np.array([label[name.split("/")[0]] for name in facts["name"]], np.int64),
            name=facts["name"],
            aspect=_filled(facts["aspect"], self.aspect or 1.0),
            seconds=_filled(facts["seconds"], self.seconds or math.nan),
            digest=facts["digest"],
            columns=facts["columns"],
            unstable=self._unstable(root, [word_of(word) for word in words]),
            mapped_body=body,
            shapeless=np.array([aspect is None for aspect in facts["aspect"]], bool) if self.aspect is None else None,
        )
        if self.group is None:
            return clips
        return replace(clips, columns=clips.columns | {"group": by_pattern(clips, self.group, "data.group")})

    def check(self) -> None:
        """Raises ``InputError`` if the folder is missing. ``load`` does so too, but needs torch and reads the clips."""
        self._existing_root()

    def changed(self) -> bool:
        """Returns True if a file of the dataset was changed, added or removed since ``load``."""
        words, key = self._read
        try:
            return find_clips(self._existing_root(), words)[1] != key
        except (OSError, InputError):
            return True

    def _existing_root(self) -> Path:
        if self.root is None:
            raise self._with_help("data.root= is not set: name the folder that holds the words' folders")
        if not self.root.is_dir():
            problem = "not a folder" if self.root.exists() else "no such folder"
            raise self._with_help(f"data.root={self.root}: {problem}")
        return self.root

    def _chosen_words(self, root: Path) -> list[str]:
        """Returns the names of the word folders to read, ordered by word."""
        alike: dict[str, list[str]] = {}  # folders by the spelling of their word
        for folder in word_folders(root):
            alike.setdefault(spelling(folder), []).append(folder)
        if not alike:
            left_out = LeftOut()
            find_clips(root, [], left_out)
            loose = "".join(f" ({line})" for line in left_out.lines(root)[:1])
            raise self._with_help(f"data.root={root}: no word folders in it; it needs <word>/<clip>.npy{loose}")
        if unknown := [word for word in self.without if spelling(word) not in alike]:
            raise InputError(f"data.without: no such word in {root}: {', '.join(unknown)}")
        for word in self.without:
            alike.pop(spelling(word), None)
        if not alike:
            raise InputError("data.without: leaves no word; name fewer")
        if self.words is None:
            for same in alike.values():
                if len(same) > 1:  # names that differ only in case, punctuation or Unicode composition
                    names = " and ".join(name if name.isascii() else f"{name!a}" for name in same)
                    console.print_remark(f"{root} has {names} as different words; if they are one, join them", "data")
            return _distinct(root, [folder for same in alike.values() for folder in same])
        if missing := [word for word in self.words if spelling(word) not in alike]:
            count = f"{len(missing)} of {len(self.words)} words"
            raise self._with_help(f"data.root={root}: {count} are not there: {', '.join(missing)}")
        chosen: set[str] = set()
        for word in self.words:
            same = alike[spelling(word)]
            if len(same) > 1 and word not in same:
                names = " or ".join(same)
                raise InputError(f"data.words: {word} may be {names} in {root}; write it as the folder's name")
            chosen.add(word if word in same else same[0])
        return _distinct(root, list(chosen))

    def _with_enough_clips(
        self, root: Path, words: list[str], sources: list[ClipPath]
    ) -> tuple[list[str], list[ClipPath]]:
        """Returns the words with at least ``min_clips`` clips, and their clips; prints the names of the other words."""
        count = Counter(source.word for source in sources)
        few = {word for word in words if count[word] < self.min_clips}
        if self.min_clips == 1 or not few:
            return words, sources
        if len(few) == len(words):
            raise InputError(f"data.min_clips={self.min_clips}: no word in {root} has as many clips; give fewer")
        console.print_remark(f"data: left out, with fewer than {self.min_clips} clips: {', '.join(sorted(few))}")
        return [word for word in words if word not in few], [s for s in sources if s.word not in few]

    def _unstable(self, root: Path, words: list[str]) -> list[str]:
        """Returns the unstable words among ``words``; warns of a name that matches no folder."""
        if not self.unstable:
            return []
        named, in_root = ({spelling(word) for word in names} for names in (self.unstable, word_folders(root)))
        if nowhere := [word for word in self.unstable if spelling(word) not in in_root]:
            console.print_remark(f"data.unstable: no such word in {root}: {', '.join(nowhere)}")
        return [word for word in words if spelling(word) in named]

    def _unreadable(self, reasons: list[str], total: int) -> None:
        if not self.skip:
            count = f"{len(reasons)} of {total} clips can't be read, the first is " if len(reasons) > 1 else ""
            raise InputError(f"{count}{reasons[0]}; data.on_error=skip leaves it out")
        names = "; ".join(reasons[:3]) + ("; ..." if len(reasons) > 3 else "")
        console.print_remark(f"{len(reasons)} of {total} clips skipped: {names}")

    def _with_help(self, problem: str) -> InputError:
        return InputError(problem, f"\n{self.help}" if self.help else "")


def _word_list(value: list[str] | None, flag: str) -> list[str]:
    """Returns a list of words; names of folders such as 7 may come as numbers."""
    if not isinstance(value or [], (list, tuple)):
        raise InputError(f"{flag}={value}: a list such as [Doctor,Fever], or null")
    return [str(word) for word in value or []]


def _distinct(root: Path, folders: list[str]) -> list[str]:
    """Returns the folders ordered by word; raises an ``InputError`` if two of them are of one word."""
    ordered = sorted(sorted(folders), key=word_of)
    for one, other in pairwise(ordered):
        if word_of(one) == word_of(other):
            raise InputError(f"{root}: {one} and {other} are one word; join the two folders")
    return ordered


def _enough(root: Path, words: list[str], listed: list[str]) -> None:
    """Raise an ``InputError`` if a word has no clips. The split checks if they can be divided."""
    if empty := sorted(set(words) - set(listed)):
        need = "it needs <clip>.npy files, made from videos by isl-extract"
        raise InputError(f"{root / empty[0]}: no clip that can be read; {need}")


def _filled(values: list[float | None], otherwise: float) -> Floats:
    return np.array([otherwise if value is None else value for value in values], np.float32)
