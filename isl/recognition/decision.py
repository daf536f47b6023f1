"""One decision from a network's logits: how probable each word is, and how probable it is that the sign is none.

A network that was trained with a background (``isl.data.background``) gives logits of its words and, behind them, of
the background's signs. How familiar a sign looks is told by two things together: how little its words' probabilities
are spread (their entropy), and how probable its likeliest word is among words and background. From that, a logistic
curve that was fitted on validation clips tells how probable it is that the sign is a word at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from isl.recognition.acceptance import interpolate_threshold

BESIDE = 0.5  # how much the likeliest word's log-probability counts beside the negative entropy


@dataclass(frozen=True)
class Decision:
    """What turns logits into an answer; as it is, plain probabilities of words that are all taken.

    Attributes:
        words: how many of the logits are words'; what follows is the background's.
        temperature: what logits are divided by, so that words' probabilities are about as often right as they say.
        softness: what logits are divided by before ``familiarity`` looks at them: the sum of the branches' weights.
        slope, middle: of the logistic curve; a slope of 0 takes every sign for a word.
        thresholds: the confidence that a share of the right answers reached, by that share, such as ``{"0.90": 0.41}``.
    """

    words: int
    temperature: float = 1.0
    softness: float = 1.0
    slope: float = 0.0
    middle: float = 0.0
    thresholds: dict[str, float] = field(default_factory=dict)

    def __call__(self, logits: Tensor) -> Tensor:
        """The probability of each word: ``(..., words + signs)`` to ``(..., words)``; what lacks to 1 is "unknown"."""
        probabilities = (logits[..., : self.words] / self.temperature).softmax(-1)
        if self.slope == 0:
            return probabilities
        word = torch.sigmoid(self.slope * (self.familiarity(logits) - self.middle))
        return probabilities * word[..., None]

    def familiarity(self, logits: Tensor) -> Tensor:
        """How much a sign looks like one of the words: ``(..., words + signs)`` to ``(...)``, 0 at most."""
        soft = logits / self.softness
        own = soft[..., : self.words].log_softmax(-1)
        likeliest = soft.log_softmax(-1)[..., : self.words].amax(-1)
        return (own.exp() * own).sum(-1) + BESIDE * likeliest

    def threshold(self, keep: float) -> float:
        """The confidence that a share ``keep`` of right answers reaches; 0 where the checkpoint does not say."""
        if not self.thresholds:
            return 0.0
        return interpolate_threshold(self.thresholds, keep)
