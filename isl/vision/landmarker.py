"""Extracts landmarks from the pictures of a camera; protects MediaPipe from pictures that would crash it."""

from __future__ import annotations

import numpy as np

from isl.landmarks import FRAME_SIZE, Floats
from isl.vision.header import Image
from isl.vision.holistic import Holistic
from isl.vision.overlay import resize
from isl.vision.person_count import PeopleCounter

SMALLEST, LARGEST = 32, 1920  # pixels per side; smaller ones show no person, larger ones are only slower


class Landmarker:
    """Turns RGB ``(height, width, 3)`` into ``(1662,)``. It tracks: frames must be in order, and from one camera.

    A picture with another size than the previous one starts a new track. A picture that is too small or not RGB gives
    zeros.
    """

    def __init__(self, face: bool = True) -> None:
        self._face = face
        self._tracker = Holistic(face)
        self._size: tuple[int, ...] | None = None
        self.count_people = PeopleCounter()

    def __call__(self, picture: Image) -> Floats:
        if picture.ndim != 3 or picture.shape[2] != 3 or picture.dtype != np.uint8 or min(picture.shape[:2]) < SMALLEST:
            return np.zeros(FRAME_SIZE, np.float32)
        scale = LARGEST / max(picture.shape[:2])
        if scale < 1:
            height, width = picture.shape[:2]
            picture = resize(picture, max(SMALLEST, round(width * scale)), max(SMALLEST, round(height * scale)))
        if self._size not in (None, picture.shape):
            self._tracker.close()
            self._tracker = Holistic(self._face)
        self._size = picture.shape
        return self._tracker(np.ascontiguousarray(picture))

    def close(self) -> None:
        self._tracker.close()
        self.count_people.close()
