"""Which format a file has: told by its first bytes, and by its name only where these say nothing."""

from __future__ import annotations

import functools
import importlib
import os
import pkgutil
import stat
from pathlib import Path

from isl.data import formats
from isl.data.formats.contract import Format, Member, RawClip
from isl.errors import InputError

HEAD = 4096  # bytes
KINDS = {
    stat.S_IFIFO: "a FIFO",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
}
AGAIN = "extract it again from its video, or delete it"


@functools.cache
def all_formats() -> tuple[Format, ...]:
    """Every ``FORMAT`` of a module in this folder: a new format is one new file."""
    names = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
    modules = [importlib.import_module(f"{formats.__name__}.{name}") for name in names]
    return tuple(module.FORMAT for module in modules if hasattr(module, "FORMAT"))


@functools.cache
def suffixes() -> tuple[str, ...]:
    """How files of landmarks may be named, in small letters."""
    return tuple(suffix for kind in all_formats() for suffix in kind.suffixes)


def refuse_special(path: Path) -> None:
    """Raise an ``InputError`` where ``path`` is no file, before anything waits for what a FIFO never sends."""
    try:
        mode = os.stat(path).st_mode  # noqa: PTH116 - a name too long is an OSError here and False in pathlib
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).lower()
        raise InputError(f"{path}: {reason}; {AGAIN}") from None
    if not stat.S_ISREG(mode):
        raise InputError(f"{path}: {KINDS.get(stat.S_IFMT(mode), 'not a file')}, not a file; delete it")


def format_of(path: Path) -> Format:
    """The format of the file at ``path``.

    Raises:
        InputError: it is not a regular file, is empty, can't be read, or is of no format here.
    """
    refuse_special(path)
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or str(error)).lower()}; {AGAIN}") from None
    if not head:
        raise InputError(f"{path}: an empty file; {AGAIN}")
    by_content = [kind for kind in all_formats() if kind.fits(head)]
    named = [kind for kind in all_formats() if path.suffix.lower() in kind.suffixes]
    for kind in (*(kind for kind in by_content if kind in named), *by_content):
        return kind
    if head.startswith(b"version https://git-lfs"):
        raise InputError(f"{path}: a pointer of Git LFS, not the file itself; fetch it with: git lfs pull")
    expected = f"not a {named[0].suffixes[0]} file" if named else f"no format of {', '.join(suffixes())}"
    raise InputError(f"{path}: {expected}; {AGAIN}")


def read_raw(path: Path, key: str = "") -> RawClip:
    """The clip of a file, or its member of that key, as the file holds it.

    Raises:
        InputError: it can't be read, or is no clip.
    """
    kind = format_of(path)
    try:
        return kind.read(path, key)
    except InputError as error:
        raise InputError(f"{path}: {error}; {AGAIN}") from None
    except OSError as error:
        raise InputError(f"{path}: {(error.strerror or str(error)).lower()}; {AGAIN}") from None
    except MemoryError:
        raise InputError(f"{path}: too large for this machine's memory; {AGAIN}") from None


def members_of(path: Path) -> list[Member] | None:
    """The clips of a file that holds several; None where it is one clip, or can't be read: reading says why."""
    try:
        members = format_of(path).members
        return members(path) if members else None
    except (InputError, OSError):
        return None
