"""List of the videos to extract, with the word, clip name and group of each."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path, PurePath

from isl.data.vocabulary import word_folder, word_of
from isl.errors import InputError


@dataclass(frozen=True)
class Recording:
    """One video and the clip that it becomes, ``<word>/<clip>``."""

    path: Path
    video: str  # `path` relative to the input, with slashes, as in `clips.csv`
    word: str
    clip: str
    group: str = ""  # signer or session, if the input's table has it

    @property
    def key(self) -> tuple[str, str]:
        return self.word, self.clip


def find_recordings(source: Path) -> list[Recording]:
    """Returns the videos below the folder ``source``, or those listed in it if it is a CSV, by word and clip.

    In a folder, a video's word is the name of the folder that it is in, without INCLUDE's number:
    ``Doctor/a.mp4`` and ``Jobs/80. Doctor/MVI_1.MOV`` are both of "Doctor", and so is
    ``Jobs/80. Doctor/Extra/MVI_2.MOV``. A CSV has the columns ``path`` (relative to the CSV's folder), ``word`` and, if
    known, ``group``. Videos of one word that have the same name all become clips: the first by path keeps the name,
    the others are named after their whole path.

    Raises:
        InputError: there is no such folder or file, it has no video, no video is in a folder of its word, or the CSV
            lacks a column or a value.
    """
    if source.is_dir():
        found = list(_in_folder(source))
    elif source.suffix.lower() == ".csv" and source.is_file():
        found = list(_in_table(source))
    else:
        problem = "neither a folder nor a .csv" if source.exists() else "no such folder or file"
        raise InputError(f"input={source}: {problem}; name a folder <word>/<clip>.mp4 or a CSV of path, word, group")
    if not found:
        raise InputError(
            f"input={source}: no videos in it; they belong into <word>/<clip>.mp4 (or mov, avi, mkv, webm)"
        )
    return sorted(_named_apart(dict.fromkeys(found)), key=lambda recording: recording.key)


def shard_of(recordings: list[Recording], shard: int, num_shards: int) -> list[Recording]:
    """Returns a fixed part of the recordings: every ``num_shards``-th one, from index ``shard`` on, counted from 0."""
    if num_shards < 1:
        raise InputError(f"num_shards={num_shards}: give the number of parts, 1 or more")
    if not 0 <= shard < num_shards:
        raise InputError(f"shard={shard}: give 0 to {num_shards - 1}, as num_shards={num_shards}")
    return recordings[shard::num_shards]


def _in_folder(root: Path) -> Iterator[Recording]:
    from isl.vision.video import VIDEO_SUFFIXES

    loose = []
    for path in _files(root):
        if path.suffix.lower() not in VIDEO_SUFFIXES:
            continue
        folders = path.relative_to(root).parts[:-1]
        if not folders:
            loose.append(path)
            continue
        yield _recording(path, path.relative_to(root), word_of(word_folder(folders)))
    if loose:
        raise InputError(
            f"input={root}: {len(loose)} videos are in no word's folder, such as {loose[0].name}; "
            f"move each to {root.name or root}/<word>/"
        )


def _files(root: Path) -> Iterator[Path]:
    """Yields every file below ``root``, follows links, and skips hidden files (macOS adds ._<name> to archives)."""
    seen: set[str] = set()
    for folder, folders, files in os.walk(root, followlinks=True):
        real = os.path.realpath(folder)
        if real in seen:  # a link to a folder above it
            folders.clear()
            continue
        seen.add(real)
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__")))
        yield from (Path(folder, name) for name in sorted(files) if not name.startswith("."))


def _in_table(table: Path) -> Iterator[Recording]:
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = [column.strip() for column in reader.fieldnames or []]
            if missing := [column for column in ("path", "word") if column not in columns]:
                raise InputError(
                    f"{table}, line 1: no column {' and '.join(missing)}; it needs path and word, perhaps group"
                )
            reader.fieldnames = columns
            for row in reader:
                where = f"{table}, line {reader.line_num}"
                path, word = ((row[column] or "").strip() for column in ("path", "word"))
                if not path or not word:
                    raise InputError(f"{where}: {'no path' if not path else 'no word'}; fill it in or delete the line")
                if PurePath(word).name != word or word.startswith((".", "__")):
                    raise InputError(f"{where}: word {word!r} cannot be a folder's name; choose another")
                group = (row.get("group") or "").strip()
                yield _recording(table.parent / Path(path).expanduser(), PurePath(path), word, group)
    except (UnicodeDecodeError, csv.Error, OSError) as error:
        raise InputError(f"{table}: cannot be read as a table ({error}); save it as CSV in UTF-8") from None


def _recording(path: Path, video: PurePath, word: str, group: str = "") -> Recording:
    return Recording(path, _plain(video.as_posix()), _plain(word.strip()), _clip_name(path.stem), _plain(group))


def _clip_name(name: str) -> str:
    return _plain(name).lstrip("._").strip() or "clip"  # such a start hides a file from readers of a dataset


def _plain(text: str) -> str:
    """Removes characters that break lines or cannot be written, for tables and file names."""
    return "".join(character if character.isprintable() else "_" for character in text)


def _named_apart(recordings: Iterable[Recording]) -> Iterator[Recording]:
    taken: set[tuple[str, str]] = set()
    for recording in sorted(recordings, key=lambda recording: recording.video):
        name, count = recording.clip, 1
        while (recording.word.casefold(), name.casefold()) in taken:
            name = _clip_name(recording.video.replace("/", "-").replace(".", "-")) + (f"-{count}" if count > 1 else "")
            count += 1
        taken.add((recording.word.casefold(), name.casefold()))
        yield replace(recording, clip=name)
