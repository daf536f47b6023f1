"""Draws on pictures, in place. Pictures are RGB ``(height, width, 3)`` uint8."""

from __future__ import annotations

import cv2
import numpy as np

from isl import landmarks as lm
from isl.landmarks import FACE, LEFT_HAND, POSE, RIGHT_HAND, Floats, Part, is_found
from isl.vision.header import Image
from isl.vision.text import mask

Colour = tuple[int, int, int]

BODY_COLOUR, FACE_COLOUR = (110, 110, 110), (150, 150, 150)
LEFT_COLOUR, RIGHT_COLOUR = (30, 90, 220), (220, 60, 30)  # the signer's left hand is blue, the right hand red

BODY_LINES = (
    (lm.RIGHT_WRIST, lm.RIGHT_ELBOW, lm.RIGHT_SHOULDER, lm.LEFT_SHOULDER, lm.LEFT_ELBOW, lm.LEFT_WRIST),
    (lm.RIGHT_SHOULDER, lm.RIGHT_HIP, lm.LEFT_HIP, lm.LEFT_SHOULDER),
)
HAND_LINES = tuple((lm.WRIST, *finger) for finger in lm.FINGERS)
FACE_POINTS = (*lm.LIPS, *lm.EYES, *lm.BROWS)


def draw_landmarks(picture: Image, landmarks: Floats, width: int = 2) -> Image:
    """Draws a frame's landmarks ``(1662,)`` on ``picture``: body, hands, and dots for lips, eyes and brows."""
    if is_found(landmarks, POSE):
        _lines(picture, landmarks, POSE, BODY_LINES, BODY_COLOUR, width)
        _dots(picture, landmarks, POSE, (lm.NOSE,), BODY_COLOUR, width)
    if is_found(landmarks, FACE):
        _dots(picture, landmarks, FACE, FACE_POINTS, FACE_COLOUR, width // 2)
    for hand, colour in ((LEFT_HAND, LEFT_COLOUR), (RIGHT_HAND, RIGHT_COLOUR)):
        if is_found(landmarks, hand):
            _lines(picture, landmarks, hand, HAND_LINES, colour, width)
    return picture


def contact_sheet(rows: list[tuple[str, Floats, float]], columns: int = 8, height: int = 160) -> Image:
    """Returns a picture of clips as rows of skeletons on white, each from its first frame to its last.

    Args:
        rows: for each clip a title, its landmarks ``(T, 1662)``, and width over height of its picture.
        columns: number of frames that are shown of each clip.
        height: height of a skeleton, in pixels.
    """
    strips = []
    for title, clip, aspect in rows:
        cells = [_cell(frame, round(height * aspect), height) for frame in lm.resample(clip, columns)]
        strips.append(np.concatenate([_title(title, sum(cell.shape[1] for cell in cells)), np.hstack(cells)]))
    widest = max(strip.shape[1] for strip in strips)
    padded = [np.pad(s, ((0, 0), (0, widest - s.shape[1]), (0, 0)), constant_values=255) for s in strips]
    return np.concatenate(padded)


def shade(picture: Image, left: int, top: int, right: int, bottom: int, share: float) -> None:
    """Darkens a rectangle by ``share``, so that light text can be read on it."""
    area = picture[max(top, 0) : bottom, max(left, 0) : right]
    area[:] = cv2.convertScaleAbs(area, alpha=1 - share) if area.size else area


def resize(picture: Image, width: int, height: int) -> Image:
    """Returns a copy of ``picture`` at another size."""
    if picture.shape[:2] == (height, width):
        return picture.copy()
    shrinks = width < picture.shape[1]
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)


def png(picture: Image) -> bytes:
    """Returns the picture as the content of a PNG file."""
    _, content = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    return bytes(content.tobytes())


def _cell(landmarks: Floats, width: int, height: int) -> Image:
    cell = np.full((height, width, 3), 255, np.uint8)
    cell[:, -1] = 225  # a thin line between two cells
    return draw_landmarks(cell, landmarks, width=1)


def _title(text: str, width: int, height: int = 16) -> Image:
    letters = mask(text, height - 5)[:height, : width - 4]
    strip = np.full((height, width), 240, np.uint8)
    strip[: letters.shape[0], 4 : 4 + letters.shape[1]] -= (200 * (letters / 255)).astype(np.uint8)
    return strip[..., None].repeat(3, -1)


def _pixels(picture: Image, landmarks: Floats, part: Part) -> np.ndarray:  # type: ignore[type-arg]
    """Returns the part's points in pixels, ``(points, 2)`` int32; they may be outside the picture."""
    height, width = picture.shape[:2]
    points = part.of(landmarks)[:, :2] * (width, height)
    return np.clip(points, -4 * width - 4 * height, 4 * width + 4 * height).round().astype(np.int32)


def _lines(
    picture: Image, landmarks: Floats, part: Part, lines: tuple[tuple[int, ...], ...], colour: Colour, width: int
) -> None:
    pixels = _pixels(picture, landmarks, part)
    cv2.polylines(picture, [pixels[list(line)] for line in lines], False, colour, width, cv2.LINE_AA)


def _dots(picture: Image, landmarks: Floats, part: Part, points: tuple[int, ...], colour: Colour, radius: int) -> None:
    for x, y in _pixels(picture, landmarks, part)[list(points)].tolist():
        cv2.circle(picture, (x, y), radius, colour, -1, cv2.LINE_AA)
