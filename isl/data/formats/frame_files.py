"""Conversion of parts, as a file stores them, to float32 frames `(T, 1662)`."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from isl.data.formats.contract import Array, Parts
from isl.errors import InputError
from isl.landmarks import FRAME_SIZE, POSE, Floats, NotFiniteError, Part

AGAIN = "extract it again from its video, or delete it"


def check_numbers(values: object, where: str) -> Array:
    """Returns ``values`` if they are an array of numbers with at least one frame.

    Raises:
        InputError: they are not.
    """
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiu":
        kind = f"an array of {values.dtype}" if isinstance(values, np.ndarray) else f"a {type(values).__name__}"
        raise InputError(f"{where}: {kind}, not landmarks; extract it again from its video")
    if values.ndim and len(values) == 0:
        raise InputError(f"{where}: no frames; {AGAIN}")
    return values


def to_frames(parts: Parts, where: str) -> Floats:
    """Returns the clip ``(T, 1662)`` of the parts ``(T, points, dims)``.

    A part whose x is NaN in a whole frame, or whose x and y are all one number there, is missing and becomes
    zeros, as does a part that is not stored at all. Points with only x and y get z 0. A pose without visibility gets
    visibility 1 where it was found. Points beyond a part's own (the irises of the face) are dropped, and so is a fourth
    number of other parts than the pose, which other tools store as confidence.

    Raises:
        NotFiniteError: there is NaN or infinity among other numbers.
        InputError: there are no frames.
    """
    length = max((len(points) for points in parts.values()), default=0)
    if length == 0:
        raise InputError(f"{where}: no frames; {AGAIN}")
    clip = np.zeros((length, FRAME_SIZE), np.float32)
    for part, points in parts.items():
        clip[:, part.slice] = _part(part, points, where).reshape(length, -1)
    return clip


def is_missing(points: Array) -> npt.NDArray[np.bool_]:
    """Returns True for the frames of a part ``(T, points, dims)`` where x is NaN, or x and y are all one number."""
    one_number = (points[..., :2] == points[:, :1, :1]).all((1, 2))  # some write -1 or 9999 for what is missing
    one_number &= np.isfinite(points[:, 0, 0])
    return one_number | (np.isnan(points[..., 0]).all(1) if points.dtype.kind == "f" else False)


def _part(part: Part, points: Array, where: str) -> Floats:
    stored = points[:, : part.points]
    missing = is_missing(stored)
    stored = np.where(missing[:, None, None], 0, stored)
    absent = missing | ~(stored[..., :2] != 0).any((1, 2))
    result = np.zeros((len(stored), part.points, part.dims), np.float32)
    dims = min(part.dims, stored.shape[2])
    result[..., :dims] = stored[..., :dims]
    if part is POSE and stored.shape[2] < POSE.dims:
        result[..., POSE.dims - 1] = np.where(absent, 0.0, 1.0)[:, None]
    if not np.isfinite(result).all():
        frame = int(np.argmin(np.isfinite(result).all((1, 2))))
        raise NotFiniteError(f"{where}: NaN or infinity in frame {frame}, {part.name.replace('_', ' ')}; {AGAIN}")
    return result
