"""Scores of predictions with their uncertainty, and figures of each word."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from isl.evaluation.confidence import Flags, Floats, Labels, reliability, risk_coverage, separation

Probabilities = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Evaluation:
    """Predictions on clips whose word is known."""

    words: list[str]
    names: list[str]  # (N,): of the clips
    labels: Labels  # (N,)
    probabilities: Probabilities  # (N, words), rows sum to 1
    without: tuple[str, ...] = ()  # words that can be recognised, but whose own clips were left out
    groups: list[str] = field(default_factory=list)  # (N,): signer or session of each clip; empty where unknown

    def leaving_out(self, words: Sequence[str]) -> Evaluation:
        """Returns the same predictions, among the same words, without the clips of ``words``."""
        kept = [i for i, label in enumerate(self.labels) if self.words[label] not in words]
        names, groups = ([column[i] for i in kept] if column else [] for column in (self.names, self.groups))
        return Evaluation(self.words, names, self.labels[kept], self.probabilities[kept], tuple(words), groups)

    @property
    def scored(self) -> Flags:
        """Flags ``(words,)`` of the words that enter a mean over words: those whose clips were not left out."""
        return np.array([word not in self.without for word in self.words])

    @property
    def confidence(self) -> Probabilities:
        """The probability of each clip's likeliest word, (N,)."""
        return self.probabilities.max(1)

    @property
    def right(self) -> Flags:
        """Flags (N,) of the clips whose likeliest word is the word that was signed."""
        return self.predicted == self.labels

    @property
    def predicted(self) -> Labels:
        return self.probabilities.argmax(1).astype(np.int64)

    def confusion(self) -> Labels:
        """Returns counts ``(words, words)``: a row is the signed word, a column the recognised one."""
        return _confusion(self.labels, self.predicted, len(self.words))


def scores(evaluation: Evaluation) -> dict[str, Any]:
    """Computes top-1, top-5 and macro-F1 with 95 % intervals, calibration error and risk-coverage area, as fractions.

    The expected calibration error has 15 bins; for it and for the area under the risk-coverage curve see
    ``isl.evaluation.confidence``.

    Top-k intervals are Wilson's, macro-F1's is a percentile bootstrap over clips (1,000 draws, fixed seed). Both treat
    clips as independent. Takes of one person are not, so that the true uncertainty is larger.
    """
    top1 = evaluation.right
    best5 = np.argsort(-evaluation.probabilities, axis=1, kind="stable")[:, :5]
    top5 = (best5 == evaluation.labels[:, None]).any(1)
    return {
        "n": len(evaluation.labels),
        "top1": float(top1.mean()),
        "top1_ci95": wilson(int(top1.sum()), len(top1)),
        "top5": float(top5.mean()),
        "top5_ci95": wilson(int(top5.sum()), len(top5)),
        "macro_f1": _macro_f1(evaluation.confusion(), evaluation.scored),
        "macro_f1_ci95": _bootstrap_macro_f1(evaluation),
        "ece": reliability(evaluation.confidence, top1).error,
        "aurc": risk_coverage(evaluation.confidence, top1).area,
    }


def rejection(evaluation: Evaluation, reject: float, unknown: Floats | None = None) -> dict[str, float]:
    """Measures a threshold on confidence: the share of clips that reach it, and the share of right answers among them.

    Args:
        evaluation: clips of known words.
        reject: the threshold.
        unknown: confidences (M,) of clips of words that were left out of training, if any. The result then includes
            their separation from the known words: see ``isl.evaluation.confidence.separation``.
    """
    accepted = evaluation.confidence >= reject
    measured = {
        "threshold": reject,
        "accepted": float(accepted.mean()),
        "top1_of_accepted": float(evaluation.right[accepted].mean()) if accepted.any() else 0.0,
    }
    return measured if unknown is None else measured | separation(evaluation.confidence, unknown, reject)


def per_word(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Returns precision, recall, F1 and support of each word, in the vocabulary's order; 0 where undefined."""
    confusion = evaluation.confusion()
    hits, signed, recognised = np.diag(confusion), confusion.sum(1), confusion.sum(0)
    with np.errstate(invalid="ignore"):
        precision = np.nan_to_num(hits / recognised)
        recall = np.nan_to_num(hits / signed)
        f1 = np.nan_to_num(2 * hits / (signed + recognised))
    figures = {"precision": precision, "recall": recall, "f1": f1, "support": signed}
    return [
        {"word": word, **{name: values[i].item() for name, values in figures.items()}}
        for i, word in enumerate(evaluation.words)
    ]


def wilson(hits: int, n: int) -> list[float]:
    """Returns the 95 % score interval of a proportion (Wilson 1927); unlike the normal one it holds near 0 and 1."""
    from scipy.stats import binomtest  # takes half a second to load, needed only after training

    low, high = binomtest(hits, n).proportion_ci(method="wilson")
    return [float(low), float(high)]


def _confusion(labels: Labels, predicted: Labels, words: int) -> Labels:
    return np.bincount(labels * words + predicted, minlength=words**2).reshape(words, words)


def _macro_f1(confusion: Labels, averaged: Flags) -> float:
    """Returns the mean F1 over those of the ``averaged`` words that were signed or recognised at least once."""
    hits, total = np.diag(confusion), confusion.sum(0) + confusion.sum(1)
    seen = averaged & (total > 0)
    return float((2 * hits[seen] / total[seen]).mean())


def _bootstrap_macro_f1(evaluation: Evaluation, draws: int = 1000) -> list[float]:
    rng = np.random.default_rng(0)
    labels, predicted, words = evaluation.labels, evaluation.predicted, len(evaluation.words)
    averaged = evaluation.scored
    drawn = rng.integers(len(labels), size=(draws, len(labels)))
    values = [_macro_f1(_confusion(labels[d], predicted[d], words), averaged) for d in drawn]
    low, high = np.percentile(values, [2.5, 97.5])
    return [float(low), float(high)]
