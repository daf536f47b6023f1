"""Restricts a recogniser to some of its words, such as the possible answers to a question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from isl.errors import InputError
from isl.landmarks import Floats
from isl.recognition.acceptance import Probabilities
from isl.recognition.stream import Recognizes


class RestrictedRecognizer:
    """A recogniser that answers only with chosen words. Any other sign is unknown, also a word that was not chosen.

    The probabilities of the words that were not chosen become 0. The others are not rescaled, so that the sign of a
    word that was not chosen stays below the threshold. Each stream has its own object; they share the network.

    Args:
        recognizer: the recogniser of the whole vocabulary.
        words: the chosen words; None or an empty list: all.

    Raises:
        InputError: a word is not in the vocabulary.
    """

    def __init__(self, recognizer: Recognizes, words: Sequence[str] | None = None) -> None:
        self.recognizer = recognizer
        self.words, self.seconds = recognizer.words, recognizer.seconds
        self.aspect, self.reject = recognizer.aspect, recognizer.reject
        self.restrict(words)

    def restrict(self, words: Sequence[str] | None) -> None:
        """Sets the chosen words for the next answers."""
        unknown = [word for word in words or () if word not in self.words]
        if unknown:
            raise InputError(f"words={unknown[0]}: not one of the checkpoint's words ({', '.join(self.words)})")
        self._chosen = np.array([not words or word in words for word in self.words])

    def threshold(self, keep: float | None = None) -> float:
        return self.recognizer.threshold(keep)

    def prepare(self, frames: Floats) -> Floats:
        return self.recognizer.prepare(frames)

    def judge(self, prepared: Floats, aspect: float | None = None) -> Probabilities:
        """Returns probabilities ``(B, words)`` of clips ``(B, 60, P)``; 0 for words that were not chosen."""
        return np.where(self._chosen, self.recognizer.judge(prepared, aspect), np.float32(0))
