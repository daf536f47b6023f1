"""Clips of ``infer.py``: found below a path and read, from videos and from landmark files alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from isl.data.collections import TABLES
from isl.data.formats.catalogue import suffixes
from isl.data.layout import FRAME_FILE
from isl.data.reading_options import read_clip
from isl.data.table import NAME, Row, Rows, read_table
from isl.data.vocabulary import word_folder
from isl.data.walk import Folder, LeftOut, shown, walk
from isl.errors import InputError
from isl.landmarks import Floats
from isl.vision.container import VIDEO_SUFFIXES
from isl.vision.pictures import in_order, pictures_in

RATE = 30.0  # frames per second that are assumed for landmarks without times


@dataclass(frozen=True)
class Item:
    """One clip to recognise; ``word`` is the name of its folder where this is a label."""

    path: Path
    word: str | None = None


@dataclass(frozen=True)
class ItemClip:
    """The landmarks of a clip, and facts about its recording."""

    frames: Floats  # (T, 1662)
    aspect: float | None  # width over height of the picture; None if unknown
    seconds: float  # length in time; at 30 frames a second if unknown
    remarks: tuple[str, ...] = ()
    has_times: bool = True  # False: the length is an assumption


def find(path: Path, left_out: LeftOut | None = None) -> list[Item]:
    """Returns the clips of ``path``: a clip itself, or every clip in a folder and the folders below it.

    The word of a clip is the folder that it is in, as in an extraction. Files that are no clips are added to
    ``left_out``.

    Raises:
        InputError: the path does not exist or contains no clip.
    """
    if not path.exists():
        raise InputError(f"input={path}: no such file or folder")
    if path.is_file():
        return [Item(path)]
    left_out = LeftOut() if left_out is None else left_out
    items: list[Item] = []
    try:
        for folder in walk(path, left_out):
            items += _clips_of(folder, left_out)
    except OSError as error:
        raise InputError(f"input={path}: {(error.strerror or str(error)).lower()}") from None
    if not items:
        lines = left_out.lines(path)
        raise InputError(f"input={path}: no video and no landmark file in it{f' ({lines[0]})' if lines else ''}")
    return items


def _clips_of(folder: Folder, left_out: LeftOut) -> list[Item]:
    """Returns the folder itself if it is one clip, else the clips in it."""
    left_out.add_others(folder)
    names = [entry.name for entry in folder.files]
    frame = next((name for name in names if FRAME_FILE.fullmatch(name)), None)
    clips = [name for name in names if name.lower().endswith((*VIDEO_SUFFIXES, *suffixes())) and name not in TABLES]
    if frame is not None and _dimensions(folder.path / frame) == 1:  # 2: clips named 0.npy, 1.npy, ...
        return [Item(folder.path, _word(folder.above[:-1]))]
    if not clips and not folder.folders and in_order(names):
        return [Item(folder.path, _word(folder.above[:-1]))]
    others = [folder.path / name for name in names if name not in clips and name not in TABLES]
    left_out.add("of no kind of video and no format of landmarks", *others)
    bad = [name for name in clips if shown(name) != name and name.lower().endswith(VIDEO_SUFFIXES)]
    left_out.add("a video whose name is not UTF-8 or cannot be printed", *(folder.path / name for name in bad))
    return [Item(folder.path / name, _word(folder.above)) for name in clips if name not in bad]


def _word(above: tuple[str, ...]) -> str | None:
    return word_folder(above) if above else None


def _dimensions(path: Path) -> int:
    try:
        return int(np.load(path, mmap_mode="r", allow_pickle=False).ndim)
    except (OSError, ValueError):
        return 1  # the error is reported when the file is read


class Tables:
    """Rows of the ``clips.csv`` beside clips. Each table is read once."""

    def __init__(self) -> None:
        self._tables: dict[Path, Rows] = {}

    def row(self, path: Path) -> Row | None:
        """Returns the row of the clip at ``path``; None if its dataset has none."""
        root = path.parent.parent
        if root not in self._tables:
            self._tables[root] = read_table(root / NAME)
        return self._tables[root].of(path.parent.name, path.name if path.is_dir() else path.stem)


def read_clip_of(path: Path, tables: Tables) -> ItemClip:
    """Reads a video or a folder of pictures with MediaPipe, or a landmark file or a folder of frame files.

    Raises:
        InputError: it is none of these, or can't be read.
    """
    if _is_landmarks(path):
        reading, remarks = read_clip(path)
        row = tables.row(path)
        aspect = (row.aspect if row else None) or reading.aspect
        if row is not None and row.cut is not None:
            remarks = (*remarks, f"{NAME} cuts it ({row.cut.label}); recognised as a whole here")
        fps = (row.fps if row else None) or reading.fps
        seconds = (row.seconds if row else None) or (len(reading.frames) / fps if fps else None)
        return ItemClip(
            reading.frames, aspect, seconds or len(reading.frames) / RATE, tuple(remarks), seconds is not None
        )
    _check_video(path)
    from isl.vision.landmarking import landmark_video

    clip, facts = landmark_video(path)
    return ItemClip(clip, facts.aspect, facts.seconds, facts.remarks)


def seconds_of(path: Path, tables: Tables) -> float | None:
    """Returns the length of a recording in time, without its landmarks if it is a video; None if it can't be read."""
    try:
        if _is_landmarks(path):
            return read_clip_of(path, tables).seconds
        _check_video(path)
        from isl.vision.video import Video

        return Video(path).stated_seconds
    except InputError:  # reported when the clip is read
        return None


def _is_landmarks(path: Path) -> bool:
    return not pictures_in(path) if path.is_dir() else path.suffix.lower() in suffixes()


def _check_video(path: Path) -> None:
    if not path.is_dir() and path.suffix.lower() not in VIDEO_SUFFIXES:
        kinds = f"neither a video ({', '.join(sorted(VIDEO_SUFFIXES))}) nor a landmark file ({', '.join(suffixes())})"
        raise InputError(f"{shown(path)}: {kinds}")
