"""A folder of numbered pictures, read as a video."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isl.errors import InputError

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm")
RATE = 30.0  # frames per second that are assumed
FEWEST = 2  # pictures in a video
NUMBERED = re.compile(r"(.*?)(\d+)\D*")  # the last number of a name, and the text before it


def in_order(names: Iterable[str]) -> list[str]:
    """Returns the names of the pictures of one video in the order of their numbers; none if they are not one video.

    The pictures of one video differ in one number: ``x_001.jpg``, ``x_002.jpg``.
    """
    numbered: dict[int, str] = {}
    before: set[str] = set()
    for name in names:
        if name.lower().endswith(PICTURE_SUFFIXES):
            match = NUMBERED.fullmatch(name.rpartition(".")[0])
            if match is None or int(match[2]) in numbered:
                return []
            before.add(match[1])
            numbered[int(match[2])] = name
    if len(before) > 1 or len(numbered) < FEWEST:
        return []
    return [numbered[number] for number in sorted(numbered)]


def pictures_in(folder: Path) -> list[str]:
    """Returns the names of the pictures of a folder that is one video, in order; none for another folder."""
    return in_order(path.name for path in folder.iterdir() if not path.name.startswith(".") and path.is_file())


class PictureSequence:
    """The pictures of a folder, with the methods of ``cv2.VideoCapture`` that ``Video`` uses.

    A picture's number gives its time, so that missing ones do not change the times of the others.

    Raises:
        InputError: the folder is not one video.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names = pictures_in(folder)
        if not self.names:
            raise InputError(
                f"{folder}: no video, but a folder; a folder is read as one if it holds numbered pictures, x_001.jpg"
            )
        numbers = [int(match[2]) for name in self.names if (match := NUMBERED.fullmatch(name.rpartition(".")[0]))]
        step = min(np.diff(numbers))  # every third frame of a video may have been stored
        self._places = [(number - numbers[0]) / step for number in numbers]
        self._position = -1
        self._size: tuple[int, ...] | None = None

    @property
    def missing(self) -> int:
        """Number of pictures that are missing between the first and the last number."""
        return round(self._places[-1]) + 1 - len(self.names)

    def isOpened(self) -> bool:  # noqa: N802 - cv2's name
        return True

    def get(self, property_: int) -> float:
        import cv2

        return {
            cv2.CAP_PROP_FPS: RATE,
            cv2.CAP_PROP_FRAME_COUNT: float(len(self.names)),
            cv2.CAP_PROP_POS_MSEC: 1000 * self._places[min(max(self._position, 0), len(self.names) - 1)] / RATE,
        }.get(property_, 0.0)

    def set(self, property_: int, value: float) -> bool:
        return False

    def grab(self) -> bool:
        self._position += 1
        return self._position < len(self.names)

    def retrieve(self) -> tuple[bool, npt.NDArray[np.uint8]]:
        """Returns the present picture as BGR.

        Raises:
            InputError: it can't be decoded, or is of another size than the first.
        """
        import cv2

        path = self.folder / self.names[self._position]
        coded = np.frombuffer(path.read_bytes(), np.uint8)
        picture: Any = cv2.imdecode(coded, cv2.IMREAD_COLOR) if len(coded) else None
        if picture is None:
            raise InputError(f"{path}: this picture cannot be decoded; delete it, or copy it again")
        if self._size not in (None, picture.shape):
            raise InputError(
                f"{path}: {picture.shape[1]} x {picture.shape[0]} pixels, unlike the pictures before; a folder of "
                "pictures is one video"
            )
        self._size = picture.shape
        return True, picture

    def read(self) -> tuple[bool, npt.NDArray[np.uint8] | None]:
        return self.retrieve() if self.grab() else (False, None)

    def release(self) -> None:
        """Does nothing: no file stays open."""
