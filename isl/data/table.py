"""`clips.csv`: the optional table beside the clips that says more about each of them."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from isl.data.vocabulary import word_of
from isl.errors import InputError
from isl.files import write_text

NAME = "clips.csv"
KEY = ("word", "clip")
Cells = dict[str, str]  # column to text
NUMBERS = ("fps", "width", "height", "frames", "seconds")


@dataclass(frozen=True)
class Row:
    """What the table tells about one clip. ``None`` where it doesn't tell."""

    aspect: float | None  # width over height of the picture
    seconds: float | None  # length in time
    fps: float | None
    columns: dict[str, str]  # every column but word and clip, as written


class Rows(dict[tuple[str, str], Row]):
    """Rows by (word, clip), the clip's name without ``.npy``."""

    def of(self, folder: str, clip: str) -> Row | None:
        """The row of a clip in a word's ``folder``, which the table may name with INCLUDE's number or without."""
        return self.get((folder, clip)) or self.get((word_of(folder), clip))


def read_table(path: Path) -> Rows:
    """The rows of ``path``, which may name clips with ``.npy`` or without. No file, no rows.

    Length in time is the column `seconds`, else `frames` over `fps`: the frames of the video, not of what was kept.

    Raises:
        InputError: not UTF-8, no such columns, a row of another length, no number where one belongs, a clip twice.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return Rows()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not readable as UTF-8 text ({error}); correct it or delete it") from None

    separator = separator_of(text)
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    header = [column.strip() for column in next(reader, [])]
    if missing := [column for column in KEY if column not in header]:
        raise InputError(f"{path}, line 1: no column {' and '.join(missing)}; it has {', '.join(header) or 'nothing'}")
    if len(set(header)) < len(header):
        raise InputError(f"{path}, line 1: a column is there twice: {', '.join(header)}")

    rows = Rows()
    try:
        for values in reader:
            where = f"{path}, line {reader.line_num}"
            if not any(value.strip() for value in values):
                continue
            if len(values) != len(header):
                raise InputError(f"{where}: {len(values)} values, but the table has {len(header)} columns")
            cells = {column: value.strip() for column, value in zip(header, values, strict=True)}
            key = cells.pop("word"), cells.pop("clip").removesuffix(".npy")
            if key in rows:
                raise InputError(f"{where}: clip {'/'.join(key)} is there twice")
            rows[key] = _row(cells, where, decimal_comma=separator == ";")
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: {error}") from None
    return rows


def separator_of(text: str) -> str:
    """The character between the columns of a table: a comma, or the semicolon or tab of some programs and countries."""
    first = text.split("\n", 1)[0]
    return max(",;\t", key=lambda character: (first.count(character), character == ","))


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Nobody else who uses this function writes to the dataset's table, or chooses a clip's name, until the block ends.

    The lock goes with the process that holds it, however that ends. Where the system has none, nothing is locked.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    root.mkdir(parents=True, exist_ok=True)
    folder = os.open(root, os.O_RDONLY)  # a folder can be locked itself, so that no file of its own is left behind
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def add_row(root: Path, row: Mapping[str, str]) -> None:
    """Add a clip's row to the table of ``root``; further columns and rows of the table stay. Hold ``locked`` for it."""
    change_rows(root, list(row), lambda rows: [*rows, dict(row)])


def change_rows(root: Path, columns: Sequence[str], change: Callable[[list[Cells]], list[Cells]]) -> None:
    """Write the table of ``root`` with its rows changed; columns that it has beyond ``columns`` stay.

    Hold ``locked`` for it.
    """
    path = root / NAME
    rows: list[Cells] = []
    if path.exists():
        text = path.read_text(encoding="utf-8-sig")
        reader = csv.DictReader(io.StringIO(text), delimiter=separator_of(text))
        own = [column.strip() for column in reader.fieldnames or ()]
        reader.fieldnames = own
        rows = list(reader)
        columns = [*own, *(column for column in columns if column not in own)]
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(change(rows))
    write_text(path, out.getvalue())


def _row(cells: dict[str, str], where: str, decimal_comma: bool) -> Row:
    if decimal_comma:
        cells = {name: cell.replace(",", ".") if name in NUMBERS else cell for name, cell in cells.items()}
    fps, width, height, frames, seconds = (_number(cells, column, where) for column in NUMBERS)
    if seconds is None and frames and fps:
        seconds = frames / fps
    return Row(aspect=width / height if width and height else None, seconds=seconds, fps=fps, columns=cells)


def _number(cells: dict[str, str], column: str, where: str) -> float | None:
    """The cell as a positive number; ``None`` where it is empty or the table has no such column."""
    text = cells.get(column, "")
    if not text:
        return None
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if not (math.isfinite(number) and number > 0):
        raise InputError(f"{where}: {column} is {text!r}, not a positive number; correct it or leave it empty")
    return number
