"""Many runs, one table: what a multirun ends in, on the screen, as ``sweep.csv`` and as ``sweep.md``.

Runs that differ in their folds and seed alone repeat one choice. A choice's score is the mean over its folds, and its
spread is that of the seeds: how far another training of the same thing lands from this one. Several choices stand one
a row, by validation loss; the only choice of a protocol gets its scores one a row, and every word's recall.
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
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

from hydra.experimental.callback import Callback
from omegaconf import DictConfig, OmegaConf
from rich.table import Table

from isl import console
from isl.evaluation.report import markdown_table
from isl.files import write_text

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
ALONE = ("top5", "aurc", "accepted", "top1_of_accepted", "accepted_unknown")  # too much where choices are compared


@dataclass(frozen=True)
class Column:
    """One figure of a report: where it stands in it, and what it is called."""

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
    *_columns("before", SCORES, " before"),  # this and the next of adaptations
    *_columns("kept", SCORES, " (validation)"),
]


@dataclass(frozen=True)
class Score:
    """A figure over repeats: mean, standard deviation and half of the 95 % interval of the mean; NaN for one repeat.

    The interval is Student's, of ``repeats - 1`` degrees of freedom.
    """

    mean: float
    sd: float
    half: float
    repeats: int

    @classmethod
    def of(cls, values: list[float]) -> Score:
        from scipy.stats import t  # half a second to load, needed after the last run alone

        n = len(values)
        if n < 2:
            return cls(values[0], math.nan, math.nan, n)
        sd = statistics.stdev(values)
        return cls(statistics.fmean(values), sd, float(t.ppf(0.975, n - 1)) * sd / math.sqrt(n), n)

    def __str__(self) -> str:
        return f"{self.mean:.3f}" if math.isnan(self.sd) else f"{self.mean:.3f} ± {self.half:.3f}"

    @property
    def row(self) -> list[str]:
        """Mean, standard deviation and the interval's ends as text."""
        if math.isnan(self.sd):
            return [f"{self.mean:.3f}", "", ""]
        low, high = max(0.0, self.mean - self.half), min(1.0, self.mean + self.half)  # every score is a fraction
        return [f"{self.mean:.3f}", f"{self.sd:.3f}", f"{low:.3f} to {high:.3f}"]


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
    def measured(self) -> list[Column]:
        """What was scored: what stands in the reports of all runs."""
        return [c for c in COLUMNS if all(c.name in report.get(c.part, {}) for report in self.reports)]

    def score(self, name: str, part: str = "test") -> Score:
        """A score: the mean over folds for each seed, then over seeds; over folds where there is one seed."""
        by_seed: dict[int, list[float]] = defaultdict(list)
        for report in self.reports:
            by_seed[report["seed"]].append(report[part][name])
        values = [statistics.fmean(scores) for scores in by_seed.values()]
        return Score.of(values if len(values) > 1 else next(iter(by_seed.values())))

    def recalls(self) -> list[tuple[str, float, float]]:
        """Every word's recall, the mean over the runs that tested it and the lowest of them; the weakest first."""
        seen: dict[str, list[float]] = defaultdict(list)
        for report in self.reports:
            for row in report["per_word"]:
                if row["support"]:
                    seen[row["word"]].append(row["recall"])
        found = [(word, statistics.fmean(values), min(values)) for word, values in seen.items()]
        return sorted(found, key=lambda row: row[1:])

    @property
    def unstable(self) -> set[str]:
        """Words that are not the same movement in all groups, as the data say."""
        return {word for report in self.reports for word in report.get("unstable", [])}

    def by_fold(self, name: str = "top1", part: str = "test") -> dict[str, float]:
        """A score's mean on each fold: what was held out, in order."""
        seen: dict[str, list[float]] = defaultdict(list)
        for report in sorted(self.reports, key=lambda report: report.get("fold") or 0):
            seen[str(report.get("fold") or 0)].append(report[part][name])
        return {fold: statistics.fmean(values) for fold, values in seen.items()}

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
        if len(choices) > 1:
            console.out.print("Ordered by validation loss: choosing by the test would be training on it.")
            console.out.print(f"lowest validation loss: {choices[0].command(script)}", soft_wrap=True)
        console.out.print(f"{folder / 'sweep.md'}, sweep.csv", soft_wrap=True)


def _csv(choices: list[Choice], script: str) -> str:
    measured = choices[0].measured
    text = io.StringIO()
    writer = csv.writer(text)
    spread = [f"{column.part}_{column.name}_{what}" for column in measured for what in ("mean", "sd", "ci95")]
    writer.writerow(["choice", "runs", "val_loss_mean", *spread, "command"])
    for choice in choices:
        scores = [choice.score(column.name, column.part) for column in measured]
        figures = ["" if math.isnan(x) else f"{x:.4f}" for s in scores for x in (s.mean, s.sd, s.half)]
        row = [" ".join(choice.overrides), len(choice.reports), f"{choice.loss:.4f}", *figures]
        writer.writerow([*row, choice.command(script)])
    return text.getvalue()


def _compared(choices: list[Choice]) -> list[list[str]]:
    """Headings, then a row a choice: what tells it from the others, and its scores."""
    shared = set.intersection(*(set(choice.overrides) for choice in choices))
    shown = [column for column in choices[0].measured if column.name not in ALONE]
    shown.sort(key=lambda column: [*SCORES, *REJECTION].index(column.name))  # one score beside itself on other clips
    rows = [["choice", "runs", "val loss", *(column.title for column in shown)]]
    for choice in choices:
        own = " ".join(o for o in choice.overrides if o not in shared) or "(as configured)"
        scores = [str(choice.score(column.name, column.part)) for column in shown]
        rows.append([own, str(len(choice.reports)), f"{choice.loss:.3f}", *scores])
    return rows


def _alone(choice: Choice) -> list[list[str]]:
    """Headings, then a row a score: its mean and spread."""
    scores = [[column.title, *choice.score(column.name, column.part).row] for column in choice.measured]
    return [["score", "mean", "sd", "95 % interval"], *scores]


def _spread_of(choices: list[Choice]) -> str:
    seeds = {report["seed"] for choice in choices for report in choice.reports}
    spread = f"over {len(seeds)} seeds of the mean over folds" if len(seeds) > 1 else "over folds"
    return f"{sum(len(choice.reports) for choice in choices)} runs; spread {spread}"


def _by_fold(choice: Choice) -> str:
    return "Top-1 by fold: " + ", ".join(f"{fold}: {top1:.3f}" for fold, top1 in choice.by_fold().items())


def _weakest(choice: Choice, most: int = 6) -> str:
    """The words of the lowest recall; those that are not one movement, as the data say, apart from the others."""

    def listed(rows: list[tuple[str, float, float]]) -> str:
        return ", ".join(f"{word} {mean:.2f} ({lowest:.2f})" for word, mean, lowest in rows)

    rows, unstable = choice.recalls(), choice.unstable
    stable = listed([row for row in rows if row[0] not in unstable][:most])
    return stable + (f"; not one movement: {listed([row for row in rows if row[0] in unstable])}" if unstable else "")


def _show(choices: list[Choice]) -> None:
    headings, *rows = fitting(_alone(choices[0]) if len(choices) == 1 else _compared(choices), console.out.width)
    table = Table(title=f"test scores, {_spread_of(choices)}", title_justify="left")
    for heading, *column in zip(headings, *rows, strict=True):
        side: Literal["left", "right"] = "left" if heading == headings[0] else "right"
        table.add_column(heading, justify=side, width=_letters(heading, column))
    for row in rows:
        table.add_row(*row)
    console.out.print(table)
    if len(choices) == 1:
        console.out.print(_by_fold(choices[0]), soft_wrap=True)
        console.out.print(
            f"weakest words, mean recall and that of the worst run: {_weakest(choices[0])}", soft_wrap=True
        )


def fitting(rows: list[list[str]], width: int) -> list[list[str]]:
    """As many columns, from the left, as a screen of ``width`` letters shows whole; four at least.

    Headings, the first row, are broken between words, and so are choices, the first column.
    """
    headings, *others = rows
    ends = accumulate(_letters(heading, column) + 3 for heading, *column in zip(headings, *others, strict=True))
    count = sum(end < width for end in ends)  # 3 are the table's line and spaces, and it has one line more
    return [row[: max(count, 4)] for row in rows]


def _letters(heading: str, column: list[str]) -> int:
    """How wide a column must be."""
    parts = [word for cell in column for word in cell.split()] if heading == "choice" else column
    return max(map(len, [*heading.split(), *parts]))


def _markdown(choices: list[Choice], script: str) -> str:
    if len(choices) == 1:
        choice = choices[0]
        mark = {word: f"{word} (not one movement)" for word in choice.unstable}
        words = [[mark.get(word, word), f"{mean:.3f}", f"{lowest:.3f}"] for word, mean, lowest in choice.recalls()]
        lines = [
            f"    {choice.command(script)}",
            "",
            *markdown_table(_alone(choice)),
            "",
            f"{_spread_of(choices)}.",
            "",
        ]
        lines += markdown_table([["word", "mean recall", "lowest run"], *words])
        return "\n".join(lines) + "\n"
    rows = _compared(choices)
    lines = [*markdown_table(rows), "", f"Test scores, mean ± half a 95 % interval, {_spread_of(choices)}; "]
    lines[-1] += "ordered by validation loss. Weakest words by mean recall, the worst run's in brackets:"
    lines += [""]
    for (own, *_), choice in zip(rows[1:], choices, strict=True):
        lines += [f"- {own}: `{choice.command(script)}`; {_weakest(choice)}"]
    return "\n".join(lines) + "\n"
