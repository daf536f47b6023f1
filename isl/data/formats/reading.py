"""A clip of any format to the one layout, `(T, 1662)` float32, the unit 0 to 1, and a picture that stands upright."""

from __future__ import annotations

from dataclasses import dataclass

from isl.data.formats.contract import AS_STORED, Array, Parts, RawClip, ReadAs
from isl.data.formats.frames import check_numbers, to_frames
from isl.data.formats.orientation import centred_to_picture, flipped, turned, without_pixels
from isl.data.formats.shapes import blocks_of, split, squeeze, usual_order
from isl.landmarks import Floats, Part


@dataclass(frozen=True)
class Reading:
    """A clip as everything else takes it, and what its file says of it."""

    frames: Floats  # (T, 1662)
    fps: float | None = None
    aspect: float | None = None  # width over height of the picture


def parts_of(raw: RawClip, where: str, order: tuple[Part, ...] | None = None) -> Parts:
    """The parts ``(T, points, dims)`` of a clip as its file holds it, in the ``order`` that the user or a check told.

    Raises:
        InputError: it holds no landmarks, or some that only the user can tell apart.
    """
    if isinstance(raw.values, dict):
        return raw.values
    array = squeeze(check_numbers(raw.values, where), where)
    if order is None:
        order = usual_order(blocks_of(array.shape, None, where), array.shape)
    return split(array, blocks_of(array.shape, order, where))


def read_as_clip(raw: RawClip | Array, where: str, read_as: ReadAs = AS_STORED) -> Reading:
    """The clip that a file's content is.

    Args:
        raw: what a format's reader gave, or an array by itself.
        where: the file, for messages.
        read_as: what the user says of the file, or what ``isl.data.geometry`` found out.

    Raises:
        InputError: it holds no landmarks, or some that only the user can tell apart.
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


def to_clip(raw: RawClip | Array, where: str, read_as: ReadAs = AS_STORED) -> Floats:
    """The frames ``(T, 1662)`` of ``read_as_clip``."""
    return read_as_clip(raw, where, read_as).frames
