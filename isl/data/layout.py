"""Where a dataset's clips lie in its folder, and how one of them is read. Three layouts, even mixed:

``<root>/<word>/<clip>.npy``               a clip in one file, (frames, 1662)
``<root>/<word>/<clip>/frame_<i>.npy``     a file a frame, (1662,): what the Insignia notebook writes
``<root>/<word>/<clip>/<i>.npy``           the same under plain numbers: the tutorials' ``MP_Data``
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from isl.data.formats.frames import check_numbers
from isl.data.formats.raw import AS_STORED, Array, ReadAs
from isl.data.formats.reading import to_clip
from isl.data.table import NAME as TABLE
from isl.errors import InputError
from isl.landmarks import Floats

FRAME_FILE = re.compile(r"(?:frame_?)?(\d+)\.npy", re.IGNORECASE)
NESTED = ": folders where a clip's frame files belong"
AGAIN = "extract it again from its video, or delete it"


@dataclass(frozen=True)
class ClipPath:
    """One clip on disk: a file, or a folder with a file a frame."""

    word: str  # its folder's name
    clip: str  # its own name, without a suffix
    path: Path
    frames: tuple[str, ...] | None = None  # names of the frame files in numeric order; None: `path` is one file
    problem: str = ""  # why its frames can't be told from the listing alone

    @property
    def name(self) -> str:
        return f"{self.word}/{self.clip}"


def word_folders(root: Path) -> list[str]:
    """The folders of ``root``, by name; hidden ones (``.x``, ``__x``) and files don't count."""
    with os.scandir(root) as entries:
        return sorted(entry.name for entry in entries if entry.is_dir() and not _hidden(entry.name))


def find_clips(root: Path, words: list[str]) -> tuple[list[ClipPath], str]:
    """The clips of ``words`` (folders of ``root``), by word and name, and a key that changes with any of their files.

    Only directories are read: the key is made of each file's path, size, and times of change.
    """
    sources: list[ClipPath] = []
    stamps: list[tuple[str, int, int, int]] = []
    with os.scandir(root) as entries:
        stamps += [_stamp(entry, "") for entry in entries if entry.name == TABLE]
    for word in words:
        found = list(_clips_of(root, word, stamps))
        if found and all(source.problem.endswith(NESTED) for source in found):
            raise InputError(f"{found[0].problem}: is data.root={root / word} meant?")
        by_name = {source.clip: source for source in found}
        if len(by_name) < len(found):
            twice = next(source for source in found if by_name[source.clip] is not source)
            raise InputError(f"{root / word}: {twice.clip} is there both as a file and as a folder; keep one of them")
        sources += [by_name[clip] for clip in sorted(by_name)]
    return sources, hashlib.sha256(repr(sorted(stamps)).encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _clips_of(root: Path, word: str, stamps: list[tuple[str, int, int, int]]) -> Iterator[ClipPath]:
    with os.scandir(root / word) as entries:
        for entry in entries:
            if _hidden(entry.name):
                continue
            if entry.is_dir():
                yield _folder(word, Path(entry.path), stamps)
            elif entry.name.endswith(".npy"):
                stamps.append(_stamp(entry, word))
                yield ClipPath(word, entry.name.removesuffix(".npy"), Path(entry.path))


def _folder(word: str, path: Path, stamps: list[tuple[str, int, int, int]]) -> ClipPath:
    """A clip that is a folder of frame files."""
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
                    problem = f"{entry.path}: a clip's folder holds frame_<i>.npy or <i>.npy; move this one elsewhere"
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
    try:
        facts = entry.stat()
    except OSError:  # a broken link: reading it will say so
        return f"{folder}/{entry.name}", -1, 0, 0
    return f"{folder}/{entry.name}", facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns


def _hidden(name: str) -> bool:
    return name.startswith((".", "__"))


def read_clip(path: Path) -> Floats:
    """The clip at ``path``, a ``.npy`` file or a folder of frame files: float32 ``(T, 1662)``.

    Raises:
        InputError: it can't be read, or isn't landmarks.
    """
    return read_source(_folder(path.parent.name, path, []) if path.is_dir() else ClipPath("", path.stem, path))


def read_source(source: ClipPath, read_as: ReadAs = AS_STORED) -> Floats:
    """The frames of a clip that was found by ``find_clips``: float32 ``(T, 1662)``. Raises as ``read_clip`` does."""
    if source.problem:
        raise InputError(source.problem)
    if source.frames is None:
        array = _array(source.path)
        if isinstance(array, np.ndarray) and array.ndim == 1 and array.size > 1:
            raise InputError(
                f"{source.path}: one frame, not a clip; is its folder the clip, and data.root= one folder too deep?"
            )
        return to_clip(array, str(source.path), read_as)
    return to_clip(_stacked(source.path, source.frames), str(source.path), read_as)


def _stacked(folder: Path, names: tuple[str, ...]) -> Array:
    """The frame files of a folder as one array ``(T, N)`` or ``(T, P, D)``."""
    frames: list[Array] = []
    for name in names:
        frame = check_numbers(_array(folder / name), str(folder / name))
        if frame.ndim > 1 and len(frame) == 1:
            frame = frame[0]
        if frames and frame.shape != frames[0].shape:
            count = f"{len(frame)} frames, but a frame file holds one" if frame.ndim > 1 else f"shape {frame.shape}"
            raise InputError(f"{folder / name}: {count}, unlike {names[0]} with {frames[0].shape}; {AGAIN}")
        frames.append(frame)
    return np.stack(frames)


# numpy reads a header by Python's own parser, which has failed on a sound file while other threads were in it
PARSING = threading.Lock()


def _array(path: Path) -> Any:
    """What ``np.load`` finds at ``path``, pickles refused: they are programs."""
    try:
        content = io.BytesIO(path.read_bytes())
        with PARSING:
            return np.load(content, allow_pickle=False)
    except Exception as error:  # numpy parses a stranger's bytes here: no list of what that may raise is complete
        raise InputError(f"{path}: {_reason(path, error)}; {AGAIN}") from None


def _reason(path: Path, error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError:
        start = b""
    if start.startswith(b"\x93NUMPY"):
        return "pickled objects, never loaded" if "Object arrays" in str(error) else "truncated or damaged"
    if not start:
        return "an empty file"
    return "a pickle, never loaded" if start[0] == 0x80 else "not a .npy array"
