"""A clip of any format to the one layout, `(T, 1662)` float32."""

from __future__ import annotations

from isl.data.formats.frames import check_numbers, to_frames
from isl.data.formats.raw import AS_STORED, Array, RawClip, ReadAs
from isl.data.formats.shapes import blocks_of, split, squeeze, usual_order
from isl.landmarks import Floats


def to_clip(raw: RawClip | Array, where: str, read_as: ReadAs = AS_STORED) -> Floats:
    """The frames `(T, 1662)` of a clip as its file holds it.

    Args:
        raw: what a format's reader gave, or an array by itself.
        where: the file, for messages.
        read_as: what the user says of the file.

    Raises:
        InputError: it holds no landmarks, or some that only the user can tell apart.
    """
    values = raw.values if isinstance(raw, RawClip) else raw
    if not isinstance(values, dict):
        array = squeeze(check_numbers(values, where), where)
        order = read_as.order
        if order is None:
            order = usual_order(blocks_of(array.shape, None, where), array.shape)
        values = split(array, blocks_of(array.shape, order, where))
    return to_frames(values, where)
