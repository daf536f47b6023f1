"""Clips of ``infer.py``: found below a path and read, from videos and from landmark files alike."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from isl.data.formats.catalogue import suffixes
from isl.data.labels import labelled, with_labels
from isl.data.layout import FRAME_FILE, ClipPath, clip_at, find_clips, word_folders
from isl.data.listing import TABLES, collected, read_listing
from isl.data.reading_options import read_clip
from isl.data.table import NAME, Rows, read_table
from isl.data.vocabulary import word_folder
from isl.data.walk import Folder, LeftOut, shown, walk
from isl.errors import InputError, reason_of
from isl.landmarks import Floats
from isl.vision.container import VIDEO_SUFFIXES
from isl.vision.pictures import in_order, pictures_in

RATE = 30.0  # frames per second that are assumed for landmarks without times


@dataclass(frozen=True, slots=True)  # a folder has many
class Item:
    """One clip to recognise."""

    path: Path
    word: str | None = None  # name of its folder where this is a label, or its word in a table
    source: ClipPath | None = None  # one of several clips of the file, or one that a table lists

    @property
    def name(self) -> str:
        """The clip's path, and its own name if its file holds several clips."""
        several = self.source is not None and (self.source.key or self.source.cut)
        return f"{self.path}:{self.source.clip}" if self.source and several else str(self.path)


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

    The word of a clip is the folder that it is in, as in an extraction, or its word in a dataset's own table or file of
    clips (see ``isl.data.listing``). Files that are no clips are added to ``left_out``.

    Raises:
        InputError: the path does not exist or contains no clip.
    """
    if not path.exists():
        raise InputError(f"input={path}: no such file or folder")
    if path.is_file():
        return [Item(path)]
    left_out = LeftOut() if left_out is None else left_out
    try:
        items = _listed(path, left_out)
        listed = {item.path for item in items}
        for folder in walk(path, left_out):
            items += [item for item in _clips_of(folder, left_out) if item.path not in listed]
    except OSError as error:
        raise InputError(f"input={path}: {reason_of(error)}") from None
    if not items:
        lines = left_out.lines(path)
        raise InputError(f"input={path}: no video and no landmark file in it{f' ({lines[0]})' if lines else ''}")
    return items


def _listed(root: Path, left_out: LeftOut) -> list[Item]:
    """Returns the clips of a dataset's folder that its own tables and files of several clips name."""
    if not (words := sorted({member.word for _, member in collected(root, left_out)[0]})):
        return []
    sources, _ = with_labels(root, find_clips(root, words)[0])
    return [Item(source.path, source.word, source) for source in sources]


def _clips_of(folder: Folder, left_out: LeftOut) -> list[Item]:
    """Returns the folder itself if it is one clip, else the clips in it."""
    left_out.add_others(folder)
    names = [entry.name for entry in folder.files if folder.above or not _is_table(Path(entry.path))]
    frame = next((name for name in names if FRAME_FILE.fullmatch(name)), None)
    clips = [name for name in names if name.lower().endswith((*VIDEO_SUFFIXES, *suffixes())) and name not in TABLES]
    if frame is not None and _dimensions(folder.path / frame) == 1:  # 2: clips named 0.npy, 1.npy, ...
        return [Item(folder.path, _word(folder.above[:-1]))]
    if not clips and not folder.folders and in_order(names):
        return [Item(folder.path, _word(folder.above[:-1]))]
    no_others = {*clips, *TABLES}
    others = [folder.path / name for name in names if name not in no_others]
    left_out.add("of no kind of video and no format of landmarks", *others)
    bad = [name for name in clips if shown(name) != name and name.lower().endswith(VIDEO_SUFFIXES)]
    left_out.add("a video whose name is not UTF-8 or cannot be printed", *(folder.path / name for name in bad))
    return [Item(folder.path / name, _word(folder.above)) for name in clips if name not in bad]


def _is_table(path: Path) -> bool:
    """Returns True for a dataset's own table of clips, as opposed to a CSV with the numbers of a clip."""
    return path.name in TABLES or (path.suffix.lower() == ".csv" and read_listing(path) is not None)


def _word(above: tuple[str, ...]) -> str | None:
    return word_folder(above) if above else None


def _dimensions(path: Path) -> int:
    try:
        return int(np.load(path, mmap_mode="r", allow_pickle=False).ndim)
    except (OSError, ValueError):
        return 1  # the error is reported when the file is read


class Tables:
    """Rows of the ``clips.csv`` beside clips, and the cuts that it makes. Each table is read once."""

    def __init__(self) -> None:
        self._rows: dict[Path, Rows] = {}
        self._cut: dict[Path, dict[Path, ClipPath]] = {}

    def source(self, path: Path) -> ClipPath:
        """Returns the clip at ``path`` with the facts of its dataset's table, cut as a training cuts it."""
        root = path.parent.parent
        if root not in self._rows:
            self._rows[root] = rows = read_table(root / NAME)
            cuts = any(row.cut for row in rows.values())  # their unit is that of the whole dataset
            sources = with_labels(root, find_clips(root, word_folders(root))[0])[0] if cuts else []
            self._cut[root] = {source.path: source for source in sources}
        clip = clip_at(path)
        return self._cut[root].get(path) or labelled(clip, self._rows[root].of(path.parent.name, clip.clip))


def read_item(item: Item, tables: Tables) -> ItemClip:
    """Reads a video or a folder of pictures with MediaPipe, or a landmark file or a folder of frame files.

    Raises:
        InputError: it is none of these, or can't be read.
    """
    path = item.path
    if is_stored(path):
        reading, remarks = read_clip(item.source or tables.source(path))
        seconds = reading.seconds or len(reading.frames) / RATE
        return ItemClip(reading.frames, reading.aspect, seconds, remarks, reading.seconds is not None)
    _check_video(path)
    from isl.vision.landmarking import landmark_video

    clip, facts = landmark_video(path)
    return ItemClip(clip, facts.aspect, facts.seconds, facts.remarks)


def seconds_of(item: Item, tables: Tables) -> float | None:
    """Returns the length of a recording in time, without its landmarks if it is a video; None if it can't be read."""
    try:
        if is_stored(item.path):
            return read_item(item, tables).seconds
        _check_video(item.path)
        from isl.vision.video import Video

        return Video(item.path).stated_seconds
    except InputError:  # reported when the clip is read
        return None


def is_stored(path: Path) -> bool:
    """Returns True for a landmark file or a folder of frame files; False for a video or a folder of pictures."""
    return not pictures_in(path) if path.is_dir() else path.suffix.lower() in suffixes()


def _check_video(path: Path) -> None:
    """Raises an ``InputError`` for a file with the suffix of no video that is none either."""
    if path.is_dir() or path.suffix.lower() in VIDEO_SUFFIXES:
        return
    from isl.vision.video import Video

    try:
        Video(path)
    except InputError:
        kinds = f"neither a video ({', '.join(sorted(VIDEO_SUFFIXES))}) nor a landmark file ({', '.join(suffixes())})"
        raise InputError(f"{shown(path)}: {kinds}") from None
