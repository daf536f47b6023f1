"""Landmarks of whatever a camera hands out: MediaPipe, protected from pictures that it does not survive."""

from __future__ import annotations

import numpy as np

from isl.landmarks import FRAME_SIZE, Floats
from isl.vision.holistic import Holistic
from isl.vision.overlay import resized
from isl.vision.video import Image

SMALLEST, LARGEST = 32, 1920  # pixels of a side; nobody can be seen in less, and more is only slower


class Landmarker:
    """RGB ``(height, width, 3)`` to ``(1662,)``. It tracks: frames must come in order, and from one camera.

    A picture of another size than the one before begins a new track. One in which nobody can be seen (too small, not
    RGB) gives zeros.
    """

    def __init__(self, face: bool = True) -> None:
        self._face = face
        self._tracker = Holistic(face)
        self._size: tuple[int, ...] | None = None

    def __call__(self, picture: Image) -> Floats:
        if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or min(picture.shape[:2]) < SMALLEST:
            return np.zeros(FRAME_SIZE, np.float32)
        scale = LARGEST / max(picture.shape[:2])
        if scale < 1:
            height, width = picture.shape[:2]
            picture = resized(picture, max(SMALLEST, round(width * scale)), max(SMALLEST, round(height * scale)))
        if self._size not in (None, picture.shape):
            self._tracker.close()
            self._tracker = Holistic(self._face)
        self._size = picture.shape
        return self._tracker(np.ascontiguousarray(picture))

    def close(self) -> None:
        self._tracker.close()
