"""Explains to the signer, in one line, why a sign was not accepted."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from isl.landmarks import LEFT_HAND, RIGHT_HAND, Floats, is_found
from isl.recognition.acceptance import Probabilities, top

CLOSE = 0.5  # a second word with this share of the first one's probability is named too
FEW_HANDS = 0.5  # share of the frames: with fewer hands found, the picture is the likelier reason
MOST = 2000  # frames that are kept


def explain_doubt(probabilities: Probabilities, words: Sequence[str], needed: float, hands: float | None) -> str:
    """Returns the reason for the doubt: "Doctor 62% or Fever 35%, 96% needed; hands seen in 40% ...".

    Args:
        probabilities: of the words, ``(words,)``.
        words: their names.
        needed: the confidence that a word must reach.
        hands: share of the sign's frames in which a hand was found; None where it is unknown.
    """
    likeliest = [(word, p) for word, p in top(probabilities, words, 2) if p > 0]
    if len(likeliest) == 2 and likeliest[1][1] < CLOSE * likeliest[0][1]:
        likeliest = likeliest[:1]
    parts = []
    if likeliest:
        # Rounded down, so that 95.9% does not read as the 96% that are needed
        parts.append(" or ".join(f"{word} {int(100 * p + 1e-3)}%" for word, p in likeliest) + f", {needed:.0%} needed")
    if hands is not None and hands < FEW_HANDS:
        parts.append(f"hands seen in {hands:.0%} of the sign: more light, or nearer to the camera")
    return "; ".join(parts) or "no word is like it"


class HandsSeen:
    """Records for each of the last frames if a hand was found."""

    def __init__(self) -> None:
        self._frames: deque[tuple[float, bool]] = deque(maxlen=MOST)

    def add(self, time: float, landmarks: Floats) -> None:
        """Adds the landmarks ``(1662,)`` of a frame."""
        seen = bool(is_found(landmarks, LEFT_HAND)) or bool(is_found(landmarks, RIGHT_HAND))
        self._frames.append((time, seen))

    def share(self, start: float, end: float) -> float | None:
        """Returns the share of the frames from ``start`` to ``end`` with a hand; None where there are no frames."""
        seen = [is_seen for time, is_seen in self._frames if start <= time <= end]
        return sum(seen) / len(seen) if seen else None

    def clear(self) -> None:
        self._frames.clear()
