"""Finds the clips in a dataset's folder and reads them. These layouts may be mixed:

``<root>/<word>/<clip>.npy``               one file per clip, (frames, 1662), or any format of isl.data.formats
``<root>/<word>/<clip>/frame_<i>.npy``     one file per frame, (1662,), as the Insignia notebook writes them
``<root>/<word>/<clip>/<i>.npy``           the same with plain numbers: the tutorials' ``MP_Data``
``<root>/<any>.json``, ``.csv``, ``.h5``   one file with many clips and their words; see isl.data.collections
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from isl.data.collections import collected
from isl.data.formats.catalogue import AGAIN, read_raw, suffixes
from isl.data.formats.contract import AS_STORED, Array, RawClip, ReadAs
from isl.data.formats.frames import check_numbers
from isl.data.formats.reading import Reading, read_as_clip
from isl.data.table import NAME as TABLE
from isl.errors import InputError
from isl.landmarks import Floats

FRAME_FILE = re.compile(r"(?:frame_?)?(\d+)\.npy", re.IGNORECASE)
CLIPS_INSIDE = "a clip's folder holds frame_<i>.npy or <i>.npy; move this one elsewhere"
NESTED = ": folders where a clip's frame files belong"


@dataclass(frozen=True)
class ClipPath:
    """One clip on disk: a file, or a folder with one file per frame."""

    word: str  # name of its folder
    clip: str  # name of the clip, without the suffix
    path: Path
    frames: tuple[str, ...] | None = None  # names of the frame files in numeric order; None: `path` is one file
    problem: str = ""  # reason why its frames can't be listed
    key: str = ""  # key of the clip in a file of several clips
    group: str = ""  # signer or session, if the file has it

    @property
    def name(self) -> str:
        return f"{self.word}/{self.clip}"


def word_folders(root: Path) -> list[str]:
    """Returns the words of ``root`` by name: its folders, and the words of clips in files of several clips.

    Hidden folders (``.x``, ``__x``) are ignored.
    """
    with os.scandir(root) as entries:
        folders = {entry.name for entry in entries if entry.is_dir() and not _hidden(entry.name)}
    together, holding = collected(root)
    return sorted((folders - holding) | {member.word for _, member in together})


def find_clips(root: Path, words: list[str]) -> tuple[list[ClipPath], str]:
    """Returns the clips of ``words``, ordered by word and name, and a key that changes with any of their files.

    Only directories and files of several clips are read. The key is computed from each file's path, size and times of
    change.
    """
    sources: list[ClipPath] = []
    stamps: list[tuple[str, int, int, int]] = []
    with os.scandir(root) as entries:
        stamps += [_stamp(entry, "") for entry in entries if entry.name == TABLE]
    in_files: dict[str, list[ClipPath]] = {}
    for path, member in collected(root)[0]:
        source = ClipPath(member.word, member.clip, path, key=member.key, group=member.group)
        in_files.setdefault(member.word, []).append(source)
    for path in {source.path for own in in_files.values() for source in own}:
        stamps.append(_stamp_of(path, os.path.relpath(path, root)))
    for word in words:
        found = list(_clips_of(root, word, stamps)) if (root / word).is_dir() else []
        if found and all(not source.frames and source.problem.endswith((NESTED, CLIPS_INSIDE)) for source in found):
            raise InputError(f"{found[0].path}{NESTED}: is data.root={root / word} meant?")
        found += in_files.get(word, [])
        by_name = {source.clip: source for source in found}
        if len(by_name) < len(found):
            twice = next(source for source in found if by_name[source.clip] is not source)
            raise InputError(f"{root / word}: {twice.clip} is there {_two_ways(twice, by_name)}; keep one of them")
        sources += [by_name[clip] for clip in sorted(by_name)]
    return sources, hashlib.sha256(repr(sorted(stamps)).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _two_ways(source: ClipPath, by_name: dict[str, ClipPath]) -> str:
    other = by_name[source.clip]
    if (source.frames is None) != (other.frames is None):
        return "both as a file and as a folder"
    return f"twice, in {source.path.name} and in {other.path.name}"


def _clips_of(root: Path, word: str, stamps: list[tuple[str, int, int, int]]) -> Iterator[ClipPath]:
    with os.scandir(root / word) as entries:
        for entry in entries:
            if _hidden(entry.name):
                continue
            if entry.is_dir():
                yield _folder(word, Path(entry.path), stamps)
            elif entry.name.lower().endswith(suffixes()):
                stamps.append(_stamp(entry, word))
                yield ClipPath(word, entry.name.rpartition(".")[0], Path(entry.path))


def _folder(word: str, path: Path, stamps: list[tuple[str, int, int, int]]) -> ClipPath:
    """Returns the clip of a folder of frame files."""
    numbered: dict[int, str] = {}
    problem, folders = "", False
    with os.scandir(path) as entries:
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.is_dir():
                folders = folders or not _hidden(entry.name)
            elif entry.name.endswith(".npy") and not _hidden(entry.name):
                stamps.append(_stamp(entry, f"{word}/{path.name}"))
                match = FRAME_FILE.fullmatch(entry.name)
                if match is None:
                    problem = f"{entry.path}: {CLIPS_INSIDE}"
                elif int(match[1]) in numbered:
                    problem = f"{entry.path}: a second frame {int(match[1])} beside {numbered[int(match[1])]}"
                else:
                    numbered[int(match[1])] = entry.name
    if not numbered and not problem:
        stamps.append((f"{word}/{path.name}/", 0, 0, 0))
        problem = f"{path}: no frames; {AGAIN}"
        if folders:
            problem = f"{path}{NESTED}"
    return ClipPath(word, path.name, path, tuple(numbered[i] for i in sorted(numbered)), problem)


def _stamp(entry: os.DirEntry[str], folder: str) -> tuple[str, int, int, int]:
    return _stamp_of(Path(entry.path), f"{folder}/{entry.name}")


def _stamp_of(path: Path, name: str) -> tuple[str, int, int, int]:
    try:
        facts = path.stat()
    except OSError:  # a broken link; reading it raises the error
        return name, -1, 0, 0
    return name, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def _hidden(name: str) -> bool:
    return name.startswith((".", "__"))


def clip_at(path: Path) -> ClipPath:
    """Returns the clip at ``path``: a file of landmarks, or a folder of frame files."""
    return _folder(path.parent.name, path, []) if path.is_dir() else ClipPath("", path.stem, path)


def read_source(source: ClipPath, read_as: ReadAs = AS_STORED) -> Floats:
    """Returns the frames of a clip: float32 ``(T, 1662)``.

    Raises:
        InputError: the clip can't be read, or doesn't hold landmarks.
    """
    return read_reading(source, read_as).frames


def read_reading(source: ClipPath, read_as: ReadAs = AS_STORED) -> Reading:
    """Returns the frames of a clip and the facts that its file holds. Raises as ``read_source`` does."""
    return read_as_clip(raw_clip(source), str(source.path), read_as)


def raw_clip(source: ClipPath) -> RawClip:
    """Returns the clip as its file stores it. Raises as ``read_source`` does."""
    if source.problem:
        raise InputError(source.problem)
    if source.frames is not None:
        return RawClip(_stacked(source.path, source.frames))
    raw = read_raw(source.path, source.key)
    if isinstance(raw.values, np.ndarray) and raw.values.ndim == 1 and raw.values.size > 1:
        raise InputError(
            f"{source.path}: one frame, not a clip; is its folder the clip, and data.root= one folder too deep?"
        )
    return raw


def _stacked(folder: Path, names: tuple[str, ...]) -> Array:
    """Returns the frame files of a folder as one array ``(T, N)`` or ``(T, P, D)``."""
    frames: list[Array] = []
    for name in names:
        frame = check_numbers(read_raw(folder / name).values, str(folder / name))
        if frame.ndim > 1 and len(frame) == 1:
            frame = frame[0]
        if frames and frame.shape != frames[0].shape:
            count = f"{len(frame)} frames, but a frame file holds one" if frame.ndim > 1 else f"shape {frame.shape}"
            raise InputError(f"{folder / name}: {count}, unlike {names[0]} with {frames[0].shape}; {AGAIN}")
        frames.append(frame)
    return np.stack(frames)
