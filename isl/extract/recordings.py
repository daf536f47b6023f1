"""List of the videos to extract, with the word, clip name and group of each."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from isl.data.cells import read_sheet
from isl.data.elan import read_eaf
from isl.data.listing import TABLE_SUFFIXES, Entry, Listing, named_apart, read_listing
from isl.data.vocabulary import word_folder, word_of
from isl.data.walk import LeftOut, walk
from isl.errors import InputError
from isl.vision.container import VIDEO_SUFFIXES
from isl.vision.cut import Cut, with_unit
from isl.vision.pictures import PICTURE_SUFFIXES, in_order


@dataclass(frozen=True)
class Recording:
    """One video, or a part of one, and the clip that it becomes, ``<word>/<clip>``."""

    path: Path
    video: str  # `path` relative to the input, with slashes, as in `clips.csv`
    word: str
    clip: str
    group: str = ""  # signer or session, if the input's table has it
    split: str = ""  # train, val or test, if the input's table has it
    cut: Cut | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.word, self.clip

    @property
    def part(self) -> str:
        """The cut as the tables have it; "" for a whole video."""
        return "" if self.cut is None else str(self.cut)


@dataclass
class Found:
    """The recordings of an input, and remarks on what was left out or assumed, a line each."""

    recordings: list[Recording]
    remarks: list[str] = field(default_factory=list)


def find_recordings(source: Path, tier: str | None = None, unit: str | None = None) -> Found:
    """Returns the videos below the folder ``source``, or those listed in it if it is a table, by word and clip.

    In a folder, a video's word is the name of the folder that it is in, without INCLUDE's number:
    ``Doctor/a.mp4`` and ``Jobs/80. Doctor/MVI_1.MOV`` are both of "Doctor", and so is
    ``Jobs/80. Doctor/Extra/MVI_2.MOV``. A folder of numbered pictures is a video. A table is a CSV with the columns
    ``path`` (relative to the table) and ``word``, and perhaps ``group``, ``split``, ``start`` and ``end``, or ELAN's
    ``.eaf``. Videos of one word that have the same name all become clips: the first by path keeps the name, the others
    are named after their whole path.

    Args:
        source: a folder, a CSV or an ``.eaf``.
        tier: the tier of an ``.eaf`` that holds the words.
        unit: ``seconds`` or ``frames`` of ``start`` and ``end`` of a CSV; None: by its columns and its videos.

    Raises:
        InputError: there is no such folder or file, it has no video, no video is in a folder of its word, or the table
            lacks a column or a value.
    """
    if source.is_dir():
        listing = _in_folder(source)
    elif source.suffix.lower() == ".eaf" and source.is_file():
        listing = _listed(source, read_eaf(source, tier), unit)
    elif source.suffix.lower() in TABLE_SUFFIXES and source.is_file():
        listing = _listed(source, _listing(source), unit)
    else:
        problem = "neither a folder, a .csv nor an .eaf" if source.exists() else "no such folder or file"
        raise InputError(f"input={source}: {problem}; name a folder <word>/<clip>.mp4 or a CSV of path, word, group")
    if not listing.recordings:
        left_out = f" ({listing.remarks[0]})" if listing.remarks else ""
        raise InputError(f"input={source}: no videos in it; put them at <word>/<clip>.mp4{left_out}")
    named = _named_apart(dict.fromkeys(listing.recordings))
    return Found(sorted(named, key=lambda recording: recording.key), listing.remarks)


def shard_of(recordings: list[Recording], shard: int, num_shards: int) -> list[Recording]:
    """Returns a fixed part of the recordings: every ``num_shards``-th one, from index ``shard`` on, counted from 0."""
    if num_shards < 1:
        raise InputError(f"num_shards={num_shards}: give the number of parts, 1 or more")
    if not 0 <= shard < num_shards:
        raise InputError(f"shard={shard}: give 0 to {num_shards - 1}, as num_shards={num_shards}")
    return recordings[shard::num_shards]


def _in_folder(root: Path) -> Found:
    left_out = LeftOut()
    recordings: list[Recording] = []
    loose: list[str] = []
    in_words: list[str] = []
    for folder in walk(root, left_out):
        left_out.add_others(folder)
        names = [entry.name for entry in folder.files]
        videos = [name for name in names if name.lower().endswith(VIDEO_SUFFIXES)]
        pictures = [] if videos or folder.folders else in_order(names)
        if pictures:
            words = folder.above[:-1] or folder.above
            if not words:
                raise InputError(f"input={root}: pictures of one video; move them to {root.name}/<word>/<clip>/")
            in_words += [folder.path.name] if len(folder.above) == 1 else []
            recordings.append(_recording(folder.path, folder.path.relative_to(root), word_of(word_folder(words))))
        for name in videos:
            if folder.above:
                path = folder.path / name
                recordings.append(_recording(path, path.relative_to(root), word_of(word_folder(folder.above))))
            else:
                loose.append(name)
        for name in set(names) - {*videos, *pictures}:
            left_out.add(_why_left_out(name), folder.path / name)
    if loose:
        raise InputError(
            f"input={root}: {len(loose)} videos are not in a word's folder, such as {loose[0]}; "
            f"move each to {root.name or root}/<word>/"
        )
    remarks = left_out.lines(root)
    if in_words:
        remarks.append(
            f"pictures right in a word's folder are read as one clip of it: {', '.join(in_words[:3])}; "
            "for several clips, put each into <word>/<clip>/"
        )
    return Found(recordings, remarks)


def _why_left_out(name: str) -> str:
    if name.lower().endswith(PICTURE_SUFFIXES):
        return "pictures that are not numbered as the frames of one video"
    if name.lower().endswith((".eaf", ".csv")):
        return "a table, which is an input of its own (input=FILE)"
    return "of no video's kind"


def _listing(table: Path) -> Listing:
    listing = read_listing(table)
    if listing is None:
        sheet = read_sheet(table)
        names = ", ".join(sheet.header if sheet else []) or "nothing"
        raise InputError(
            f"{table}, line 1: no column path or none of word; it needs both, perhaps group, split, start and end, "
            f"and has {names}"
        )
    return listing


def _listed(table: Path, listing: Listing, unit: str | None) -> Found:
    def seconds(entry: Entry) -> float:
        from isl.vision.video import Video

        try:
            video = Video(_place(table, entry))
            return video.stated_seconds * video.slowed
        except InputError:  # the extraction says why
            return math.inf

    cuts, remark = with_unit([entry.cut for entry in listing.entries], unit, lambda i: seconds(listing.entries[i]))
    remarks = [f"{remark}; unit= says otherwise"] if remark else []
    if listing.unused:
        remarks.append(f"columns that are not used: {', '.join(listing.unused)}")
    recordings = [_of_entry(table, entry, cut) for entry, cut in zip(listing.entries, cuts, strict=True)]
    return Found(recordings, [f"{table}: {line}" for line in remarks])


def _of_entry(table: Path, entry: Entry, cut: Cut | None) -> Recording:
    if PurePath(entry.word).name != entry.word or entry.word.startswith((".", "__")) or len(entry.word) > 100:
        raise InputError(f"{entry.where}: word {entry.word!r} cannot be a folder's name; choose another")
    recording = _recording(_place(table, entry), PurePath(entry.path), entry.word, entry.group)
    clip = _clip_name(entry.clip) if entry.clip else recording.clip
    if cut is not None and not entry.clip:
        clip = f"{clip}_{cut.label}"
    return replace(recording, clip=clip, split=_plain(entry.split), cut=cut)


def _place(table: Path, entry: Entry) -> Path:
    return table.parent / Path(entry.path).expanduser()


def _recording(path: Path, video: PurePath, word: str, group: str = "") -> Recording:
    return Recording(path, _plain(video.as_posix()), _plain(word.strip()), _clip_name(path.stem), _plain(group))


def _clip_name(name: str) -> str:
    return _plain(name).replace("/", "-").lstrip("._").strip() or "clip"  # such a start hides a file from readers


def _plain(text: str) -> str:
    """Removes characters that break lines or cannot be written, for tables and file names."""
    return "".join(character if character.isprintable() else "_" for character in text)


def _named_apart(recordings: Iterable[Recording]) -> Iterator[Recording]:
    ordered = sorted(recordings, key=lambda recording: (recording.video, recording.clip))
    names = [(own.word, own.clip, _clip_name(own.video.replace("/", "-").replace(".", "-"))) for own in ordered]
    for recording, name in zip(ordered, named_apart(names), strict=True):
        yield replace(recording, clip=name)
