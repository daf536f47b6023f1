"""Fakes that replace ``cv2.VideoCapture`` in tests."""

from __future__ import annotations

import numpy as np


class Unplugged:
    """A camera that gives three black pictures and then stops."""

    def __init__(self, source: int | str = 0) -> None:
        self._left = 3

    def isOpened(self) -> bool:  # noqa: N802
        return True

    def set(self, *_: object) -> None:
        pass

    def read(self) -> tuple[bool, np.ndarray | None]:
        self._left -= 1
        return (True, np.zeros((48, 64, 3), np.uint8)) if self._left >= 0 else (False, None)

    def release(self) -> None:
        pass
