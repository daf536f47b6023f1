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
