"""The choices of a sweep and their scores: a mean and a spread over folds and seeds.

Runs that differ only in fold and seed repeat one choice. A choice's score is the mean over its folds. Its spread is
over seeds: the difference to expect between two trainings of the same choice.
"""

from __future__ import annotations

import json
import math
import statistics
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from isl import console
from isl.evaluation.by_group import worst_tenth

REPEATS = ("seed", "split.fold", "unknown.fold")
SCORES = {
    "top1": "top-1",
    "top5": "top-5",
    "macro_f1": "macro-F1",
    "ece": "calibration error",
    "aurc": "area under risk-coverage",
}
REJECTION = {
    "accepted": "accepted",
    "top1_of_accepted": "right of the accepted",
    "accepted_unknown": "accepted of left-out words",
    "auroc": "AUROC of left-out words",
    "false_accepts": "false accepts at 95 % recall",
}


@dataclass(frozen=True)
class Column:
    """One figure of a report: its place in the report, and its name in tables."""

    part: str  # of the report
    name: str  # in that part
    title: str


def _columns(part: str, names: dict[str, str], suffix: str = "") -> list[Column]:
    return [Column(part, name, title + suffix) for name, title in names.items()]


COLUMNS = [
    *_columns("test", SCORES),
    *_columns("rejection", REJECTION),
    *_columns("test_stable", SCORES, " (stable words)"),
    *_columns("rejection_stable", REJECTION, " (stable words)"),
    *_columns("background", {"auroc": "AUROC of other signs"}),
    *_columns("before", SCORES, " before"),  # this and the next: of adaptations only
    *_columns("kept", SCORES, " (validation)"),
]


@dataclass(frozen=True)
class Score:
    """A figure over repeats: mean, standard deviation and half of the 95 % interval of the mean; NaN for one repeat.

    The interval is Student's t with ``repeats - 1`` degrees of freedom. There is none, NaN, if all repeats gave the
    same: five clips that are all right would have an interval from 100 to 100 %.
    """

    mean: float
    sd: float
    half: float
    repeats: int

    @classmethod
    def of(cls, values: list[float]) -> Score:
        from scipy.stats import t  # takes half a second to load, needed only after the last run

        n = len(values)
        if n < 2:
            return cls(values[0], math.nan, math.nan, n)
        sd = statistics.stdev(values)
        half = float(t.ppf(0.975, n - 1)) * sd / math.sqrt(n) if sd > 1e-9 else math.nan
        return cls(statistics.fmean(values), sd, half, n)

    def __str__(self) -> str:
        return f"{self.mean:.3f}" if math.isnan(self.half) else f"{self.mean:.3f} ± {self.half:.3f}"

    @property
    def row(self) -> list[str]:
        """Mean, standard deviation and the ends of the interval, as text."""
        if math.isnan(self.half):
            return [f"{self.mean:.3f}", "" if math.isnan(self.sd) else f"{self.sd:.3f}", ""]
        low, high = max(0.0, self.mean - self.half), min(1.0, self.mean + self.half)  # every score is a fraction
        return [f"{self.mean:.3f}", f"{self.sd:.3f}", f"{low:.3f} to {high:.3f}"]


@dataclass(frozen=True)
class Choice:
    """One combination of options and the reports of its runs."""

    overrides: tuple[str, ...]  # without the repeats
    reports: list[dict[str, Any]]

    @property
    def loss(self) -> float:
        """The mean of the best validation losses, by which choices are compared; NaN if one of the runs has none.

        Choosing by test scores would be training on the test clips.
        """
        losses = [report["val"]["best_loss"] for report in self.reports]
        return math.nan if None in losses else statistics.fmean(losses)

    @property
    def measured(self) -> list[Column]:
        """The figures that are in the reports of all runs."""
        return [c for c in COLUMNS if all(c.name in report.get(c.part, {}) for report in self.reports)]

    def score(self, name: str, part: str = "test") -> Score:
        """Returns a score over the seeds, each the mean of its folds; with a single seed, over the folds."""
        by_seed: dict[int, list[float]] = defaultdict(list)
        for report in self.reports:
            by_seed[report["seed"]].append(report[part][name])
        values = [statistics.fmean(scores) for scores in by_seed.values()]
        return Score.of(values if len(values) > 1 else next(iter(by_seed.values())))

    def rank_words(self) -> list[tuple[str, float, float]]:
        """Returns each word with its mean and lowest recall over the runs that tested it, the weakest first."""
        seen: dict[str, list[float]] = defaultdict(list)
        for report in self.reports:
            for row in report["per_word"]:
                if row["support"]:
                    seen[row["word"]].append(row["recall"])
        recalls = [(word, statistics.fmean(values), min(values)) for word, values in seen.items()]
        return sorted(recalls, key=lambda row: row[1:])

    @property
    def unstable(self) -> set[str]:
        """Words that are not the same movement in all groups, according to the data."""
        return {word for report in self.reports for word in report.get("unstable", [])}

    def people(self) -> dict[str, float]:
        """Returns the mean and the worst tenth of top-1 over all groups that the runs tested; {} for fewer than two."""
        seen: dict[str, list[float]] = defaultdict(list)
        for report in self.reports:
            for row in report.get("groups", {}).get("groups", []):
                seen[row["group"]].append(row["top1"])
        top1 = [statistics.fmean(values) for values in seen.values()]
        if len(top1) < 2:
            return {}
        return {"count": len(top1), "mean": statistics.fmean(top1), "worst_tenth": worst_tenth(top1)}

    def by_fold(self, name: str = "top1", part: str = "test") -> dict[str, float]:
        """Returns a score's mean on each fold, in order. The keys are fold numbers, or names of the tested groups."""
        seen: dict[str, list[float]] = defaultdict(list)
        for report in sorted(self.reports, key=lambda report: report.get("fold") or 0):
            seen[report.get("tested") or str(report.get("fold") or 0)].append(report[part][name])
        return {fold: statistics.fmean(values) for fold, values in seen.items()}

    @property
    def command(self) -> str:
        """The command that runs this choice once, by the program of the sweep."""
        return console.typed(self.overrides)


def collect(folder: Path) -> list[Choice]:
    """Returns the choices under ``folder``, the lowest mean validation loss first; unfinished runs are left out."""
    runs: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(folder.glob("*/report.json")):
        overrides = OmegaConf.load(path.parent / ".hydra" / "overrides.yaml")
        chosen = tuple(str(o) for o in overrides if str(o).lstrip("+").split("=")[0] not in (*REPEATS, "resume"))
        runs[chosen].append(json.loads(path.read_text(encoding="utf-8")))
    choices = [Choice(chosen, reports) for chosen, reports in runs.items()]
    return sorted(choices, key=lambda choice: (math.isnan(choice.loss), choice.loss))


def failures(folder: Path) -> dict[str, str]:
    """Returns the options and the error of each failed run under ``folder``, by the name of its folder."""
    failed = {}
    for path in sorted(folder.glob("*/failed.txt"), key=lambda path: (len(path.parent.name), path.parent.name)):
        options = map(str, OmegaConf.load(path.parent / ".hydra" / "overrides.yaml"))
        chosen = " ".join(option for option in options if not option.startswith("resume="))
        failed[path.parent.name] = f"{chosen}: {path.read_text(encoding='utf-8').splitlines()[0]}"
    return failed
