"""`clips.csv`: the optional table beside the clips with further facts about each clip."""

from __future__ import annotations

import csv
import io
import math
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from isl.data.columns import cells_of, cut_of, recognised
from isl.data.vocabulary import word_of
from isl.errors import InputError
from isl.files import csv_text, write_text
from isl.vision.cut import Cut

NAME = "clips.csv"
KEY = ("word", "clip")
Cells = dict[str, str]  # column to text
NUMBERS = ("fps", "width", "height", "frames", "seconds")
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
    """Rows by (word, clip), the clip's name without ``.npy``."""

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
        raise InputError(f"{path}, line 1: a column occurs twice: {', '.join(header)}")

    rows = Rows()
    columns = {ours: theirs for ours, theirs in recognised(header).items() if theirs not in KEY}
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
                raise InputError(f"{where}: clip {'/'.join(key)} occurs twice")
            cut = cut_of(cells_of(cells, columns), columns, where)
            rows[key] = _row(_as_ours(cells, columns), where, separator == ";", cut)
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: {error}") from None
    return rows


def separator_of(text: str) -> str:
    """Returns the separator of a table: a comma, or the semicolon or tab of some programs and countries."""
    first = text.split("\n", 1)[0]
    return max(",;\t", key=lambda character: (first.count(character), character == ","))


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
    if path.exists():
        text = path.read_text(encoding="utf-8-sig")
        reader = csv.DictReader(io.StringIO(text), delimiter=separator_of(text))
        own = [column.strip() for column in reader.fieldnames or ()]
        reader.fieldnames = own
        rows = list(reader)
        columns = [*own, *(column for column in columns if column not in own)]
    write_text(path, csv_text(columns, [[row.get(column, "") for column in columns] for row in change(rows)]))


def _as_ours(cells: Cells, columns: Mapping[str, str]) -> Cells:
    """Returns the cells with group and split under isl's names too, if the table has them under others."""
    added = {ours: cells[columns[ours]] for ours in ("group", "split") if ours in columns and ours not in cells}
    return {**cells, **added}


def unused_columns(path: Path) -> list[str]:
    """Returns the columns of ``clips.csv`` that isl does not use; ``split.column=`` may still name them."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return []
    header = [column.strip() for column in next(csv.reader(io.StringIO(text), delimiter=separator_of(text)), [])]
    used = {*KEY, *NUMBERS, *OURS, *recognised(header).values()}
    return [column for column in header if column and column not in used]


def _row(cells: dict[str, str], where: str, decimal_comma: bool, cut: Cut | None) -> Row:
    if decimal_comma:
        cells = {name: cell.replace(",", ".") if name in NUMBERS else cell for name, cell in cells.items()}
    fps, width, height, frames, seconds = (_number(cells, column, where) for column in NUMBERS)
    if seconds is None and frames and fps:
        seconds = frames / fps
    return Row(aspect=width / height if width and height else None, seconds=seconds, fps=fps, columns=cells, cut=cut)


def _number(cells: dict[str, str], column: str, where: str) -> float | None:
    """Returns the cell as a positive number; ``None`` if it is empty or the table has no such column."""
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
