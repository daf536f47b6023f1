"""Tables that list recordings with their words: a CSV of path, word and more, or ELAN's annotations."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from isl.data.cells import read_sheet
from isl.data.columns import cells_of, cut_of, recognised
from isl.data.table import number_in
from isl.errors import InputError
from isl.vision.cut import Cut, with_unit

TABLE_SUFFIXES = (".csv", ".tsv")
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

    def with_unit(
        self, unit: str | None, length: Callable[[Entry], tuple[int, float | None] | None]
    ) -> tuple[Listing, str]:
        """Decides whether cuts are in seconds or frames; see ``isl.vision.cut.with_unit``."""
        cuts, remark = with_unit([entry.cut for entry in self.entries], unit, lambda i: length(self.entries[i]))
        entries = [replace(entry, cut=cut) for entry, cut in zip(self.entries, cuts, strict=True)]
        return replace(self, entries=entries), remark


def read_listing(table: Path) -> Listing | None:
    """Returns the rows of a CSV; None if it has no column of paths or none of words.

    Columns are found by isl's names and by those of other tools, see ``isl.data.columns``.

    Raises:
        InputError: the file is no table in UTF-8, or a row has no path, no word or a wrong time.
    """
    if (sheet := read_sheet(table)) is None:
        return None
    header, columns = sheet.header, recognised(sheet.header)
    if "path" not in columns or "word" not in columns:
        return None
    side = table.stem.lower() if table.stem.lower() in SIDES else ""
    entries = [
        _entry(cells_of(dict(zip(header, line.cells, strict=False)), columns), f"{table}, line {line.number}", side)
        for line in sheet.lines
    ]
    return Listing(entries, tuple(column for column in header if column and column not in columns.values()))


def columns_of(table: Path) -> list[str]:
    """Returns the names of a table's columns, for messages."""
    sheet = read_sheet(table)
    return sheet.header if sheet else []


def _entry(cells: dict[str, str], where: str, side: str) -> Entry:
    if missing := [name for name in ("path", "word") if not cells[name]]:
        raise InputError(f"{where}: no {missing[0]}; fill it in or delete the line")
    return Entry(
        cells["path"].replace("\\", "/"),
        cells["word"],
        where,
        cells["clip"],
        cells["group"],
        cells["split"] or side,
        cut_of(cells, where),
        number_in(cells, "fps", where),
    )


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
