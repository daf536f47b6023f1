"""Files that are there whole or not at all, whenever the power fails and whoever else writes the same one.

And before they are written: whether they can be, so that nobody waits for work that has nowhere to go.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from isl.errors import InputError


def make_fresh_folder(path: str) -> str:
    """Make a folder that was not there: ``path``, or else the first free one of ``path-2``, ``path-3``, ...

    Returns:
        Its name. Two processes never get the same one.

    Raises:
        InputError: it cannot be made.
    """
    for number in count(1):
        name = path if number == 1 else f"{path}-{number}"
        try:
            Path(name).mkdir(parents=True)
            return name
        except FileExistsError:
            continue
        except OSError as error:
            raise InputError(
                f"{name}: {(error.strerror or str(error)).lower()}; name another by hydra.run.dir="
            ) from None
    raise AssertionError("count never ends")


@contextmanager
def replacing(path: Path, workshop: Path | None = None) -> Iterator[Path]:
    """A name to write a file or a folder to; what stands there takes ``path``'s place when the block ends.

    Until then ``path`` is as it was, and so it stays where the block fails: what was written then goes. A process that
    is killed leaves it behind, hidden from who reads a dataset. Folders that are missing on the way are made.

    Args:
        path: where it belongs. A file that is there is replaced; a folder must be gone by the block's end.
        workshop: the folder that the unfinished lies in, on the same disk; ``path``'s own by default.

    Yields:
        A name that nobody else has, with ``path``'s suffix: libraries go by it.
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
    """``text`` in UTF-8, its line ends as they are, as the whole of ``path``."""
    with replacing(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="")


def destination(value: Any, flag: str, suffixes: Iterable[str], apart_from: Iterable[Any] = ()) -> Path:
    """Where an option says that a file is to be written, seen to be possible; nothing is made yet.

    Args:
        value: what the option ``flag`` was given.
        suffixes: how the name may end.
        apart_from: files that are read, or written too, and must not be overwritten; None and others than paths of
            files are none.

    Raises:
        InputError: no name of such a file, a folder of that name, one of the files to keep, or no right to write.
    """
    ends = " or ".join(suffixes)
    if not isinstance(value, (str, Path)) or Path(value).suffix.lower() not in suffixes:
        raise InputError(f"{flag}={value}: give a name that ends in {ends}")
    path = Path(value)
    try:
        folder = path.is_dir()
    except OSError as error:  # a name that is too long, for one
        raise InputError(f"{flag}={path}: {(error.strerror or str(error)).lower()}; give another name") from None
    if folder:
        raise InputError(f"{flag}={path}: a folder of that name is there; give another name")
    if any(_same(path, other) for other in apart_from if isinstance(other, (str, Path))):
        raise InputError(f"{flag}={path}: this file is needed as it is, or written otherwise; give another name")
    there = next(above for above in path.absolute().parents if above.exists())
    if not there.is_dir():
        raise InputError(f"{flag}={path}: {there} is a file, not a folder; give another name")
    if not os.access(there, os.W_OK) or (path.exists() and not os.access(path, os.W_OK)):
        raise InputError(f"{flag}={path}: no right to write there; give another name")
    return path


def remove(path: Path) -> None:
    """Delete a file or a folder with all that is in it, where it is there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Have the disk hold the content, or the name might survive a power cut and the content not."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _same(one: str | Path, other: str | Path) -> bool:
    """Whether two names are one file, by whatever way; files that are not there yet are compared by name."""
    one, other = Path(one), Path(other)
    if one.exists() and other.exists():
        return one.samefile(other)
    return one.absolute() == other.absolute()
