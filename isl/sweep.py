"""Many runs, one table: what a multirun ends in, on the screen, as ``sweep.csv`` and as ``sweep.md``.

Runs that differ in their fold and seed alone repeat one choice. A choice's score is the mean over its folds, and its
spread is that of the seeds: how far another training of the same thing lands from this one.
"""

from __future__ import annotations

import csv
import io
import json
import math
import shlex
import statistics
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hydra.experimental.callback import Callback
from omegaconf import DictConfig, OmegaConf
from rich.console import Console
from rich.table import Table

from isl.report import write_text

REPEATS = ("seed", "split.fold")
SCORES = ("top1", "top5", "macro_f1", "ece")
# Two-sided 95 % quantiles of Student's t with 1, 2, ... degrees of freedom; the normal one beyond
T95 = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228)
Z95 = 1.96


@dataclass(frozen=True)
class Score:
    """A figure over repeats: mean, standard deviation and half of the 95 % interval of the mean; NaN for one repeat."""

    mean: float
    sd: float
    half: float
    repeats: int

    @classmethod
    def of(cls, values: list[float]) -> Score:
        n = len(values)
        if n < 2:
            return cls(values[0], math.nan, math.nan, n)
        sd = statistics.stdev(values)
        t = T95[n - 2] if n - 2 < len(T95) else Z95
        return cls(statistics.fmean(values), sd, t * sd / math.sqrt(n), n)

    def __str__(self) -> str:
        return f"{self.mean:.3f}" if math.isnan(self.sd) else f"{self.mean:.3f} ± {self.half:.3f}"


@dataclass(frozen=True)
class Choice:
    """One combination of options and the runs that tried it."""

    overrides: tuple[str, ...]  # without the repeats
    reports: list[dict[str, Any]]

    @property
    def loss(self) -> float:
        """The mean of the best validation losses: what choices are compared by, since the test is no way to choose."""
        return statistics.fmean(report["val"]["best_loss"] for report in self.reports)

    @property
    def parts(self) -> list[str]:
        """What was scored: ``test``, and ``test_stable`` where the data name words to be reported apart."""
        return [part for part in ("test", "test_stable") if all(part in report for report in self.reports)]

    def score(self, name: str, part: str = "test") -> Score:
        """A test score: the mean over folds for each seed, then over seeds; over folds where there is one seed."""
        by_seed: dict[int, list[float]] = defaultdict(list)
        for report in self.reports:
            by_seed[report["seed"]].append(report[part][name])
        values = [statistics.fmean(scores) for scores in by_seed.values()]
        return Score.of(values if len(values) > 1 else next(iter(by_seed.values())))

    def recalls(self) -> list[tuple[str, float]]:
        """Every word's mean recall over the runs that tested it, the weakest first."""
        seen: dict[str, list[float]] = defaultdict(list)
        for report in self.reports:
            for row in report["per_word"]:
                if row["support"]:
                    seen[row["word"]].append(row["recall"])
        return sorted(((word, statistics.fmean(values)) for word, values in seen.items()), key=lambda pair: pair[1])

    def command(self, script: str) -> str:
        """What to type to run this choice once."""
        return shlex.join(["python", script, *self.overrides])


def collect(folder: Path) -> list[Choice]:
    """The choices tried under ``folder``, the lowest mean validation loss first; unfinished runs are left out."""
    runs: dict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for path in sorted(folder.glob("*/report.json")):
        overrides = OmegaConf.load(path.parent / ".hydra" / "overrides.yaml")
        chosen = tuple(str(o) for o in overrides if str(o).lstrip("+").split("=")[0] not in REPEATS)
        runs[chosen].append(json.loads(path.read_text(encoding="utf-8")))
    return sorted((Choice(chosen, reports) for chosen, reports in runs.items()), key=lambda choice: choice.loss)


class SweepTable(Callback):
    """Hydra's hook at the end of a multirun: the table in the sweep's folder, and on the screen."""

    def on_multirun_end(self, config: DictConfig, **_: Any) -> None:
        folder = Path(config.hydra.sweep.dir)
        choices = collect(folder)
        if not choices:
            return
        script = f"{config.hydra.job.name}.py"
        write_text(folder / "sweep.csv", _csv(choices, script))
        write_text(folder / "sweep.md", _markdown(choices, script))
        _show(choices)
        console = Console()
        console.print("Ordered by validation loss: choosing by the test would be training on it.")
        console.print(f"lowest validation loss: {choices[0].command(script)}\n{folder / 'sweep.csv'}", soft_wrap=True)


def _csv(choices: list[Choice], script: str) -> str:
    parts = choices[0].parts
    text = io.StringIO()
    writer = csv.writer(text)
    spread = [f"{part}_{name}_{what}" for part in parts for name in SCORES for what in ("mean", "sd", "ci95")]
    writer.writerow(["choice", "runs", "val_loss_mean", *spread, "command"])
    for choice in choices:
        scores = [choice.score(name, part) for part in parts for name in SCORES]
        figures = ["" if math.isnan(x) else f"{x:.4f}" for s in scores for x in (s.mean, s.sd, s.half)]
        row = [" ".join(choice.overrides), len(choice.reports), f"{choice.loss:.4f}", *figures]
        writer.writerow([*row, choice.command(script)])
    return text.getvalue()


def _own(choices: list[Choice]) -> list[str]:
    """What tells each choice from the others."""
    shared = set.intersection(*(set(choice.overrides) for choice in choices)) if len(choices) > 1 else set()
    return [" ".join(o for o in choice.overrides if o not in shared) or "(as configured)" for choice in choices]


def _columns(choice: Choice) -> list[str]:
    scores = [str(choice.score(name, part)) for part in choice.parts for name in ("top1", "macro_f1")]
    return [str(len(choice.reports)), f"{choice.loss:.3f}", *scores, str(choice.score("ece"))]


def _headings(choice: Choice) -> list[str]:
    titles = {"test": "", "test_stable": " (stable words)"}
    scores = [f"{name}{titles[part]}" for part in choice.parts for name in ("top-1", "macro-F1")]
    return ["choice", "runs", "val loss", *scores, "calibration error"]


def _show(choices: list[Choice]) -> None:
    table = Table(title="test scores, mean ± half a 95 % interval over seeds (one seed: over folds)")
    for heading in _headings(choices[0]):
        table.add_column(heading, justify="left" if heading == "choice" else "right")
    for own, choice in zip(_own(choices), choices, strict=True):
        table.add_row(own, *_columns(choice))
    console = Console()
    console.print(table)
    if len(choices) == 1:
        console.print(
            "weakest words: " + ", ".join(f"{word} {recall:.2f}" for word, recall in choices[0].recalls()[:6])
        )


def _markdown(choices: list[Choice], script: str) -> str:
    headings = _headings(choices[0])
    lines = [f"| {' | '.join(headings)} |", "|---" * len(headings) + "|"]
    for own, choice in zip(_own(choices), choices, strict=True):
        lines.append(f"| {' | '.join([own, *_columns(choice)])} |")
    lines += ["", "Test scores, mean ± half a 95 % interval over seeds; ordered by validation loss.", ""]
    for own, choice in zip(_own(choices), choices, strict=True):
        weakest = ", ".join(f"{word} {recall:.2f}" for word, recall in choice.recalls()[:6])
        lines += [f"- {own}: `{choice.command(script)}`; weakest words by recall: {weakest}"]
    return "\n".join(lines) + "\n"
