"""Tables that list recordings with their words, and other files of many clips in a dataset's root folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from isl.data.cells import read_sheet
from isl.data.columns import cells_of, cut_of, recognised
from isl.data.formats.catalogue import all_formats, members_of, suffixes
from isl.data.formats.contract import Member
from isl.data.table import number_in
from isl.data.walk import LeftOut
from isl.errors import InputError
from isl.vision.cut import Cut

TABLE_SUFFIXES = (".csv", ".tsv")
TABLES = ("clips.csv", "failed.csv", "rooms.csv")  # this project's tables, with facts of clips that lie in word folders
SIDES = ("train", "val", "valid", "validation", "dev", "test")  # names of tables that list one side each


@dataclass(frozen=True)
class Entry:
    """One row: a recording, or a part of one, and its word."""

    path: str  # as written, relative to the table
    word: str
    where: str  # table and line, for messages
    clip: str = ""  # the row's own name for the clip
    group: str = ""  # signer or session
    split: str = ""  # train, val or test; by default the table's name, if it is one of these
    cut: Cut | None = None
    fps: float | None = None  # of the recording


@dataclass(frozen=True)
class Listing:
    """The rows of a table, and the columns that are not used."""

    entries: list[Entry]
    unused: tuple[str, ...] = ()


def read_listing(table: Path) -> Listing | None:
    """Returns the rows of a CSV of paths and words; None if it has no column of one of them, see ``isl.data.columns``.

    Raises:
        InputError: the file is no table in UTF-8, or a row has no path, no word or a wrong time.
    """
    if (sheet := read_sheet(table)) is None:
        return None
    header, columns = sheet.header, recognised(sheet.header)
    if "path" not in columns or "word" not in columns:
        return None
    side = table.stem.lower() if table.stem.lower() in SIDES else ""
    entries = []
    for number, values in sheet.lines:
        where, cells = f"{table}, line {number}", cells_of(dict(zip(header, values, strict=False)), columns)
        if missing := [name for name in ("path", "word") if not cells[name]]:
            raise InputError(f"{where}: no {missing[0]}; fill it in or delete the line")
        path, word, clip, group, split = (cells[name] for name in ("path", "word", "clip", "group", "split"))
        cut, fps = cut_of(cells, where), number_in(cells, "fps", where)
        entries.append(Entry(path.replace("\\", "/"), word, where, clip, group, split or side, cut, fps))
    return Listing(entries, tuple(column for column in header if column and column not in columns.values()))


def collected(root: Path, left_out: LeftOut | None = None) -> tuple[list[tuple[Path, Member]], set[str]]:
    """Returns the clips that files in ``root`` itself hold or list, and the folders that hold listed files.

    Such a file is of a format of several clips, or a table of paths and words, as ``train.csv`` of Google's Isolated
    Sign Language Recognition on Kaggle (path, participant_id, sequence_id, sign).

    Returns:
        Pairs of a file and its member, and names of folders in ``root`` that are not words for this reason.

    Raises:
        InputError: a table has a row without path or word.
    """
    left_out = LeftOut() if left_out is None else left_out
    several = (*TABLE_SUFFIXES, *(suffix for kind in all_formats() if kind.members for suffix in kind.suffixes))
    with os.scandir(root) as entries:
        names = [entry.name for entry in entries if entry.is_file() and entry.name.lower().endswith(several)]
    members: list[tuple[Path, Member]] = []
    holding: set[str] = set()
    for path in sorted(root / name for name in names if name not in TABLES and not name.startswith(".")):
        is_table = path.suffix.lower() in TABLE_SUFFIXES
        if listing := read_listing(path) if is_table else None:
            some = [entry.path for entry in listing.entries[:100]]
            if not any(name.lower().endswith(suffixes()) or (root / name).is_dir() for name in some):
                left_out.add("a table of files that are no landmarks", path)
                continue
            listed = _listed(root, listing)
            members += listed
            holding |= {Path(os.path.relpath(file, root)).parts[0] for file, _ in listed}
            if listing.unused:
                left_out.remarks.append(f"{path.name}: columns that are not used: {', '.join(listing.unused)}")
        else:
            own = [(path, member) for member in members_of(path) or [] if member.word]
            members += own
            if is_table and not own:
                left_out.add("a table without a column of paths (path, file) or of words (word, gloss)", path)
    return members, holding


def _listed(root: Path, listing: Listing) -> list[tuple[Path, Member]]:
    """Returns a table's clips. A clip is named after its file, its signer and its cut."""
    names = []
    for entry in listing.entries:
        name = entry.clip or Path(entry.path).stem
        name = f"{entry.group}_{name}" if entry.group else name
        longer = entry.path.replace("/", "-").replace(".", "-")
        names.append((entry.word, f"{name}_{entry.cut.label}" if entry.cut else name, longer))
    return [
        (root / entry.path, Member("", entry.word, name, entry.group, entry.split, entry.cut, entry.fps))
        for entry, name in zip(listing.entries, named_apart(names), strict=True)
    ]


def named_apart(names: list[tuple[str, str, str]]) -> Iterator[str]:
    """Yields a name for each clip that no other clip of its word has, in upper or lower case.

    Args:
        names: word, name, and a longer name for each clip, which is taken, with a number, if the first is in use.
    """
    taken: set[tuple[str, str]] = set()
    for word, name, longer in names:
        chosen, count = name, 1
        while (word.casefold(), chosen.casefold()) in taken:
            chosen = longer + (f"-{count}" if count > 1 else "")
            count += 1
        taken.add((word.casefold(), chosen.casefold()))
        yield chosen
