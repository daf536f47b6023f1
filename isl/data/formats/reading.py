"""Conversion of a clip of any format to `(T, 1662)` float32, the unit 0 to 1, and an upright picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from isl.data.formats.contract import AGAIN, AS_STORED, Array, Parts, RawClip, ReadAs
from isl.data.formats.orientation import centred_to_picture, flipped, turned, without_pixels
from isl.data.formats.shapes import TUTORIAL, blocks_of, split, squeeze, usual_order
from isl.errors import InputError
from isl.landmarks import FRAME_SIZE, PARTS, POSE, Floats, NotFiniteError, Part


@dataclass(frozen=True)
class Reading:
    """A converted clip and the facts that its file holds."""

    frames: Floats  # (T, 1662)
    fps: float | None = None
    aspect: float | None = None  # width over height of the picture
    seconds: float | None = None  # length in time, if it is known


def read_as_clip(raw: RawClip | Array, where: str, read_as: ReadAs = AS_STORED) -> Reading:
    """Converts a file's content to a clip.

    Args:
        raw: result of a format's reader, or a plain array.
        where: the file, for messages.
        read_as: reading options from the user or estimated by ``isl.data.geometry``.

    Raises:
        InputError: the clip holds no landmarks, or several orders are possible and the user must choose.
        NotFiniteError: there is NaN or infinity among other numbers.
    """
    raw = raw if isinstance(raw, RawClip) else RawClip(raw)
    clip = _as_it_stands(raw.values) if read_as.order in (None, TUTORIAL) else None
    if clip is None:
        clip = _to_frames(parts_of(raw, where, read_as.order), where)
    size = read_as.size or (raw.size if raw.in_pixels else None)
    if size is not None:
        clip = without_pixels(clip, size)
    if read_as.centred:
        clip = centred_to_picture(clip)
    if read_as.mirror:
        clip = flipped(clip)
    aspect = raw.size[0] / raw.size[1] if raw.size else size[0] / size[1] if size else None
    if read_as.turn:
        clip = turned(clip, read_as.turn)
        aspect = 1 / aspect if aspect and read_as.turn % 180 else aspect
    return Reading(clip, raw.fps, aspect)


def parts_of(raw: RawClip, where: str, order: tuple[Part, ...] | None = None) -> Parts:
    """Returns the parts ``(T, points, dims)`` of a clip; ``order`` is given by the user or estimated.

    Raises:
        InputError: the clip holds no landmarks, or several orders are possible and the user must choose.
    """
    if isinstance(raw.values, dict):
        return raw.values
    array = squeeze(check_numbers(raw.values, where), where)
    if order is None:
        order = usual_order(blocks_of(array.shape, None, where), array.shape)
    return split(array, blocks_of(array.shape, order, where))


def check_numbers(values: object, where: str) -> Array:
    """Returns ``values`` if they are an array of numbers with at least one frame, else raises ``InputError``."""
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiu":
        kind = f"an array of {values.dtype}" if isinstance(values, np.ndarray) else f"a {type(values).__name__}"
        raise InputError(f"{where}: {kind}, not landmarks; extract it again from its video")
    if values.ndim and len(values) == 0:
        raise InputError(f"{where}: no frames; {AGAIN}")
    return values


def is_missing(points: Array) -> npt.NDArray[np.bool_]:
    """Returns True for the frames of a part ``(T, points, dims)`` where x is NaN, or x and y are all one number."""
    first = points[:, :1, :1]
    missing = (points[:, :2, :2] == first).all((1, 2)) & np.isfinite(points[:, 0, 0])  # few frames need a full look
    missing[missing] = (points[missing][..., :2] == first[missing]).all((1, 2))  # some write -1 or 9999
    if points.dtype.kind == "f":
        nothing = np.isnan(points[:, 0, 0])
        missing[nothing] = np.isnan(points[nothing][..., 0]).all(1)
    return missing


def _as_it_stands(values: object) -> Floats | None:
    """Returns an array that is a clip already, not copied; None for any other content of a file."""
    if not isinstance(values, np.ndarray) or values.dtype != np.float32 or values.shape[1:] != (FRAME_SIZE,):
        return None
    with np.errstate(all="ignore"):  # one number that is not finite, or too large, makes the sum so
        if not len(values) or not np.isfinite(values.sum()):
            return None
    parts = [part.of(values) for part in PARTS]
    return None if any(points[is_missing(points)].any() for points in parts) else values


def _to_frames(parts: Parts, where: str) -> Floats:
    """Returns the clip ``(T, 1662)`` of the parts ``(T, points, dims)``; parts that are not stored are zeros."""
    length = max((len(points) for points in parts.values()), default=0)
    if length == 0:
        raise InputError(f"{where}: no frames; {AGAIN}")
    clip = np.zeros((length, FRAME_SIZE), np.float32)
    for part, points in parts.items():
        _write_part(part, points, part.of(clip), where)
    return clip


def _write_part(part: Part, points: Array, out: Floats, where: str) -> None:
    """Writes the part to ``out (T, points, dims)``, zeros, as a frame has it; where it ``is_missing``, zeros remain.

    Points of x and y alone get z 0, and a pose without visibility gets 1 where it was found. Further points (the irises
    of the face) are dropped, and so is a fourth number of another part than the pose, which is a confidence.
    """
    dims = min(part.dims, points.shape[2])
    out[..., :dims] = points[:, : part.points, :dims]
    out[is_missing(points[:, : part.points])] = 0
    if part is POSE and dims < POSE.dims:
        out[..., -1] = out[..., :2].any((1, 2))[:, None]
    if not np.isfinite(out).all():
        frame = int(np.argmin(np.isfinite(out).all((1, 2))))
        raise NotFiniteError(f"{where}: NaN or infinity in frame {frame}, {part.name.replace('_', ' ')}; {AGAIN}")
