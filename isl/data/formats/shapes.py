"""Parts of an array, found from its shape alone: 258 numbers per frame are a pose and two hands."""

from __future__ import annotations

from functools import cache
from itertools import product

from isl.data.formats.contract import NAMES, Array, Parts
from isl.errors import InputError
from isl.landmarks import FACE, FRAME_SIZE, LEFT_HAND, PARTS, POSE, RIGHT_HAND, Part

IRIS = 10  # points of the irises, after the face's own points, from `refine_face_landmarks` and the Tasks API
TUTORIAL = (POSE, FACE, LEFT_HAND, RIGHT_HAND)  # the order in nearly all public folders
KAGGLE = (FACE, LEFT_HAND, POSE, RIGHT_HAND)  # the order of Google's ISLR data: alphabetical

Block = tuple[Part, int, int]  # a part, its number of stored points, the numbers per point


def _stored_blocks() -> list[tuple[Block, ...]]:
    """Returns every usual combination of parts, in the tutorials' order; the most common dimensions first."""
    layouts = []
    for dims in (3, 2, 4):
        for pose_dims, face, hands in product((0, dims, 4), (0, FACE.points, FACE.points + IRIS), (0, 1)):
            blocks: list[Block] = [(POSE, POSE.points, pose_dims)] * bool(pose_dims)
            blocks += [(FACE, face, dims)] * bool(face)
            blocks += [(LEFT_HAND, LEFT_HAND.points, dims), (RIGHT_HAND, RIGHT_HAND.points, dims)] * hands
            if blocks and tuple(blocks) not in layouts:
                layouts.append(tuple(blocks))
    return layouts + [((hand, hand.points, dims),) for dims in (3, 2) for hand in (LEFT_HAND, RIGHT_HAND)]


STORED = _stored_blocks()


def squeeze(values: Array, where: str) -> Array:
    """Removes batch axes of length 1: ``(1, 60, 1662)`` is a clip of 60 frames."""
    if values.ndim == 1:
        return values[None]
    while values.ndim > 2 and not (values.ndim == 3 and _fitting(values.shape[1:], None)):
        spare = [axis for axis, length in enumerate(values.shape) if length == 1]
        if not spare:
            break
        values = values.squeeze(spare[0])
    if values.ndim > 3 or values.ndim == 0:
        raise InputError(f"{where}: shape {values.shape} holds more than one clip; store one clip a file")
    return values


def blocks_of(shape: tuple[int, ...], order: tuple[Part, ...] | None, where: str) -> tuple[Block, ...]:
    """Returns the parts in frames of this shape, in the order in which they are stored.

    Args:
        shape: ``(T, N)`` or ``(T, P, D)``.
        order: the parts in the order given by the user; None: in the order of the tutorials.

    Raises:
        InputError: no combination of parts fits, or several fit and the user must choose.
    """
    matching = _fitting(shape[1:], order)
    if not matching:
        named = f" as {', '.join(part.name for part in order)}" if order else ""
        raise InputError(
            f"{where}: shape {shape}{named}, but a frame has {FRAME_SIZE} numbers, or 258 (pose, hands), 225, 126 "
            "(hands), 1629, 1692 or 543 points; convert it, or name its parts by data.order="
        )
    blocks = matching[0]
    if len(blocks) == 1 and blocks[0][0] in (LEFT_HAND, RIGHT_HAND) and order is None:
        raise InputError(
            f"{where}: shape {shape} is one hand, and nothing says which; give data.order=[right_hand] or "
            "data.order=[left_hand]"
        )
    return blocks


@cache  # a folder has one or a few shapes
def _fitting(frame: tuple[int, ...], order: tuple[Part, ...] | None) -> list[tuple[Block, ...]]:
    """Returns the combinations that fit the shape of a frame, the likeliest first."""
    fitting = []
    for blocks in STORED:
        if order is not None:
            by_part = {block[0]: block for block in blocks}
            if set(by_part) != set(order):
                continue
            blocks = tuple(by_part[part] for part in order)
        points, dims = sum(block[1] for block in blocks), {block[2] for block in blocks}
        if (len(frame) == 1 and sum(block[1] * block[2] for block in blocks) == frame[0]) or (
            len(frame) == 2 and frame[0] == points and dims == {frame[1]}
        ):
            fitting.append(blocks)
    return fitting


def split(values: Array, blocks: tuple[Block, ...]) -> Parts:
    """Returns the parts of an array ``(T, N)`` or ``(T, P, D)``, each ``(T, points, dims)``."""
    flat = values.reshape(len(values), -1)
    parts, start = {}, 0
    for part, points, dims in blocks:
        block = flat[:, start : start + points * dims]
        parts[part] = block.reshape(len(flat), points, dims)
        start += points * dims
    return parts


def usual_order(blocks: tuple[Block, ...], shape: tuple[int, ...]) -> tuple[Part, ...]:
    """Returns the default order: Kaggle's for points of x, y, z, else the tutorials'."""
    parts = [block[0] for block in blocks]
    usual = KAGGLE if len(shape) == 3 and shape[2] == 3 else TUTORIAL
    return tuple(part for part in usual if part in parts)


def parse_order(names: object, flag: str = "data.order") -> tuple[Part, ...]:
    """Returns the parts of a list of part names.

    Raises:
        InputError: ``names`` is not a list of different part names.
    """
    listed = [names] if isinstance(names, str) else names
    if not isinstance(listed, (list, tuple)) or not listed or len(set(map(str, listed))) < len(listed):
        raise InputError(f"{flag}={names}: give a list of parts, such as [face,pose,left_hand,right_hand]")
    if unknown := [str(name) for name in listed if name not in NAMES]:
        raise InputError(f"{flag}: no such part: {', '.join(unknown)}; parts are {', '.join(p.name for p in PARTS)}")
    return tuple(NAMES[name] for name in listed)
