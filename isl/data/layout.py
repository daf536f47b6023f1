"""Finds the clips in a dataset's folder and reads them. These layouts may be mixed:

``<root>/<word>/<clip>.npy``               one file per clip, (frames, 1662), or any format of isl.data.formats
``<root>/<word>/<clip>/frame_<i>.npy``     one file per frame, (1662,), as the Insignia notebook writes them
``<root>/<word>/<clip>/<i>.npy``           the same with plain numbers: the tutorials' ``MP_Data``
``<root>/<any>.json``, ``.csv``, ``.h5``   one file with many clips and their words; see isl.data.listing
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from isl.data.formats.catalogue import read_raw, suffixes
from isl.data.formats.contract import AGAIN, AS_STORED, Array, RawClip, ReadAs
from isl.data.formats.reading import Reading, check_numbers, read_as_clip
from isl.data.listing import TABLE_SUFFIXES, collected
from isl.data.walk import Folder, LeftOut, is_hidden, walk
from isl.errors import InputError
from isl.landmarks import Floats
from isl.vision.container import VIDEO_SUFFIXES
from isl.vision.cut import Cut
from isl.vision.pictures import PICTURE_SUFFIXES

FRAME_FILE = re.compile(r"(?:frame[_ -]?)?(\d+)\.npy", re.IGNORECASE)
CLIPS_INSIDE = "a clip's folder holds frame_<i>.npy or <i>.npy; move this one elsewhere"
NESTED = ": folders where a clip's frame files belong"


@dataclass(frozen=True, slots=True)  # a dataset has many
class ClipPath:
    """One clip on disk: a file, or a folder with one file per frame."""

    word: str  # name of its folder
    clip: str  # name of the clip, without the suffix
    place: str  # `path` as text, which needs a third of the memory
    frames: tuple[str, ...] | None = None  # names of the frame files in numeric order; None: `path` is one file
    problem: str = ""  # reason why its frames can't be listed
    key: str = ""  # key of the clip in a file of several clips
    group: str = ""  # signer or session, if the file or its table has it
    split: str = ""  # train, val or test, if its table has it
    cut: Cut | None = None  # the part of the file that is the clip
    fps: float | None = None  # of the whole file, if its table has it, as are `seconds` and `aspect`
    seconds: float | None = None
    aspect: float | None = None  # width over height of the picture

    @property
    def name(self) -> str:
        return f"{self.word}/{self.clip}"

    @property
    def path(self) -> Path:
        return Path(self.place)


def word_folders(root: Path) -> list[str]:
    """Returns the words of ``root`` by name: its folders, and the words of clips in files of several clips.

    Hidden folders (``.x``, ``__x``) are ignored.
    """
    folders = set(next(walk(root, deepest=0)).folders)
    together, holding = collected(root)
    return sorted((folders - holding) | {member.word for _, member in together})


def find_clips(root: Path, words: list[str], left_out: LeftOut | None = None) -> tuple[list[ClipPath], str]:
    """Returns the clips of ``words``, ordered by word and name, and a key that changes with any of their files.

    The key is computed from each file's path, size and times of change. Files that are no clips are added to
    ``left_out``.

    Raises:
        InputError: the words lie in deeper folders, a clip occurs twice, or a table is malformed.
    """
    sources: list[ClipPath] = []
    stamps = hashlib.sha256()
    left_out = LeftOut() if left_out is None else left_out
    in_files: dict[str, list[ClipPath]] = {}
    members, holding = collected(root, left_out)
    for path, member in members:
        facts = {name: getattr(member, name) for name in ("key", "group", "split", "cut", "fps")}
        source = clip_at(path, ClipPath(member.word, member.clip, str(path), **facts))
        in_files.setdefault(member.word, []).append(source)
    held = {path for path, _ in members}
    for entry in next(walk(root, deepest=0)).files:
        if entry.name.lower().endswith(TABLE_SUFFIXES):  # it is read, or left out with its reason
            stamps.update(_stamp(entry.path, entry.name))
        elif entry.name.lower().endswith((*suffixes(), *VIDEO_SUFFIXES)) and Path(entry.path) not in held:
            left_out.add("in no word's folder", Path(entry.path))
    for path in sorted(held):
        stamps.update(_stamp(path, os.path.relpath(path, root)))
    for word in words:
        is_folder = (root / word).is_dir() and word not in holding
        clips = list(_clips_of(root, word, stamps, left_out)) if is_folder else []
        if clips and all(not source.frames and source.problem.endswith((NESTED, CLIPS_INSIDE)) for source in clips):
            raise InputError(_nested(root, clips[0].path))
        clips += in_files.get(word, [])
        by_name = {source.clip: source for source in clips}
        for source in clips:
            if (other := by_name[source.clip]) is not source:
                ways = f"twice, in {source.path.name} and in {other.path.name}"
                if (source.frames is None) != (other.frames is None):
                    ways = "both as a file and as a folder"
                raise InputError(f"{root / word}: {source.clip} exists {ways}; keep one of them")
        sources += [by_name[clip] for clip in sorted(by_name)]
    return sources, stamps.hexdigest()[:32]


def _nested(root: Path, path: Path) -> str:
    """Returns what to do about a dataset whose words lie in deeper folders."""
    for folder in walk(path):
        if any(entry.name.lower().endswith(suffixes()) for entry in folder.files):
            of_frames = any(FRAME_FILE.fullmatch(entry.name) for entry in folder.files)
            deep = folder.path.parent if of_frames else folder.path
            break
    else:
        return f"{path}{NESTED}, and there is no clip in them"
    clips = [file.name for file in next(walk(deep, deepest=0)).files if file.name.lower().endswith(suffixes())]
    if not of_frames and len(clips) == 1 and deep.parent.parent == root:
        target = f"{deep.name}{Path(clips[0]).suffix}"
        return f"{path}: the clip is {clips[0]} in a folder of its own; move {deep.name}/{clips[0]} to {target}"
    above = deep.relative_to(root).parent
    others = [other for other in next(walk(root, deepest=0)).folders if other != above.parts[0]]
    if len(above.parts) == 1 and not others:
        return f"{path}{NESTED}: is data.root={root / above} meant?"
    return (
        f"{path}{NESTED}: the word {deep.name} lies in {above}; is data.root={root / above} meant? To train on all "
        "such folders, list the clips in a table beside them, with the columns path, word, signer and split"
    )


def _clips_of(root: Path, word: str, stamps: hashlib._Hash, left_out: LeftOut) -> Iterator[ClipPath]:
    for folder in walk(root / word, left_out, deepest=1):
        if folder.above:
            yield _folder(word, folder, stamps)
            continue
        for entry in (*folder.files, *folder.others):
            if is_hidden(entry.name):
                continue
            if entry.name.lower().endswith(suffixes()):
                stamps.update(_stamp(entry.path, f"{word}/{entry.name}"))
                yield ClipPath(word, entry.name.rpartition(".")[0], entry.path)
            elif entry.name.lower().endswith(VIDEO_SUFFIXES):
                left_out.add("a video, of which isl-extract makes landmarks", Path(entry.path))
            else:
                left_out.add("of no format of landmarks", Path(entry.path))


def _folder(word: str, folder: Folder, stamps: hashlib._Hash) -> ClipPath:
    """Returns the clip of a folder of frame files."""
    path = folder.path
    numbered: dict[int, str] = {}
    problem = ""
    for entry in (*folder.files, *folder.others):
        if entry.name.endswith(".npy") and not is_hidden(entry.name):
            stamps.update(_stamp(entry.path, f"{word}/{path.name}/{entry.name}"))
            match = FRAME_FILE.fullmatch(entry.name)
            if match is None:
                problem = f"{entry.path}: {CLIPS_INSIDE}"
            elif int(match[1]) in numbered:
                problem = f"{entry.path}: a second frame {int(match[1])} beside {numbered[int(match[1])]}"
            else:
                numbered[int(match[1])] = entry.name
    if not numbered and not problem:
        stamps.update(os.fsencode(f"{word}/{path.name}/"))
        problem = f"{path}: no frames; {AGAIN}"
        if any(entry.name.lower().endswith(PICTURE_SUFFIXES) for entry in folder.files):
            problem = f"{path}: pictures, and no landmarks; isl-extract makes landmarks of them"
        if folder.folders:
            problem = f"{path}{NESTED}"
    return ClipPath(word, path.name, str(path), tuple(numbered[i] for i in sorted(numbered)), problem)


def _stamp(path: str | Path, name: str) -> bytes:
    """Returns a file's name, size and times of change, for the key of a dataset."""
    try:
        facts = Path(path).stat()
    except OSError:  # a broken link; reading it raises the error
        return os.fsencode(f"{name}\0")
    return os.fsencode(f"{name}\0{facts.st_size} {facts.st_mtime_ns} {facts.st_ctime_ns}\0")


def clip_at(path: Path, listed: ClipPath | None = None) -> ClipPath:
    """Returns the clip at ``path``: a file of landmarks, or a folder of frame files; ``listed``: by its table."""
    if not path.is_dir():
        return listed or ClipPath("", path.stem, str(path))
    own = _folder(path.parent.name, next(walk(path, deepest=0)), hashlib.sha256())
    return own if listed is None else replace(listed, frames=own.frames, problem=own.problem)


def read_source(source: ClipPath, read_as: ReadAs = AS_STORED) -> Floats:
    """Returns the frames of a clip: float32 ``(T, 1662)``.

    Raises:
        InputError: the clip can't be read, or doesn't hold landmarks.
    """
    return read_reading(source, read_as).frames


def read_reading(source: ClipPath, read_as: ReadAs = AS_STORED) -> Reading:
    """Returns the frames of a clip and the facts of its table and its file. Raises as ``read_source`` does."""
    return as_reading(raw_clip(source), source, read_as)


def as_reading(raw: RawClip, source: ClipPath, read_as: ReadAs) -> Reading:
    """Returns the reading of a clip from the content of its file, cut as its table says."""
    reading = read_as_clip(raw, source.place, read_as)
    frames = reading.frames
    rate = rate_of(source, len(frames), reading.fps)
    if source.cut is not None:
        try:
            frames = frames[source.cut.slice(len(frames), rate)]
        except InputError as error:
            raise InputError(f"{source.place}: {error}") from None
    seconds = len(frames) / rate if rate else None
    return Reading(frames, source.fps or reading.fps, source.aspect or reading.aspect, seconds)


def rate_of(source: ClipPath, count: int, fps: float | None) -> float | None:
    """Returns the stored frames a second of a clip of ``count`` frames: by its length in time, else by ``fps``."""
    return count / source.seconds if source.seconds else source.fps or fps


def raw_clip(source: ClipPath) -> RawClip:
    """Returns the clip as its file stores it. Raises as ``read_source`` does."""
    if source.problem:
        raise InputError(source.problem)
    if source.frames is not None:
        return RawClip(_stacked(source.path, source.frames))
    raw = read_raw(source.path, source.key)
    if isinstance(raw.values, np.ndarray) and raw.values.ndim == 1 and raw.values.size > 1:
        raise InputError(
            f"{source.place}: one frame, not a clip; is its folder the clip, and data.root= one folder too deep?"
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
