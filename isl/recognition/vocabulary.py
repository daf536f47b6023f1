"""Restricts a recogniser to some of its words, as a question does: "who is sick?" is answered by a family word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from isl.errors import InputError
from isl.landmarks import Floats
from isl.recognition.acceptance import Probabilities
from isl.recognition.stream import Recognizes


class RestrictedRecognizer:
    """A recogniser whose answers are among chosen words. Any other sign is unknown, also one of its other words.

    The probabilities of the words that are left out become 0; the others stay as they are, so that a sign that was one
    of the left-out words stays below the threshold. Each stream has its own; they share the network.

    Args:
        recognizer: the whole vocabulary.
        words: the chosen ones; None or none: all.

    Raises:
        InputError: a word is not in the vocabulary.
    """

    def __init__(self, recognizer: Recognizes, words: Sequence[str] | None = None) -> None:
        self.recognizer = recognizer
        self.words, self.seconds = recognizer.words, recognizer.seconds
        self.aspect, self.reject = recognizer.aspect, recognizer.reject
        self.restrict(words)

    def restrict(self, words: Sequence[str] | None) -> None:
        """Chooses the words of the next answers."""
        unknown = [word for word in words or () if word not in self.words]
        if unknown:
            raise InputError(f"words={unknown[0]}: not one of the checkpoint's words ({', '.join(self.words)})")
        self._chosen = np.array([not words or word in words for word in self.words])

    def threshold(self, keep: float | None = None) -> float:
        return self.recognizer.threshold(keep)

    def prepare(self, frames: Floats) -> Floats:
        return self.recognizer.prepare(frames)

    def judge(self, prepared: Floats, aspect: float | None = None) -> Probabilities:
        """Clips ``(B, 60, P)`` to probabilities ``(B, words)``, 0 for the words that are left out."""
        return np.where(self._chosen, self.recognizer.judge(prepared, aspect), np.float32(0))
