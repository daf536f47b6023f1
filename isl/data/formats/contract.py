"""What a format is, and a clip as its file holds it: the terms that every reader here shares."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from isl.landmarks import PARTS, Floats, Part

Array = npt.NDArray[Any]
Parts = dict[Part, Array]  # a part's points, (T, points, 2 to 4): x, y, perhaps z, perhaps a visibility or confidence

NAMES = {part.name: part for part in PARTS}


@dataclass(frozen=True)
class RawClip:
    """One clip as its file holds it.

    Attributes:
        values: numbers ``(T, N)`` or points ``(T, P, D)`` whose parts follow from the shape; or the parts by name.
        fps: frames a second, where the file tells it.
        size: width and height of the picture in pixels, where the file tells it.
        in_pixels: the coordinates are pixels, as the format always has them.
    """

    values: Array | Parts
    fps: float | None = None
    size: tuple[float, float] | None = None
    in_pixels: bool = False


@dataclass(frozen=True)
class Member:
    """One of several clips in a file; ``key`` is how the format's reader finds it again."""

    key: str
    word: str
    clip: str
    group: str = ""


@dataclass(frozen=True)
class Format:
    """A kind of file.

    Attributes:
        name: what messages call it.
        suffixes: how such files are named, in small letters with their dot.
        fits: says from a file's first bytes (4,096 at most) that it is one.
        read: the clip in a file, or the member of that key; raises ``InputError`` without the path in its text.
        members: the clips of a file that holds several, None where it holds one; None for formats of one clip.
        write: stores a clip ``(T, 1662)`` with its fps and the picture's aspect, where ``isl-convert`` can.
    """

    name: str
    suffixes: tuple[str, ...]
    fits: Callable[[bytes], bool]
    read: Callable[[Path, str], RawClip]
    members: Callable[[Path], list[Member] | None] | None = None
    write: Callable[[Path, Floats, float | None, float | None], None] | None = None


@dataclass(frozen=True)
class ReadAs:
    """What the user says of files that do not tell it themselves.

    Attributes:
        order: the parts in the order in which a frame stores them; None: as the format's tools store them.
        mirror: x is to be flipped, as the picture was mirrored while left and right kept their names.
        turn: degrees clockwise, 0, 90, 180 or 270, by which the picture is to be turned, after the mirror.
        size: width and height in pixels that the coordinates were multiplied with; None: they are 0 to 1.
        centred: the coordinates are relative to the shoulders' middle, in shoulder widths.
    """

    order: tuple[Part, ...] | None = None
    mirror: bool = False
    turn: int = 0
    size: tuple[float, float] | None = None
    centred: bool = False


AS_STORED = ReadAs()
