"""A drawn signer for tests of streams, whose hands rest, rise and leave at any frame rate; and a fake recogniser."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from hypothesis import strategies as st

from isl.landmarks import (
    FRAME_SIZE,
    LEFT_HAND,
    LEFT_SHOULDER,
    LEFT_WRIST,
    POSE,
    RIGHT_HAND,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
    Floats,
    is_found,
)
from isl.recognition.acceptance import BetweenRests, Rule
from isl.recognition.events import Event
from isl.recognition.stream import Stream

WORDS = ["Doctor", "Fever", "Pain", "_rest"]
NOBODY = np.zeros(FRAME_SIZE, np.float32)
FPS = st.sampled_from([8.0, 10.0, 12.5, 15.0, 24.0, 30.0, 60.0])  # cameras' frame rates


def person(height: float = 1.2, word: int | None = None) -> Floats:
    """Returns a frame with the right wrist ``height`` shoulder widths below the shoulders; the hand encodes ``word``.

    Without a word, no hand is found.
    """
    points = np.full((POSE.points, 4), 0.5, np.float32)
    points[LEFT_SHOULDER, :2], points[RIGHT_SHOULDER, :2] = (0.6, 0.4), (0.4, 0.4)
    points[LEFT_WRIST, :2], points[RIGHT_WRIST, :2] = (0.6, 0.4 + 0.2 * 1.2), (0.4, 0.4 + 0.2 * height)
    frame = NOBODY.copy()
    frame[POSE.slice] = points.ravel()
    if word is not None:
        frame[RIGHT_HAND.slice] = (word + 1) / 10
    return frame


RESTING = person()


def signing(word: int) -> Floats:
    return person(height=0.2, word=word)


def stream(*parts: tuple[Floats, float], fps: float = 30.0, start: float = 0.0) -> Iterator[tuple[float, Floats]]:
    """Yields (time, frame) for the parts (frame, seconds), one part after another."""
    ends = np.cumsum([seconds for _, seconds in parts])
    for i in range(int(ends[-1] * fps)):
        part = int(np.searchsorted(ends, i / fps, side="right"))
        yield start + i / fps, parts[min(part, len(parts) - 1)][0]


class Reader:
    """A fake recogniser that reads words from the raised hand. A word's probability is its share of the frames."""

    def __init__(self, seconds: float = 2.0) -> None:
        self.words, self.seconds, self.aspect, self.reject = list(WORDS), seconds, 1.0, 0.0
        self.clips: list[Floats] = []
        self.prepared = 0  # frames

    def threshold(self, keep: float | None = None) -> float:
        return 0.0

    def prepare(self, frames: Floats) -> Floats:
        self.prepared += len(frames)
        return frames

    def keep(self, share: float | None) -> None:
        """Does nothing, as in a recogniser without a background."""

    def judge(self, prepared: Floats, aspect: float | None = None) -> Floats:
        return np.stack([self._read(clip) for clip in prepared])

    def _read(self, landmarks: Floats) -> Floats:
        assert landmarks.shape == (60, FRAME_SIZE)
        self.clips.append(landmarks)
        shown = np.round(RIGHT_HAND.of(landmarks)[:, 0, 0].clip(0, 0.4) * 10).astype(int) - 1  # (60,), -1: none
        shares = np.bincount(shown[is_found(landmarks, RIGHT_HAND)], minlength=len(WORDS)) / len(landmarks)
        return (shares + (1 - shares.sum()) / len(WORDS)).astype(np.float32)


def left_handed(frame: Floats) -> Floats:
    """Returns the same frame with the other hand raised."""
    points = POSE.of(frame).copy()
    points[[LEFT_WRIST, RIGHT_WRIST], 1] = points[[RIGHT_WRIST, LEFT_WRIST], 1]
    frame = frame.copy()
    frame[POSE.slice] = points.ravel()
    frame[LEFT_HAND.slice] = frame[RIGHT_HAND.slice]
    return frame


def machine(rule: Rule | None = None, **options: Any) -> Any:
    return Stream(Reader(), rule or BetweenRests(), **options)


def hear(
    parts: Sequence[tuple[Floats, float]], fps: float = 30.0, rule: Rule | None = None, **options: Any
) -> list[Event]:
    """Returns the events of a whole stream."""
    made = machine(rule, **options)
    return [event for time, frame in stream(*parts, fps=fps) for event in made.feed(time, frame)] + made.finish()


def words(events: Sequence[Event]) -> list[str]:
    return [event.facts["word"] for event in events if event.kind == "word"]


def states(events: Sequence[Event]) -> list[str]:
    return [event.facts["state"] for event in events if event.kind == "state"]
