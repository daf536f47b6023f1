"""Types that all readers share: a file format, a clip as its file stores it, and the reading options."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy.typing as npt

from isl.errors import InputError
from isl.landmarks import PARTS, Floats, Part
from isl.vision.cut import Cut

Array = npt.NDArray[Any]
Parts = dict[Part, Array]  # a part's points, (T, points, 2 to 4): x, y, optional z, optional visibility or confidence

NAMES = {part.name: part for part in PARTS}
AGAIN = "extract it again from its video, or delete it"  # advice at the end of messages
FACTS = (  # names of frames per second, width and height of the picture in the files of several tools
    ("fps", "video_fps"),
    ("width", "vid_width", "video_size_width"),
    ("height", "vid_height", "video_size_height"),
)


@dataclass(frozen=True, eq=False)
class RawClip:
    """One clip as its file stores it.

    Attributes:
        values: numbers ``(T, N)`` or points ``(T, P, D)`` whose parts follow from the shape; or the parts by name.
        fps: frames per second, if the file has it.
        size: width and height of the picture in pixels, if the file has them.
        in_pixels: True if the format always stores coordinates in pixels.
    """

    values: Array | Parts
    fps: float | None = None
    size: tuple[float, float] | None = None
    in_pixels: bool = False


@dataclass(frozen=True)
class Member:
    """One of several clips in a file, or a clip that a table lists; the format's reader finds it by ``key``."""

    key: str
    word: str
    clip: str
    group: str = ""  # signer or session
    split: str = ""  # train, val or test
    cut: Cut | None = None  # the part of the file that is the clip
    fps: float | None = None  # of the whole file, if its table has it


@dataclass(frozen=True)
class Format:
    """A file format.

    Attributes:
        name: name in messages.
        suffixes: suffixes of such files, in lower case with their dot.
        fits: returns True if a file's first bytes (4,096 at most) are of this format.
        read: returns the clip in a file, or its member ``key``; raises ``InputError`` without the path in its text.
        members: returns the clips of a file of several, None for a file of one; None for formats of one clip.
        write: stores a clip ``(T, 1662)`` with its fps and the picture's aspect; None if ``isl-convert`` cannot.
    """

    name: str
    suffixes: tuple[str, ...]
    fits: Callable[[bytes], bool]
    read: Callable[[Path, str], RawClip]
    members: Callable[[Path], list[Member] | None] | None = None
    write: Callable[[Path, Floats, float | None, float | None], None] | None = None


@dataclass(frozen=True)
class ReadAs:
    """Reading options for files that do not contain this information.

    Attributes:
        order: the parts in the order in which a frame stores them; None: the usual order of the format's tools.
        mirror: True flips x, for a picture that was mirrored while left and right kept their names.
        turn: degrees clockwise, 0, 90, 180 or 270, by which the picture is turned, after the mirror.
        size: width and height in pixels by which the coordinates were multiplied; None: they are 0 to 1.
        centred: True if the coordinates are relative to the middle of the shoulders, in shoulder widths.
    """

    order: tuple[Part, ...] | None = None
    mirror: bool = False
    turn: int = 0
    size: tuple[float, float] | None = None
    centred: bool = False


AS_STORED = ReadAs()


def recording_facts(values: Mapping[Any, Any]) -> tuple[float | None, tuple[float, float] | None]:
    """Returns frames per second, and width and height of the picture, if a file's ``values`` have them."""
    fps, width, height = (next(filter(None, (_positive(values.get(name)) for name in names)), None) for names in FACTS)
    return fps, (width, height) if width and height else None


def _positive(value: Any) -> float | None:
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if 0 < number < math.inf else None


def load_extra(module: str, package: str, what: str) -> Any:
    """Returns a module of the extra ``formats``.

    Raises:
        InputError: it is not installed; ``what`` needs it.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        raise InputError(f"{what} {package}: pip install 'isl[formats]'") from None
