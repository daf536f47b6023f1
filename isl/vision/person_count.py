"""Counts the people in a picture by their faces."""

from __future__ import annotations

from typing import Any

from isl.vision.header import Image
from isl.vision.holistic import quiet

CONFIDENCE = 0.5


class PeopleCounter:
    """MediaPipe's face detector for faces up to 5 m away, whose network is in the wheel; loaded at its first picture.

    It finds faces of about a tenth of the picture's height and more. A person further away does not disturb Holistic.
    """

    def __init__(self) -> None:
        self._detector: Any = None

    def __call__(self, rgb: Image) -> int:
        """Returns the number of faces in a picture, RGB ``(height, width, 3)`` uint8."""
        with quiet:
            if self._detector is None:
                from mediapipe.python.solutions.face_detection import FaceDetection

                self._detector = FaceDetection(model_selection=1, min_detection_confidence=CONFIDENCE)
            return len(self._detector.process(rgb).detections or ())

    def close(self) -> None:
        if self._detector is not None:
            self._detector.close()
            self._detector = None
