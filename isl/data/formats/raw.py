"""A clip as a file holds it, and how to read it: the terms that every format and the geometry check share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy.typing as npt

from isl.landmarks import PARTS, Part

Array = npt.NDArray[Any]
Parts = dict[Part, Array]  # a part's points, (T, points, 2 to 4): x, y, perhaps z, perhaps a visibility or confidence

NAMES = {part.name: part for part in PARTS}


@dataclass(frozen=True)
class RawClip:
    """One clip as its file holds it.

    Attributes:
        values: numbers `(T, N)` or points `(T, P, D)` whose parts follow from the shape; or the parts by name.
        fps: frames a second, where the file tells it.
        width, height: of the picture in pixels, where the file tells it.
        numbers: each frame's own number, where the file tells it.
        remarks: what had to be guessed.
    """

    values: Array | Parts
    fps: float | None = None
    width: float | None = None
    height: float | None = None
    numbers: tuple[int, ...] = ()
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadAs:
    """What the user says of files that do not tell it themselves.

    Attributes:
        order: the parts in the order in which a frame stores them; None: as MediaPipe's tutorials store them.
        turn: degrees clockwise by which the pictures must be turned to stand upright, after the mirror.
        mirror: x must be flipped, as the picture was mirrored while left and right kept their names.
        size: width and height in pixels that coordinates were multiplied with; None: they are 0 to 1.
        centred: coordinates are relative to the shoulders' middle and in shoulder widths.
    """

    order: tuple[Part, ...] | None = None
    turn: int = 0
    mirror: bool = False
    size: tuple[float, float] | None = None
    centred: bool = False
    remarks: tuple[str, ...] = field(default=(), compare=False)


AS_STORED = ReadAs()
