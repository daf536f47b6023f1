"""Corrections of coordinates: from pixels to 0..1, from shoulder widths to a picture, turned upright, flipped back.

Each function takes and returns clips `(T, 1662)`; a missing part stays missing. A flip here changes x alone: left and
right keep their names, unlike in `isl.landmarks.mirror`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from isl.data.formats.contract import Array
from isl.landmarks import LEFT_HAND, LEFT_WRIST, PARTS, POSE, RIGHT_HAND, RIGHT_WRIST, WRIST, Floats, is_found

SHOULDERS = 0.25  # width of the shoulders in a picture of unknown scale


def changed(clip: Floats, change: Callable[[Array], Array]) -> Floats:
    """Returns a copy with ``change`` applied to the points ``(..., x y z)`` of the parts that were found."""
    result = clip.copy()
    for part in PARTS:
        points = part.of(clip)[..., :3]
        present = is_found(clip, part)[:, None, None]
        part.of(result)[..., :3] = np.where(present, change(points), points)
    return result


def without_pixels(clip: Floats, size: tuple[float, float]) -> Floats:
    """Converts pixels to parts of a picture of ``size`` (width, height), z too if it is larger than a body."""
    large = max(float(np.abs(part.of(clip)[..., 2]).max(initial=0)) for part in PARTS) > 10
    by = np.array([size[0], size[1], size[0] if large else 1.0], np.float32)
    return changed(clip, lambda points: points / by)


def flipped(clip: Floats) -> Floats:
    """Replaces x by 1 - x."""
    return changed(clip, lambda points: points * np.array([-1, 1, 1], np.float32) + np.array([1, 0, 0], np.float32))


def turned(clip: Floats, degrees: int) -> Floats:
    """Turns the picture clockwise by 90, 180 or 270 degrees; by 90 its top moves to the right."""

    def turn(points: Array) -> Array:
        x, y, z = points[..., 0], points[..., 1], points[..., 2]
        turned_xy = {90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[degrees]
        return np.stack([*turned_xy, z], -1)

    return changed(clip, turn)


def centred_to_picture(clip: Floats) -> Floats:
    """Converts shoulder widths around the middle of the shoulders to a picture with the shoulders in its middle.

    Hands that are relative to their own wrist are moved to the pose's wrist.
    """
    result = clip.copy()
    for hand, wrist in ((LEFT_HAND, LEFT_WRIST), (RIGHT_HAND, RIGHT_WRIST)):
        points, present = hand.of(result), is_found(clip, hand)
        if present.any() and not points[present, WRIST, :2].any():
            points[present, :, :2] += POSE.of(clip)[present, wrist, None, :2]
    scale, middle = np.array([SHOULDERS, SHOULDERS, 1], np.float32), np.array([0.5, 0.5, 0], np.float32)
    return changed(result, lambda points: points * scale + middle)
