"""Detects a signer and raised hands from landmarks: the geometry of signing and resting."""

from __future__ import annotations

from collections import deque
from enum import Enum

import numpy as np

from isl.config.options import number, positive
from isl.landmarks import LEFT_WRIST, POSE, RIGHT_WRIST, Floats, is_found, shoulders


class Hands(Enum):
    NOBODY = "nobody"
    RESTING = "resting"
    UP = "up"


def height(landmarks: Floats, aspect: float, width: float | None = None) -> float:
    """Returns the distance of the higher wrist below the shoulders, in shoulder widths.

    It is about 1.1 at rest, and 0.8 or less while signing.

    Args:
        landmarks: one frame ``(1662,)`` in which a person was found.
        aspect: width over height of the picture.
        width: width of the shoulders, as a fraction of the picture's height; None: measured in this frame.
    """
    points = POSE.of(landmarks)
    middle, _ = shoulders(points)
    wrist = min(points[LEFT_WRIST, 1], points[RIGHT_WRIST, 1])
    return float((wrist - middle[1]) / max(width or shoulder_width(landmarks, aspect), 1e-3))


def shoulder_width(landmarks: Floats, aspect: float) -> float:
    """Returns the distance between the shoulders as a fraction of the picture's height."""
    _, across = shoulders(POSE.of(landmarks))
    return float(np.hypot(across[0] * aspect, across[1]))


class Posture:
    """Follows one signer's hands over time. A single frame does not change the result.

    Args:
        rest: distance below the shoulders, in shoulder widths, from which on a hand rests (see ``height``). In
            recordings of three people it is 1.0 to 1.3 for resting hands and 0.8 or less for signing ones.
        margin: half the width of the band around ``rest`` in which the result does not change (hysteresis).
        rise: seconds for which hands must be up to count as up.
        settle: seconds for which they must rest to count as resting; a word is delayed by this time after its sign.
        absent: seconds without a person found until the state is NOBODY.
    """

    def __init__(
        self, rest: float = 0.88, margin: float = 0.05, rise: float = 0.1, settle: float = 0.3, absent: float = 0.7
    ) -> None:
        self.rest = positive(rest, "hands.rest")
        self.margin = number(margin, "hands.margin")
        self._patience = {
            Hands.UP: number(rise, "hands.rise"),
            Hands.RESTING: number(settle, "hands.settle"),
            Hands.NOBODY: number(absent, "hands.absent"),
        }
        self.reset()

    def reset(self) -> None:
        self.hands = Hands.NOBODY
        self.since = 0.0  # time at which `hands` began: before it was confirmed
        self._seen = Hands.NOBODY  # in the last frames, not yet confirmed
        self._seen_since: float | None = None
        self._widths: deque[float] = deque(maxlen=30)

    def step(self, time: float, landmarks: Floats, aspect: float) -> bool:
        """Adds a frame ``(1662,)``; returns True if it changes ``hands``."""
        seen = self._look(landmarks, aspect)
        if seen != self._seen or self._seen_since is None:
            self._seen, self._seen_since = seen, time
        if seen == self.hands or time - self._seen_since < self._patience[seen]:
            return False
        self.hands, self.since = seen, self._seen_since
        return True

    def _look(self, landmarks: Floats, aspect: float) -> Hands:
        if not is_found(landmarks, POSE):
            return Hands.NOBODY
        self._widths.append(shoulder_width(landmarks, aspect))
        level = height(landmarks, aspect, float(np.median(self._widths)))
        if self._seen == Hands.UP:
            return Hands.UP if level < self.rest + self.margin else Hands.RESTING
        return Hands.UP if level < self.rest - self.margin else Hands.RESTING
