"""The lines about a video's landmarks."""

from __future__ import annotations

from isl.landmarks import Floats
from isl.vision.video_oddities import Oddities


def find_oddities(clip: Floats, aspect: float) -> list[str]:
    """Returns the lines of ``Oddities`` for the landmarks ``(T, 1662)`` of consecutive or evenly spaced frames."""
    oddities = Oddities()
    for frame in clip:
        oddities.add(frame)
    return oddities.lines(aspect)
