"""Whether somebody is there, and whether their hands are up: the geometry of signing and resting."""

from __future__ import annotations

from collections import deque
from enum import Enum

import numpy as np

from isl.config.options import number, positive
from isl.landmarks import LEFT_WRIST, POSE, RIGHT_WRIST, Floats, found, shoulders


class Hands(Enum):
    NOBODY = "nobody"
    RESTING = "resting"
    UP = "up"


def height(landmarks: Floats, aspect: float, width: float | None = None) -> float:
    """How far the higher wrist hangs below the shoulders, in shoulder widths: about 1.1 at rest, 0.8 or less signing.

    Args:
        landmarks: one frame ``(1662,)`` that shows somebody.
        aspect: width over height of the picture.
        width: of the shoulders, as a part of the picture's height; None takes this frame's own.
    """
    points = POSE.of(landmarks)
    middle, _ = shoulders(points)
    wrist = min(points[LEFT_WRIST, 1], points[RIGHT_WRIST, 1])
    return float((wrist - middle[1]) / max(width or shoulder_width(landmarks, aspect), 1e-3))


def shoulder_width(landmarks: Floats, aspect: float) -> float:
    """Distance of the shoulders as a part of the picture's height."""
    _, across = shoulders(POSE.of(landmarks))
    return float(np.hypot(across[0] * aspect, across[1]))


class Posture:
    """Follows one signer's hands through time, and does not believe a single frame.

    Args:
        rest: height below the shoulders, in shoulder widths, from which on a hand rests. In recordings of three people
            resting hands hang at 1.0 to 1.3, signing ones at 0.8 or higher (see ``height``).
        margin: half of the band around ``rest`` in which nothing changes.
        rise: seconds that hands must be up to count as up.
        settle: seconds that they must rest to count as resting; also what a word waits for after its sign.
        absent: seconds without anybody found until nobody is there.
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
        self.since = 0.0  # when `hands` began: earlier than it was believed
        self._seen = Hands.NOBODY  # in the last frames, not yet believed
        self._seen_since: float | None = None
        self._widths: deque[float] = deque(maxlen=30)

    def step(self, time: float, landmarks: Floats, aspect: float) -> bool:
        """Take in a frame ``(1662,)``; whether ``hands`` has changed by it."""
        seen = self._look(landmarks, aspect)
        if seen != self._seen or self._seen_since is None:
            self._seen, self._seen_since = seen, time
        if seen == self.hands or time - self._seen_since < self._patience[seen]:
            return False
        self.hands, self.since = seen, self._seen_since
        return True

    def _look(self, landmarks: Floats, aspect: float) -> Hands:
        if not found(landmarks, POSE):
            return Hands.NOBODY
        self._widths.append(shoulder_width(landmarks, aspect))
        level = height(landmarks, aspect, float(np.median(self._widths)))
        if self._seen == Hands.UP:
            return Hands.UP if level < self.rest + self.margin else Hands.RESTING
        return Hands.UP if level < self.rest - self.margin else Hands.RESTING
