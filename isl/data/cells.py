"""Reads the lines of a table from a file of any origin: its encoding, its separator, its line ends."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import NamedTuple

from isl.errors import InputError
from isl.files import kind_of_file

MOST_LETTERS = 1 << 17  # of a cell
MOST_BYTES = 256 * 2**20
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # all but tabs and line ends: they would act on a terminal
WIDE = (b"\xff\xfe", b"\xfe\xff")  # the first bytes of a text that a spreadsheet saved as "Unicode"


class Line(NamedTuple):
    """The cells of a line of a table, with the line's number in the file."""

    number: int
    cells: list[str]


class Sheet(NamedTuple):
    """A table: the names of its columns, its lines below them, and the character between two cells."""

    header: list[str]
    lines: list[Line]
    separator: str

    def rows(self) -> list[dict[str, str]]:
        """Returns the cells of each line by the names of their columns."""
        return [dict(zip(self.header, line.cells, strict=False)) for line in self.lines]


def read_sheet(path: Path) -> Sheet | None:
    """Returns the table in a file, without empty lines; None if there is no such file.

    UTF-8 with or without a mark, UTF-16 with one, commas, semicolons, tabs and all kinds of line ends are understood.
    Empty columns at the end, which spreadsheets write, are left out.

    Raises:
        InputError: the file is no regular one, too large, cannot be read, is no table in UTF-8, or has control codes.
    """
    if not (kind := kind_of_file(path)):
        return None
    if kind != "file":
        raise InputError(f"{path}: a folder, where a table is expected; rename it")
    if path.stat().st_size > MOST_BYTES:
        raise InputError(f"{path}: larger than {MOST_BYTES >> 20} MB, which no table of clips is")
    try:
        content = path.read_bytes()
        text = content.decode("utf-16" if content.startswith(WIDE) else "utf-8-sig")
    except (OSError, UnicodeError) as error:
        raise InputError(f"{path}: not readable as UTF-8 text ({error}); correct it or delete it") from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if code := CONTROL.search(text):
        line = text.count("\n", 0, code.start()) + 1
        raise InputError(f"{path}, line {line}: a control code ({code[0]!r}), which no text has; remove it")
    separator = separator_of(text)
    csv.field_size_limit(MOST_LETTERS)  # Python's own limit, which scipy.io raises for the whole process
    reader = csv.reader(io.StringIO(text), delimiter=separator, strict=True)  # strict: no quote stays open
    try:
        header = [column.strip() for column in next(reader, [])]
        lines = [Line(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise InputError(f"{path}, line {reader.line_num}: {error}; correct it or delete it") from None
    while header and not header[-1] and not any("".join(cells[len(header) - 1 :]).strip() for _, cells in lines):
        header.pop()
        lines = [Line(number, cells[: len(header)]) for number, cells in lines]
    return Sheet(header, lines, separator)


def separator_of(text: str) -> str:
    """Returns the separator of a table: a comma, or the semicolon or tab of some programs and countries."""
    first = text.split("\n", 1)[0]
    return max(",;\t", key=lambda character: (first.count(character), character == ","))
