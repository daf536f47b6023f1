"""`.npy`: one numpy array. Arrays of objects are pickled rows; only arrays and plain values are accepted there."""

from __future__ import annotations

import io
import math
import threading
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isl.data.formats.contract import Array, Format, RawClip
from isl.data.formats.pickles import load_plain
from isl.errors import InputError
from isl.landmarks import Floats

MAGIC = b"\x93NUMPY"
# numpy parses a header with Python's own parser, which has failed on a valid file while other threads used it
PARSING = threading.Lock()


def read_npy(path: Path, key: str = "") -> RawClip:
    content = np.fromfile(path, np.uint8)
    array = _of_numbers(content)
    return RawClip(parse_npy(content.tobytes()) if array is None else array)


def _of_numbers(content: npt.NDArray[np.uint8]) -> Array | None:
    """Returns the array in the content of a file without copying it; None if it is not a whole array of numbers."""
    start = 10 + int.from_bytes(content[8:10].tobytes(), "little")
    shape, dtype = _shape_and_dtype(content[:start].tobytes())
    count = math.prod(shape)
    if dtype.hasobject or min(shape, default=1) < 1 or not 0 < count * dtype.itemsize <= len(content) - start:
        return None
    return np.frombuffer(content, dtype, count, start).reshape(shape)


@lru_cache  # the files of a dataset have few headers
def _shape_and_dtype(header: bytes) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Returns what a header of version 1 says; shape (0,) if it is another, damaged, or stores columns first."""
    file = io.BytesIO(header)
    try:
        with PARSING:
            if np.lib.format.read_magic(file) == (1, 0):  # type: ignore[no-untyped-call]
                shape, columns_first, dtype = np.lib.format.read_array_header_1_0(file)  # type: ignore[no-untyped-call]
                return (0,) if columns_first else shape, dtype
    except Exception:  # numpy raises many kinds for damaged or foreign bytes; `parse_npy` says what is wrong
        pass
    return (0,), np.dtype(np.float32)


def parse_npy(content: bytes) -> Array:
    """Returns the array of the bytes of a ``.npy`` file.

    Raises:
        InputError: they are not an array, or hold objects other than arrays of numbers.
    """
    try:
        with PARSING:
            return np.load(io.BytesIO(content), allow_pickle=False)
    except Exception as error:  # damaged or foreign bytes may raise any exception in numpy
        if content.startswith(MAGIC) and "Object arrays" in str(error):
            return _rows(content)
        raise InputError("truncated or damaged" if content.startswith(MAGIC) else "not a .npy array") from None


def _rows(content: bytes) -> Array:
    """Returns the rows of an array of objects as one array ``(T, ...)``."""
    file = io.BytesIO(content)
    length = 2 if content[6] == 1 else 4  # bytes of the header's length, by the format's version
    file.seek(8)
    file.seek(int.from_bytes(file.read(length), "little"), io.SEEK_CUR)
    return stacked(load_plain(file.read()))


def stacked(rows: Any) -> Array:
    """Returns rows of numbers as one array.

    Raises:
        InputError: the rows do not all have one shape.
    """
    try:
        return np.array([np.asarray(row, np.float64) for row in np.atleast_1d(rows)])
    except (TypeError, ValueError):
        raise InputError("objects that are not rows of numbers of one length") from None


def write_npy(path: Path, clip: Floats, fps: float | None, aspect: float | None) -> None:
    with path.open("wb") as file:
        np.save(file, clip, allow_pickle=False)


FORMAT = Format("npy", (".npy",), lambda head: head.startswith(MAGIC), read_npy, write=write_npy)
