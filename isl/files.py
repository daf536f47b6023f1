"""Atomic writing of files: a file is complete or absent, also after a power cut or with several writers.

Destinations are checked before the work begins, so that no result is lost because it cannot be written.
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import stat
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from isl.errors import InputError, reason_of


def make_fresh_folder(path: str) -> str:
    """Makes a new folder: ``path``, or else the first free name of ``path-2``, ``path-3``, ...

    Returns:
        The name of the folder. Two processes never get the same folder.

    Raises:
        InputError: the folder cannot be made.
    """
    for number in count(1):
        name = path if number == 1 else f"{path}-{number}"
        try:
            Path(name).mkdir(parents=True)
            return name
        except FileExistsError:
            continue
        except OSError as error:
            raise InputError(f"{name}: {reason_of(error)}; name another by hydra.run.dir=") from None
    raise AssertionError("count never ends")


@contextmanager
def replacing(path: Path, workshop: Path | None = None) -> Iterator[Path]:
    """Yields a temporary path for a file or a folder, which is moved to ``path`` when the block ends.

    Until then ``path`` does not change. If the block fails, ``path`` stays as it was and the temporary file is deleted.
    A killed process leaves the temporary file behind, with a hidden name that dataset readers skip. Missing parent
    folders are made.

    Args:
        path: the destination. An existing file is replaced; an existing folder must be removed before the block ends.
        workshop: the folder of the temporary file, on the same disk; by default the folder of ``path``.

    Yields:
        A unique path with the suffix of ``path``, since libraries choose the file format by the suffix.
    """
    workshop = workshop or path.parent
    workshop.mkdir(parents=True, exist_ok=True)
    unfinished = workshop / f".{uuid.uuid4().hex}.unfinished{path.suffix}"
    try:
        yield unfinished
        if unfinished.is_file():
            _flush(unfinished)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.replace(path)
    except BaseException:
        remove(unfinished)
        raise


def write_text(path: Path, text: str) -> None:
    """Writes ``text`` to ``path`` as a whole, in UTF-8 and with unchanged line ends."""
    with replacing(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="")


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Returns a table as CSV: a line with the names of the columns, then a line a row."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


def destination(value: Any, flag: str, suffixes: Iterable[str], apart_from: Iterable[Any] = ()) -> Path:
    """Returns the path of a file to write, from an option, after a check that it can be written. Makes nothing.

    Args:
        value: the value of the option ``flag``.
        suffixes: the allowed suffixes of the file.
        apart_from: files that must not be overwritten, since they are read or written otherwise; values that are not
            paths, such as None, are ignored.

    Raises:
        InputError: wrong suffix, a folder of that name, one of the files ``apart_from``, or no right to write.
    """
    ends = " or ".join(suffixes)
    if not isinstance(value, (str, Path)) or Path(value).suffix.lower() not in suffixes:
        raise InputError(f"{flag}={value}: give a name that ends in {ends}")
    path = Path(value)
    if kind_of_file(path, flag) == "folder":
        raise InputError(f"{flag}={path}: this is a folder; give another name")
    if any(_same(path, other) for other in apart_from if isinstance(other, (str, Path))):
        raise InputError(
            f"{flag}={path}: the command reads this file, or writes it for another purpose; give another name"
        )
    existing = next(above for above in path.absolute().parents if above.exists())
    if not existing.is_dir():
        raise InputError(f"{flag}={path}: {existing} is a file, not a folder; give another name")
    if not os.access(existing, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise InputError(f"{flag}={path}: you may not write there; give another name")
    return path


def kind_of_file(path: Path, flag: str = "") -> str:
    """Returns "file", "folder", or "" if the path does not exist. Reading anything else could block or never end.

    ``flag`` is the option that names the path, for messages.

    Raises:
        InputError: a pipe, socket or device, a name that the system does not allow, or no permission.
    """
    named = f"{flag}={path}" if flag else str(path)
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, ValueError) as error:  # a name that is too long, a link to itself, a zero byte
        raise InputError(f"{named}: {reason_of(error)}; give another path") from None
    if stat.S_ISDIR(mode):
        return "folder"
    if not stat.S_ISREG(mode):
        raise InputError(f"{named}: a pipe, socket or device, not a file; give another path")
    return "file"


def read_file(path: Path, most: int = 32 * 2**20, name: str = "") -> bytes:
    """Returns the content of a file of at most ``most`` bytes; ``name`` stands for the path in messages.

    Raises:
        InputError: there is no such file, it is a folder, a pipe or a device, is too large, or cannot be read.
    """
    name = name or str(path)
    if (kind := kind_of_file(path)) != "file":
        raise InputError(f"{name}: {'a folder, not a file' if kind else 'no such file'}; give another")
    try:
        with path.open("rb") as file:
            content = file.read(most + 1)
    except OSError as error:
        raise InputError(f"{name}: {reason_of(error)}; give another") from None
    if len(content) > most:
        raise InputError(f"{name}: larger than {most / 2**20:.0f} MB; give another")
    return content


def remove(path: Path) -> None:
    """Deletes a file, or a folder with its content, if it exists."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Writes the content to the disk; without it, a power cut could leave a name without content."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _same(one: str | Path, other: str | Path) -> bool:
    """Returns True if two names lead to one file. Files that do not exist yet are compared by name."""
    one, other = Path(one), Path(other)
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.absolute() == other.absolute()
