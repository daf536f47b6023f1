"""Computes from a network's logits the probability of each word, and the probability that the sign is no word.

A network that was trained with a background (``isl.data.background``) returns the logits of its words and, after them,
those of the background's signs. The familiarity of a sign combines two measures: the negative entropy of the words'
probabilities, and the log-probability of the likeliest word among words and background. In a network of branches the
latter is the mean of the branches' log-probabilities, so that one branch that sees another sign lowers it. A logistic
curve, fitted on validation clips, maps the familiarity to the probability that the sign is a word. The confidence of
an answer is the lesser of that probability and the probability of the likeliest word among words. Familiarity knows
already how sure the network is; the product of the two would count it twice, and accepted two to six per cent more of
strangers' other signs.

A network favours the words that its training had more often than others. Offsets of the words' logits undo a part of
that for the choice among words; the familiarity stays as the network learnt it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from isl.recognition.acceptance import interpolate_threshold

BESIDE = 2.0  # weight of the likeliest word's log-probability; the negative entropy has weight 1


@dataclass(frozen=True)
class Decision:
    """Turns logits into probabilities. With the default values it is a plain softmax over the words.

    Attributes:
        words: number of logits that belong to words; the following ones belong to the background.
        temperature: divisor of the logits that calibrates the words' probabilities.
        softness: divisor of the logits in ``familiarity``: the sum of the branches' weights.
        slope, middle: parameters of the logistic curve; with a slope of 0 every sign counts as a word.
        offsets: added to the words' logits for the choice among them, one a word; empty: nothing is added.
        thresholds: maps a share of the right answers to the confidence that this share reached: ``{"0.90": 0.41}``.
    """

    words: int
    temperature: float = 1.0
    softness: float = 1.0
    slope: float = 0.0
    middle: float = 0.0
    thresholds: dict[str, float] = field(default_factory=dict)
    offsets: Sequence[float] = ()

    def __call__(self, logits: Tensor) -> Tensor:
        """Returns each word's probability: ``(..., words + signs)`` to ``(..., words)``.

        The sum is at most 1; the rest is the probability of "unknown". If the sign is less likely to be a word than
        the likeliest word is among words, all words are lowered in proportion.
        """
        probabilities = (self.choice(logits) / self.temperature).softmax(-1)
        if self.slope == 0:
            return probabilities
        word = torch.sigmoid(self.slope * (self.familiarity(logits) - self.middle))
        return probabilities * (word / probabilities.amax(-1)).clamp(max=1)[..., None]

    def choice(self, logits: Tensor) -> Tensor:
        """Returns the logits for the choice among words: ``(..., words + signs)`` to ``(..., words)``."""
        own = logits[..., : self.words]
        return own + self.softness * own.new_tensor(self.offsets) if self.offsets else own

    def familiarity(self, logits: Tensor) -> Tensor:
        """Returns the familiarity of signs, at most 0: ``(..., words + signs)`` to ``(...)``.

        A product of probabilities has a sum below 1 where the branches disagree, which makes the sign less familiar. A
        sum above 1 occurs with logits of a single network, which are normalised.
        """
        soft = logits / self.softness
        own = soft[..., : self.words].log_softmax(-1)
        likeliest = soft[..., : self.words].amax(-1) - soft.logsumexp(-1).clamp(min=0)
        return (own.exp() * own).sum(-1) + BESIDE * likeliest

    def threshold(self, keep: float) -> float:
        """Returns the confidence that a share ``keep`` of right answers reaches; 0 where the checkpoint has none."""
        if not self.thresholds:
            return 0.0
        return interpolate_threshold(self.thresholds, keep)


def align_offsets(offsets: Mapping[str, float], words: Sequence[str]) -> list[float]:
    """Returns the offsets of ``words`` in their order, 0 for a word that has none; empty if no word has one."""
    return [float(offsets.get(word, 0.0)) for word in words] if offsets else []
