"""The pictures of an evaluation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from isl.evaluation.by_group import by_group
from isl.evaluation.confidence import reliability, risk_coverage
from isl.evaluation.scores import Evaluation
from isl.vision.text import transliterate

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def _figure(width: float, height: float) -> Figure:
    from matplotlib.figure import Figure  # not pyplot, which would keep all figures of a multirun in memory

    return Figure(figsize=(width, height), layout="constrained", dpi=120)


def confusion_figure(evaluation: Evaluation) -> Figure:
    """Draws the confusion matrix: rows are normalised, counts are written for up to 60 words."""
    confusion, words = evaluation.confusion(), [transliterate(word) for word in evaluation.words]
    size = max(5.0, 0.36 * len(words) + 2.5)
    figure = _figure(size, size)
    axes = figure.add_subplot()
    share = confusion / np.maximum(confusion.sum(1, keepdims=True), 1)
    image = axes.imshow(share, cmap="Blues", vmin=0, vmax=1)
    if len(words) <= 60:
        axes.set_xticks(range(len(words)), words, rotation=90)
        axes.set_yticks(range(len(words)), words)
        for row, column in zip(*np.nonzero(confusion), strict=True):
            colour = "white" if share[row, column] > 0.5 else "black"
            axes.text(column, row, str(confusion[row, column]), ha="center", va="center", fontsize=7, color=colour)
    axes.set_xlabel("recognised")
    axes.set_ylabel("signed")
    axes.set_title(f"{evaluation.right.mean():.1%} of {len(evaluation.labels)} clips right")
    figure.colorbar(image, ax=axes, shrink=0.6, label="share of the word's clips")
    return figure


def reliability_figure(evaluation: Evaluation, bins: int = 15) -> Figure:
    """Draws the share of right answers by confidence, and below it the number of answers by confidence."""
    binned = reliability(evaluation.confidence, evaluation.right, bins)
    figure = _figure(5, 6)
    above, below = figure.subplots(2, sharex=True, height_ratios=[3, 1])
    middle, filled = (np.arange(bins) + 0.5) / bins, binned.count > 0
    above.plot([0, 1], [0, 1], color="0.6", linestyle="--", label="perfectly calibrated")
    above.bar(middle[filled], binned.accuracy[filled], 0.9 / bins, color="tab:blue", alpha=0.5)
    above.plot(
        binned.confidence[filled], binned.accuracy[filled], "o", color="tab:blue", label="share of right answers"
    )
    above.set(ylim=(0, 1.02), ylabel="share of right answers")
    above.set_title(f"calibration error {binned.error:.3f}, {len(evaluation.labels)} clips")
    figure.legend(loc="outside lower center", ncols=2)
    bars = below.bar(middle[filled], binned.count[filled], 0.9 / bins, color="0.6")
    below.bar_label(bars, fontsize=7)
    below.set(xlim=(0, 1), ylabel="clips", xlabel="confidence")
    below.margins(y=0.25)  # room for the numbers above the bars
    return figure


def risk_coverage_figure(evaluation: Evaluation) -> Figure:
    """Draws the error rate among the most confident answers, by the share of clips that are answered."""
    curve = risk_coverage(evaluation.confidence, evaluation.right)
    figure = _figure(5, 4)
    axes = figure.add_subplot()
    axes.plot(curve.coverage, curve.risk, color="tab:blue", label=f"by confidence, area {curve.area:.4f}")
    axes.axhline(curve.risk[-1], color="0.6", linestyle="--", label="in random order")
    axes.set(xlim=(0, 1), xlabel="share of clips answered, the most confident first", ylabel="error rate of these")
    axes.set_ylim(0, max(1.15 * float(curve.risk.max()), 0.05))
    figure.legend(loc="outside lower center", ncols=2)
    return figure


def groups_figure(evaluation: Evaluation) -> Figure:
    """Draws a dot for each signer or session: share of right answers, the more clips the larger; and the means."""
    groups = by_group(evaluation)
    rows = groups["groups"]
    figure = _figure(7, 4.5 if len(rows) <= 30 else 5)
    axes = figure.add_subplot()
    place = np.arange(len(rows))
    size = [15 + 60 * min(row["n"], 100) / 100 for row in rows]
    axes.scatter(place, [row["top1"] for row in rows], s=size, color="tab:blue", alpha=0.7)
    axes.axhline(groups["mean"], color="0.4", linestyle="--", label=f"mean {groups['mean']:.1%}")
    worst = groups["worst_tenth"]
    axes.axhline(worst, color="tab:red", linestyle=":", label=f"worst tenth {worst:.1%}")
    if len(rows) <= 60:
        axes.set_xticks(place, [transliterate(row["group"]) for row in rows], rotation=90, fontsize=7)
    else:
        axes.set_xticks([])
    axes.set(
        ylim=(-0.03, 1.03), ylabel="share of right answers", xlabel="signer or session; large dots have more clips"
    )
    axes.set_title(f"{len(rows)} groups, {len(evaluation.labels)} clips")
    figure.legend(loc="outside lower center", ncols=2)
    return figure
