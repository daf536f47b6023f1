"""`.npy`: one numpy array. Arrays of objects are rows that were pickled; only arrays and plain values are taken."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import numpy as np

from isl.data.formats.contract import Array, Format, RawClip
from isl.data.formats.pickles import load_plain
from isl.errors import InputError
from isl.landmarks import Floats

MAGIC = b"\x93NUMPY"
# numpy reads a header by Python's own parser, which has failed on a sound file while other threads were in it
PARSING = threading.Lock()


def read_npy(path: Path, key: str = "") -> RawClip:
    return RawClip(parse_npy(path.read_bytes()))


def parse_npy(content: bytes) -> Array:
    """The array that the bytes of a ``.npy`` file are.

    Raises:
        InputError: they are none, or hold objects other than arrays of numbers.
    """
    try:
        with PARSING:
            return np.load(io.BytesIO(content), allow_pickle=False)
    except Exception as error:  # numpy parses a stranger's bytes here: no list of what that may raise is complete
        if content.startswith(MAGIC) and "Object arrays" in str(error):
            return _rows(content)
        raise InputError("truncated or damaged" if content.startswith(MAGIC) else "not a .npy array") from None


def _rows(content: bytes) -> Array:
    """An array of objects as the array ``(T, ...)`` that its rows make up."""
    file = io.BytesIO(content)
    length = 2 if content[6] == 1 else 4  # bytes of the header's length, by the format's version
    file.seek(8)
    file.seek(int.from_bytes(file.read(length), "little"), io.SEEK_CUR)
    return stacked(load_plain(file.read()))


def stacked(rows: Any) -> Array:
    """Rows of numbers as one array.

    Raises:
        InputError: they are no rows of one shape.
    """
    try:
        array = np.array([np.asarray(row, np.float64) for row in np.atleast_1d(rows)])
    except (TypeError, ValueError):
        raise InputError("objects that are no rows of numbers of one length") from None
    return array


def write_npy(path: Path, clip: Floats, fps: float | None, aspect: float | None) -> None:
    with path.open("wb") as file:
        np.save(file, clip, allow_pickle=False)


FORMAT = Format("npy", (".npy",), lambda head: head.startswith(MAGIC), read_npy, write=write_npy)
