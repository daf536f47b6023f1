"""`.pkl`: OpenHands' dictionaries of keypoints and confidences, and plain arrays.

A pickle is a program. Only the functions that rebuild numpy arrays are allowed here; any other name stops the
reading (https://docs.python.org/3/library/pickle.html#restricting-globals).
"""

from __future__ import annotations

import io
import pickle
from pathlib import Path
from typing import Any

import numpy as np

from isl.data.formats.contract import NAMES, Array, Format, RawClip, recording_facts
from isl.errors import InputError

ALLOWED = {
    *((module, "_reconstruct") for module in ("numpy.core.multiarray", "numpy._core.multiarray")),
    *((module, "scalar") for module in ("numpy.core.multiarray", "numpy._core.multiarray")),
    *((module, "_frombuffer") for module in ("numpy.core.numeric", "numpy._core.numeric")),
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("_codecs", "encode"),
    ("collections", "OrderedDict"),
}
KEYPOINTS = ("keypoints", "pose", "landmarks", "data")


class _Plain(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in ALLOWED:
            raise InputError(f"a pickle that would run {module}.{name}; only arrays and plain values are read")
        return super().find_class(module, name)


def load_plain(content: bytes) -> Any:
    """Returns the content of a pickle of arrays, lists, dictionaries and plain values.

    Raises:
        InputError: the pickle holds anything else, or is damaged.
    """
    try:
        return _Plain(io.BytesIO(content)).load()
    except InputError:
        raise
    except Exception:  # damaged or foreign bytes may raise any exception
        raise InputError("a damaged pickle") from None


def read_pickle(path: Path, key: str = "") -> RawClip:
    return from_values(load_plain(path.read_bytes()))


def from_values(values: Any) -> RawClip:
    """Returns the clip in the values of a pickle or an archive: an array, or a dictionary with one under a usual name.

    Points of confidence 0 count as not found and become zeros.
    """
    fps, size = None, None
    confidences: Array | None = None
    if isinstance(values, dict):
        fps, size = recording_facts(values)
        confidences = values.get("confidences")
        if len(parts := {NAMES[name]: np.asarray(points) for name, points in values.items() if name in NAMES}) > 1:
            return RawClip(parts, fps, size)
        named = [name for name in KEYPOINTS if name in values]
        if not named and len(values) != 1:
            raise InputError(f"a dictionary of {', '.join(map(str, list(values)[:6]))}, none of which is 'keypoints'")
        values = values[named[0]] if named else next(iter(values.values()))
    if isinstance(values, list):
        try:
            values = np.asarray(values, np.float64)
        except (TypeError, ValueError):
            raise InputError("a list that is not an array of landmarks") from None
    if not isinstance(values, np.ndarray) or values.ndim < 2:
        raise InputError("no array of frames in it")
    if confidences is not None and np.shape(confidences) == values.shape[:2] and values.ndim == 3:
        values = np.where(np.asarray(confidences)[..., None] > 0, values, 0)
    return RawClip(values, fps, size)


FORMAT = Format("pickle", (".pkl", ".pickle"), lambda head: head[:1] == b"\x80" and head[1:2] <= b"\x05", read_pickle)
