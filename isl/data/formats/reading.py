"""Conversion of a clip of any format to `(T, 1662)` float32, the unit 0 to 1, and an upright picture."""

from __future__ import annotations

from dataclasses import dataclass

from isl.data.formats.contract import AS_STORED, Array, Parts, RawClip, ReadAs
from isl.data.formats.frame_files import check_numbers, to_frames
from isl.data.formats.orientation import centred_to_picture, flipped, turned, without_pixels
from isl.data.formats.shapes import blocks_of, split, squeeze, usual_order
from isl.landmarks import Floats, Part


@dataclass(frozen=True)
class Reading:
    """A converted clip and the facts that its file holds."""

    frames: Floats  # (T, 1662)
    fps: float | None = None
    aspect: float | None = None  # width over height of the picture
    seconds: float | None = None  # length in time, if it is known


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


def read_as_clip(raw: RawClip | Array, where: str, read_as: ReadAs = AS_STORED) -> Reading:
    """Converts a file's content to a clip.

    Args:
        raw: result of a format's reader, or a plain array.
        where: the file, for messages.
        read_as: reading options from the user or estimated by ``isl.data.geometry``.

    Raises:
        InputError: the clip holds no landmarks, or several orders are possible and the user must choose.
    """
    raw = raw if isinstance(raw, RawClip) else RawClip(raw)
    clip = to_frames(parts_of(raw, where, read_as.order), where)
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
