"""What an evaluation leaves behind: scores with their uncertainty, per-word figures, pictures, a model card."""

from __future__ import annotations

import csv
import json
import platform
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Probabilities = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]
Z95 = 1.959964  # the normal quantile of a two-sided 95 % interval


@dataclass(frozen=True)
class Evaluation:
    """Predictions on clips whose word is known."""

    words: list[str]
    names: list[str]  # (N,): which clip
    labels: Labels  # (N,)
    probabilities: Probabilities  # (N, words), rows sum to 1

    @property
    def predicted(self) -> Labels:
        return self.probabilities.argmax(1).astype(np.int64)

    def confusion(self) -> Labels:
        """``(words, words)`` counts: a row is what was signed, a column what was recognised."""
        return _confusion(self.labels, self.predicted, len(self.words))


def scores(evaluation: Evaluation) -> dict[str, Any]:
    """Top-1, top-5 and macro-F1 with 95 % intervals, and the expected calibration error; all as fractions.

    Top-k intervals are Wilson's, macro-F1's is a percentile bootstrap over clips (1,000 draws, fixed seed). Both take
    clips as independent; takes of one person are not, so read them as the least uncertainty that there is.
    """
    top1 = evaluation.predicted == evaluation.labels
    best5 = np.argsort(-evaluation.probabilities, axis=1, kind="stable")[:, :5]
    top5 = (best5 == evaluation.labels[:, None]).any(1)
    return {
        "n": len(evaluation.labels),
        "top1": float(top1.mean()),
        "top1_ci95": wilson(int(top1.sum()), len(top1)),
        "top5": float(top5.mean()),
        "top5_ci95": wilson(int(top5.sum()), len(top5)),
        "macro_f1": _macro_f1(evaluation.confusion()),
        "macro_f1_ci95": _bootstrap_macro_f1(evaluation),
        "ece": calibration_error(evaluation),
    }


def per_word(evaluation: Evaluation) -> list[dict[str, Any]]:
    """Precision, recall, F1 and support of each word, in the vocabulary's order; 0 where undefined."""
    confusion = evaluation.confusion()
    hits, signed, recognised = np.diag(confusion), confusion.sum(1), confusion.sum(0)
    with np.errstate(invalid="ignore"):
        precision = np.nan_to_num(hits / recognised)
        recall = np.nan_to_num(hits / signed)
        f1 = np.nan_to_num(2 * hits / (signed + recognised))
    return [
        {
            "word": word,
            "precision": float(precision[i]),
            "recall": float(recall[i]),
            "f1": float(f1[i]),
            "support": int(signed[i]),
        }
        for i, word in enumerate(evaluation.words)
    ]


def wilson(hits: int, n: int) -> list[float]:
    """The 95 % score interval of a proportion (Wilson 1927), which behaves near 0 and 1 as the normal one does not."""
    share = hits / n
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 / (1 + Z95**2 / n) * np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2))
    return [float(max(0.0, centre - half)), float(min(1.0, centre + half))]


def calibration_error(evaluation: Evaluation, bins: int = 15) -> float:
    """Expected calibration error of the top word's probability in equal-width bins (Guo et al. 2017)."""
    confidence = evaluation.probabilities.max(1)
    right = evaluation.predicted == evaluation.labels
    which = np.clip((confidence * bins).astype(int), 0, bins - 1)
    gaps = [abs(right[which == b].sum() - confidence[which == b].sum()) for b in range(bins)]
    return float(sum(gaps) / len(confidence))


def _confusion(labels: Labels, predicted: Labels, words: int) -> Labels:
    return np.bincount(labels * words + predicted, minlength=words**2).reshape(words, words)


def _macro_f1(confusion: Labels) -> float:
    """The mean F1 over the words that were signed or recognised at all."""
    hits, total = np.diag(confusion), confusion.sum(0) + confusion.sum(1)
    return float((2 * hits[total > 0] / total[total > 0]).mean())


def _bootstrap_macro_f1(evaluation: Evaluation, draws: int = 1000) -> list[float]:
    rng = np.random.default_rng(0)
    labels, predicted, words = evaluation.labels, evaluation.predicted, len(evaluation.words)
    drawn = rng.integers(len(labels), size=(draws, len(labels)))
    values = [_macro_f1(_confusion(labels[d], predicted[d], words)) for d in drawn]
    low, high = np.percentile(values, [2.5, 97.5])
    return [float(low), float(high)]


def write(folder: Path, evaluation: Evaluation, about: dict[str, Any]) -> dict[str, Any]:
    """Write ``report.json``, ``report.md``, ``confusion.png`` and ``predictions.csv`` into ``folder``.

    Args:
        folder: the run directory; made if absent.
        evaluation: the predictions to report.
        about: further entries of the report, at least ``protocol``.

    Returns:
        What ``report.json`` holds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    report = {
        "test": scores(evaluation),
        **about,
        "words": evaluation.words,
        "per_word": per_word(evaluation),
        "confusion": evaluation.confusion().tolist(),
        "versions": versions(),
    }
    write_text(folder / "report.json", json.dumps(report, indent=2, ensure_ascii=False) + "\n")
    write_text(folder / "report.md", _markdown(report))
    _write_predictions(folder / "predictions.csv", evaluation)
    unfinished = folder / ".confusion.tmp.png"
    confusion_figure(evaluation).savefig(unfinished)
    unfinished.replace(folder / "confusion.png")
    return report


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    unfinished = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def versions() -> dict[str, str]:
    """What the figures were made with."""
    from importlib.metadata import version

    names = ("isl", "torch", "lightning", "numpy", "mediapipe")
    return {"python": platform.python_version(), **{name: version(name) for name in names}}


def confusion_figure(evaluation: Evaluation) -> Figure:
    """The confusion matrix as a picture: rows are normalised, counts are written where there is room to read them."""
    from matplotlib.figure import Figure  # not pyplot: nothing piles up over a multirun

    confusion, words = evaluation.confusion(), evaluation.words
    size = max(5.0, 0.36 * len(words) + 2.5)
    figure = Figure(figsize=(size, size), layout="constrained", dpi=120)
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
    top1 = float((evaluation.predicted == evaluation.labels).mean())
    axes.set_title(f"{top1:.1%} of {len(evaluation.labels)} clips right")
    figure.colorbar(image, ax=axes, shrink=0.6, label="share of the word's clips")
    return figure


def headline(test: dict[str, Any]) -> list[tuple[str, str]]:
    """The scores as a reader wants them: name and text with its interval."""

    def text(name: str) -> str:
        low, high = test[f"{name}_ci95"]
        return f"{test[name]:.1%}  ({low:.1%} to {high:.1%})"

    return [
        ("top-1", text("top1")),
        ("top-5", text("top5")),
        ("macro-F1", text("macro_f1")),
        ("calibration error", f"{test['ece']:.3f}"),
        ("clips", str(test["n"])),
    ]


def _markdown(report: dict[str, Any]) -> str:
    lines = ["# Report", "", f"Protocol: {report.get('protocol', 'unknown')}", ""]
    if "command" in report:
        lines += [f"    {report['command']}", ""]
    lines += ["| test | value (95 % interval) |", "|---|---|"]
    lines += [f"| {name} | {value} |" for name, value in headline(report["test"])]
    lines += ["", "| word | precision | recall | F1 | clips |", "|---|---|---|---|---|"]
    lines += [
        f"| {row['word']} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} | {row['support']} |"
        for row in report["per_word"]
    ]
    lines += ["", "![confusion matrix](confusion.png)", ""]
    return "\n".join(lines)


def _write_predictions(path: Path, evaluation: Evaluation) -> None:
    unfinished = path.with_name(f".{path.name}.tmp")
    with unfinished.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["clip", "word", "recognised", "confidence"])
        for name, label, guess, row in zip(
            evaluation.names, evaluation.labels, evaluation.predicted, evaluation.probabilities, strict=True
        ):
            writer.writerow([name, evaluation.words[label], evaluation.words[guess], f"{row[guess]:.4f}"])
    unfinished.replace(path)
