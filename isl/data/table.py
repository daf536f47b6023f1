"""`clips.csv`: the optional table beside the clips with further facts about each clip."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from isl.data.cells import read_sheet
from isl.data.columns import cells_of, cut_of, recognised
from isl.data.vocabulary import word_of
from isl.errors import InputError
from isl.files import csv_text, write_text
from isl.vision.cut import Cut

NAME = "clips.csv"
KEY = ("word", "clip")
Cells = dict[str, str]  # column to text
# columns of numbers with the largest that is believed
NUMBERS = {"fps": 10_000.0, "width": 100_000.0, "height": 100_000.0, "frames": 1e8, "seconds": 86_400.0}
WIDEST = 10.0  # the largest ratio between the sides of a picture
OURS = (  # further columns that isl writes or reads
    *("group", "split", "times", "pose", "face", "left_hand", "right_hand", "kept", "extractor", "video", "part"),
    *("bytes", "checksum"),
)


@dataclass(frozen=True)
class Row:
    """The table's facts about one clip; ``None`` where the table has none."""

    aspect: float | None  # width over height of the picture
    seconds: float | None  # length in time
    fps: float | None
    columns: dict[str, str]  # every column but word and clip, as written; `signer` is `group` too if there is no group
    cut: Cut | None = None  # the part of the stored clip that is the clip


class Rows(dict[tuple[str, str], Row]):
    """Rows by (word, clip), the clip's name without ``.npy``.

    ``unused`` are the table's columns that isl does not use; ``split.column=`` may still name them.
    """

    unused: tuple[str, ...] = ()

    def of(self, folder: str, clip: str) -> Row | None:
        """Returns the row of a clip in a word's ``folder``; the table may name it with or without INCLUDE's number."""
        return self.get((folder, clip)) or self.get((word_of(folder), clip))


def read_table(path: Path) -> Rows:
    """Returns the rows of ``path``; none if there is no such file. Clips may be named with or without ``.npy``.

    Length in time is the column `seconds`, else `frames` over `fps`: the frames of the video, not of the stored clip.

    Raises:
        InputError: the file is not UTF-8, lacks a column, has a row of another length or a clip twice, or a cell is not
            a number where one is needed.
    """
    if (sheet := read_sheet(path)) is None:
        return Rows()
    header, shown = sheet.header, ", ".join(sheet.header)[:300]
    if missing := [column for column in KEY if column not in header]:
        raise InputError(f"{path}, line 1: no column {' and '.join(missing)}; it has {shown or 'nothing'}")
    if len(set(header)) < len(header):
        raise InputError(f"{path}, line 1: a column occurs twice: {shown}")
    rows = Rows()
    columns = {ours: theirs for ours, theirs in recognised(header).items() if theirs not in KEY}
    used = {*KEY, *NUMBERS, *OURS, *columns.values()}
    rows.unused = tuple(column for column in header if column and column not in used)
    for line, values in sheet.lines:
        where = f"{path}, line {line}"
        if len(values) != len(header):
            raise InputError(f"{where}: {len(values)} values, but the table has {len(header)} columns")
        cells = {column: value.strip() for column, value in zip(header, values, strict=True)}
        key = cells.pop("word"), cells.pop("clip").removesuffix(".npy")
        if not all(key):
            raise InputError(f"{where}: no {'clip' if key[0] else 'word'}; fill the cell in, or remove the line")
        if key in rows:
            raise InputError(f"{where}: clip {'/'.join(key)} occurs twice")
        cut = cut_of(cells_of(cells, columns), where)
        for ours in ("group", "split"):  # under isl's names too, if the table has them under others
            if ours in columns:
                cells.setdefault(ours, cells[columns[ours]])
        rows[key] = _row(cells, where, sheet.separator == ";", cut)
    return rows


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Lock the dataset until the block ends, so that no other caller writes its table or chooses a clip's name.

    The lock is released when its process ends for any reason. On systems without file locks nothing is locked.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    root.mkdir(parents=True, exist_ok=True)
    folder = os.open(root, os.O_RDONLY)  # the folder itself is locked, so that no lock file is left behind
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def add_row(root: Path, row: Mapping[str, str]) -> None:
    """Add a clip's row to the table of ``root``; other columns and rows are kept. The caller must hold ``locked``."""
    change_rows(root, list(row), lambda rows: [*rows, dict(row)])


def change_rows(root: Path, columns: Sequence[str], change: Callable[[list[Cells]], list[Cells]]) -> None:
    """Write the table of ``root`` with changed rows; columns other than ``columns`` are kept.

    The caller must hold ``locked``.
    """
    path = root / NAME
    rows: list[Cells] = []
    if sheet := read_sheet(path):
        rows = sheet.rows()
        columns = [*sheet.header, *(column for column in columns if column not in sheet.header)]
    write_text(path, csv_text(columns, [[row.get(column, "") for column in columns] for row in change(rows)]))


def _row(cells: Cells, where: str, decimal_comma: bool, cut: Cut | None) -> Row:
    if decimal_comma:
        cells = {name: cell.replace(",", ".") if name in NUMBERS else cell for name, cell in cells.items()}
    fps, width, height, frames, seconds = (number_in(cells, column, where) for column in NUMBERS)
    if seconds is None and frames and fps:
        seconds = frames / fps
    aspect = width / height if width and height else None
    if aspect and not 1 / WIDEST <= aspect <= WIDEST:
        raise InputError(f"{where}: a picture of {width:g} x {height:g}; correct width and height or leave them empty")
    if seconds and seconds > NUMBERS["seconds"]:
        raise InputError(f"{where}: {frames:g} frames at {fps:g} a second last longer than a day; correct them")
    return Row(aspect=aspect, seconds=seconds, fps=fps, columns=cells, cut=cut)


def number_in(cells: Mapping[str, str], column: str, where: str) -> float | None:
    """Returns the cell as a positive number, not too large; ``None`` if it is empty or the table has no such column."""
    text = cells.get(column, "")
    if not text:
        return None
    try:
        number = math.nan if "_" in text else float(text)  # Python reads 1_000 as 1000
    except ValueError:
        number = math.nan
    if not 0 < number < math.inf:
        raise InputError(f"{where}: {column} is {text[:60]!r}, not a positive number; correct it or leave it empty")
    if number > NUMBERS[column]:
        raise InputError(f"{where}: {column} is {text[:60]}, more than {NUMBERS[column]:,.0f}; correct it")
    return number
