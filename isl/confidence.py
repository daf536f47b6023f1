"""What confidences are worth: are they true, do they rank right answers first, do they tell the unknown?

Confidences are numbers that grow with certainty, one an answer; ``right`` says which answers were right. Nothing here
knows where they come from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[Any]
Labels = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
TEMPERATURES = (0.05, 20.0)  # beyond these a probability is 0 or 1, or says nothing
HEAVIEST = 1 / TEMPERATURES[0]


@dataclass(frozen=True)
class Reliability:
    """Answers in bins of equal width by confidence, from 0 to 1."""

    count: npt.NDArray[np.int64]  # (bins,)
    confidence: Floats  # (bins,): its mean in each bin; NaN in an empty one
    accuracy: Floats  # (bins,): the share of right answers; NaN in an empty one

    @property
    def error(self) -> float:
        """The expected calibration error (Guo et al. 2017, arXiv:1706.04599): the mean gap, weighed by the counts."""
        gaps = np.abs(self.accuracy - self.confidence) * self.count
        return float(np.nansum(gaps) / self.count.sum())


def reliability(confidence: Floats, right: Flags, bins: int = 15) -> Reliability:
    """How often answers were right, by how sure they were."""
    which = np.clip((confidence * bins).astype(int), 0, bins - 1)
    count = np.bincount(which, minlength=bins)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(which, confidence, bins) / count
        accuracy = np.bincount(which, right, bins) / count
    return Reliability(count, mean, accuracy)


@dataclass(frozen=True)
class RiskCoverage:
    """What is wrong among the answers that are given, when only the surest ones are."""

    coverage: Floats  # (N,): 1/N, 2/N, ... 1
    risk: Floats  # (N,): the share of wrong ones among the answered

    @property
    def area(self) -> float:
        """The area under the curve, 0 at best; a random order gives the error rate (Geifman, El-Yaniv 2017)."""
        return float(self.risk.mean())


def risk_coverage(confidence: Floats, right: Flags) -> RiskCoverage:
    """The curve of the error rate among the surest answers, the surest one alone to all; ties share their error."""
    values, place, size = np.unique(-confidence, return_inverse=True, return_counts=True)
    share = np.bincount(place, ~right, len(values)) / size  # wrong ones among equally sure answers
    answered = np.arange(1, len(confidence) + 1)
    return RiskCoverage(answered / len(confidence), np.repeat(share, size).cumsum() / answered)


def auroc(known: Floats, unknown: Floats) -> float:
    """The chance that a known sign is more familiar than an unknown one: the area under the ROC curve (ties half)."""
    ordered = np.sort(unknown)
    below = np.searchsorted(ordered, known, side="left") + np.searchsorted(ordered, known, side="right")
    return float(below.mean() / (2 * len(unknown)))


def false_accepts(known: Floats, unknown: Floats, recall: float = 0.95) -> float:
    """The share of unknown signs that pass the highest threshold which ``recall`` of the known ones pass."""
    return float((unknown >= threshold(known, recall)).mean())


def threshold(confidence: Floats, recall: float = 0.95) -> float:
    """The highest threshold that at least ``recall`` of the answers reach."""
    needed = max(math.ceil(recall * len(confidence) - 1e-9), 1)
    return float(np.sort(confidence)[-needed])


def fit_temperature(logits: Floats, labels: Labels) -> float:
    """The temperature that makes ``softmax(logits / T)`` likeliest (Guo et al. 2017), between 0.05 and 20.

    Of N answers, N + 1 of N + 2 are taken to be right where all are (Platt 1999): that a few clips were all recognised
    is no reason to be certain of the next one. The slope of the loss by 1/T rises steadily, so its root is found by
    halving; no start, no step size, no chance.

    Args:
        logits: ``(N, words)``. labels: ``(N,)``.
    """
    clips, words = logits.shape
    logits = logits - logits.max(1, keepdims=True)
    sure = (clips + 1) / (clips + 2)
    signed = logits[np.arange(clips), labels]
    own = sure * signed + (1 - sure) * (logits.sum(1) - signed) / (words - 1)

    def slope(inverse: float) -> float:
        weight = np.exp(logits * inverse)
        return float(((weight * logits).sum(1) / weight.sum(1) - own).mean())

    low, high = (1 / t for t in reversed(TEMPERATURES))
    for _ in range(60):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return float(1 / (low * high) ** 0.5)


def fit_weights(streams: Floats, labels: Labels, clips: int) -> Floats:
    """How much each stream should count, so that the weighed product of their probabilities is likeliest.

    The answer is ``softmax(sum_s weights_s * log_softmax(streams_s))``, a log-linear opinion pool (Genest & Zidek
    1986); a weight of 0.5 is one stream's temperature of 2. As in ``fit_temperature`` not all answers are taken to be
    right, and the fewer clips there are the closer the weights stay to each other.

    Args:
        streams: logits ``(N, S, words)`` of each stream. labels: ``(N,)``.
        clips: how many of the N are not distortions of one another.

    Returns:
        ``(S,)``, none below 0; where the streams say nothing, all alike and as low as the highest temperature.
    """
    from scipy.optimize import minimize  # a fifth of a second to load, needed after training alone

    n, s, words = streams.shape
    said = np.log(softened(streams, 1.0).clip(1e-12))  # (N, S, words)
    sure = (n + 1) / (n + 2)
    signed = said[np.arange(n), :, labels]  # (N, S)
    own = (sure * signed + (1 - sure) * (said.sum(2) - signed) / (words - 1)).mean(0)  # (S,)

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = weights @ said  # (N, words)
        top = logits.max(1, keepdims=True)
        chance = np.exp(logits - top)
        total = chance.sum(1, keepdims=True)
        apart = weights - weights.mean()
        value = (top + np.log(total)).mean() - weights @ own + (apart**2).sum() / clips
        slope = (said @ (chance / total)[..., None])[..., 0].mean(0) - own + 2 * apart / clips
        return float(value), slope

    found = minimize(loss, np.full(s, 1 / s), jac=True, method="L-BFGS-B", bounds=[(0, HEAVIEST)] * s)
    least = 1 / TEMPERATURES[1]
    return np.asarray(found.x) if found.x.sum() > least else np.full(s, least / s)


def softened(logits: Floats, temperature: float) -> Floats:
    """Probabilities ``(..., words)`` of logits at a temperature."""
    scaled = logits / temperature
    weight = np.exp(scaled - scaled.max(-1, keepdims=True))
    return weight / weight.sum(-1, keepdims=True)


def separation(known: Floats, unknown: Floats, reject: float) -> dict[str, float]:
    """How well confidences tell known signs (N,) from unknown ones (M,): for any threshold, and for ``reject``."""
    return {
        "known": len(known),
        "unknown": len(unknown),
        "auroc": auroc(known, unknown),
        "false_accepts": false_accepts(known, unknown),
        "accepted_known": float((known >= reject).mean()),
        "accepted_unknown": float((unknown >= reject).mean()),
    }
