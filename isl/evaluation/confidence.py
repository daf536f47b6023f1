"""Measures of confidences: calibration, ranking of right answers before wrong ones, separation of unknown signs.

Each answer has one confidence, a number that grows with certainty; ``right`` marks the right answers. The measures hold
for confidences from any source.
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
    """Answers in bins of confidence; the bins have equal width and cover 0 to 1."""

    count: npt.NDArray[np.int64]  # (bins,)
    confidence: Floats  # (bins,): its mean in each bin; NaN in an empty one
    accuracy: Floats  # (bins,): the share of right answers; NaN in an empty one

    @property
    def error(self) -> float:
        """The expected calibration error (Guo et al. 2017, arXiv:1706.04599): the mean gap, weighted by the counts."""
        gaps = np.abs(self.accuracy - self.confidence) * self.count
        return float(np.nansum(gaps) / self.count.sum())


def reliability(confidence: Floats, right: Flags, bins: int = 15) -> Reliability:
    """Computes the share of right answers in each of ``bins`` bins of confidence."""
    which = np.clip((confidence * bins).astype(int), 0, bins - 1)
    count = np.bincount(which, minlength=bins)
    with np.errstate(invalid="ignore"):
        mean = np.bincount(which, confidence, bins) / count
        accuracy = np.bincount(which, right, bins) / count
    return Reliability(count, mean, accuracy)


@dataclass(frozen=True)
class RiskCoverage:
    """The error rate among the answers that are given, if only the most confident ones are given."""

    coverage: Floats  # (N,): 1/N, 2/N, ... 1
    risk: Floats  # (N,): the share of wrong answers among those given

    @property
    def area(self) -> float:
        """The area under the curve, 0 at best; a random order gives the error rate (Geifman, El-Yaniv 2017)."""
        return float(self.risk.mean())


def risk_coverage(confidence: Floats, right: Flags) -> RiskCoverage:
    """Computes the error rate among the n most confident answers, for n from 1 to N; ties share their error."""
    values, place, size = np.unique(-confidence, return_inverse=True, return_counts=True)
    share = np.bincount(place, ~right, len(values)) / size  # of wrong answers among equally confident ones
    answered = np.arange(1, len(confidence) + 1)
    return RiskCoverage(answered / len(confidence), np.repeat(share, size).cumsum() / answered)


def auroc(known_signs: Floats, unknown_signs: Floats) -> float:
    """Computes the area under the ROC curve: the chance that a known sign ranks above an unknown one (ties half)."""
    ordered = np.sort(unknown_signs)
    below = np.searchsorted(ordered, known_signs, side="left") + np.searchsorted(ordered, known_signs, side="right")
    return float(below.mean() / (2 * len(unknown_signs)))


def false_accepts(known_signs: Floats, unknown_signs: Floats, recall: float = 0.95) -> float:
    """Computes the share of unknown signs that pass the highest threshold that ``recall`` of the known ones pass."""
    return float((unknown_signs >= threshold(known_signs, recall)).mean())


def threshold(confidence: Floats, recall: float = 0.95) -> float:
    """Returns the highest threshold that at least ``recall`` of the answers reach."""
    needed = max(math.ceil(recall * len(confidence) - 1e-9), 1)
    return float(np.sort(confidence)[-needed])


def separation(known_signs: Floats, unknown_signs: Floats, reject: float) -> dict[str, float]:
    """Measures the separation of known (N,) and unknown signs (M,): over all thresholds, and at ``reject``."""
    return {
        "known": len(known_signs),
        "unknown": len(unknown_signs),
        "auroc": auroc(known_signs, unknown_signs),
        "false_accepts": false_accepts(known_signs, unknown_signs),
        "accepted_known": float((known_signs >= reject).mean()),
        "accepted_unknown": float((unknown_signs >= reject).mean()),
    }
