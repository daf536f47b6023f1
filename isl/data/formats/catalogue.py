"""Detection of a file's format by its first bytes, or by its name where these are not enough."""

from __future__ import annotations

import functools
import importlib
import importlib.util
import pkgutil
from dataclasses import replace
from pathlib import Path

from isl.data import formats
from isl.data.formats.contract import AGAIN, Format, Member, RawClip
from isl.errors import InputError, reason_of
from isl.files import kind_of_file

HEAD = 4096  # bytes
EXTRAS = ("h5py", "pyarrow", "pose_format")  # packages of the extra `formats`


@functools.cache
def all_formats() -> tuple[Format, ...]:
    """Returns the ``FORMAT`` of every module in this folder. A new format is one new file."""
    names = sorted(module.name for module in pkgutil.iter_modules(formats.__path__))
    modules = [importlib.import_module(f"{formats.__name__}.{name}") for name in names]
    return tuple(module.FORMAT for module in modules if hasattr(module, "FORMAT"))


@functools.cache
def suffixes() -> tuple[str, ...]:
    """Returns the suffixes of landmark files, in lower case."""
    return tuple(suffix for kind in all_formats() for suffix in kind.suffixes)


def readable() -> str:
    """Returns the formats that can be read here, for the key of a cache: an extra may be installed later."""
    extras = [name for name in EXTRAS if importlib.util.find_spec(name) is not None]
    return ", ".join([*(kind.name for kind in all_formats()), *extras])


def format_of(path: Path) -> Format:
    """Returns the format of the file at ``path``.

    Raises:
        InputError: the file is not a regular file, is empty, can't be read, or has no known format.
    """
    if (kind_of_path := kind_of_file(path)) != "file":
        problem = "a folder, not a file" if kind_of_path else "no such file or directory"
        raise InputError(f"{path}: {problem}; {AGAIN}")
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError as error:
        raise InputError(f"{path}: {reason_of(error)}; {AGAIN}") from None
    if not head:
        raise InputError(f"{path}: an empty file; {AGAIN}")
    named = [kind for kind in all_formats() if path.suffix.lower() in kind.suffixes]
    for kind in (*named, *all_formats()):
        if kind.fits(head):
            return kind
    if head.startswith(b"version https://git-lfs"):
        raise InputError(f"{path}: a pointer of Git LFS, not the file itself; fetch it with: git lfs pull")
    expected = f"not a {named[0].suffixes[0]} file" if named else f"no format of {', '.join(suffixes())}"
    raise InputError(f"{path}: {expected}; {AGAIN}")


def read_raw(path: Path, key: str = "") -> RawClip:
    """Returns the clip of a file, or its member ``key``, as the file stores it.

    Raises:
        InputError: the file can't be read, or is not a clip.
    """
    kind = format_of(path)
    try:
        return _with_points(kind.read(path, key))
    except Exception as error:  # a library's, for damaged or foreign bytes: too many kinds to name each
        raise InputError(f"{path}: {_reason(error, kind)}; {AGAIN}") from None


def _with_points(raw: RawClip) -> RawClip:
    """Returns a clip with parts ``(T, points, 2 to 4)`` of one length; raises ``InputError`` for others."""
    if not isinstance(raw.values, dict):
        return raw
    parts = {}
    for part, points in raw.values.items():
        if points.dtype.kind not in "fiu":
            raise InputError(f"{part.name} is an array of {points.dtype}, not of numbers")
        flat = points.ndim == 2 and points.shape[1] in [part.points * dims for dims in (2, 3, 4)]
        parts[part] = points.reshape(len(points), part.points, -1) if flat else points
        if parts[part].ndim != 3 or parts[part].shape[1] < part.points or parts[part].shape[2] not in (2, 3, 4):
            raise InputError(f"{part.name} of shape {points.shape}, which is not (frames, {part.points}, 2 to 4)")
    if len({len(points) for points in parts.values()}) > 1:
        lengths = ", ".join(f"{len(points)} of {part.name}" for part, points in parts.items())
        raise InputError(f"parts with different numbers of frames: {lengths}")
    return replace(raw, values=parts)


def _reason(error: Exception, kind: Format) -> str:
    if isinstance(error, InputError):
        return str(error)
    if isinstance(error, OSError):
        return reason_of(error)
    if isinstance(error, MemoryError):
        return "too large for this machine's memory"
    return f"a damaged {kind.name} file ({type(error).__name__})"


def members_of(path: Path) -> list[Member] | None:
    """Returns the clips of a file of several; None if it is one clip or can't be read (``read_raw`` then raises)."""
    try:
        members = format_of(path).members
        return members(path) if members else None
    except Exception:  # `read_raw` says what it is
        return None
