"""`clips.csv`: the optional table beside the clips that says more about each of them."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

from isl.data.vocabulary import word_of
from isl.errors import InputError

NAME = "clips.csv"
KEY = ("word", "clip")


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

    reader = csv.reader(text.splitlines())
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
            rows[key] = _row(cells, where)
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: {error}") from None
    return rows


def _row(cells: dict[str, str], where: str) -> Row:
    fps, width, height, frames, seconds = (
        _number(cells, column, where) for column in ("fps", "width", "height", "frames", "seconds")
    )
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
