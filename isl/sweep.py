"""Many runs, one table: what a multirun ends in, on the screen and as a CSV."""

from __future__ import annotations

import csv
import json
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

REPEATS = ("seed", "split.fold")  # runs that differ in these alone are repeats of one choice
SCORES = ("top1", "top5", "macro_f1", "ece")


@dataclass(frozen=True)
class Choice:
    """One combination of options and the runs that tried it."""

    overrides: tuple[str, ...]  # without the repeats
    reports: list[dict[str, Any]]

    @property
    def loss(self) -> float:
        """The mean of the best validation losses: what choices are compared by, since the test is no way to choose."""
        return statistics.fmean(report["val"]["best_loss"] for report in self.reports)

    def score(self, name: str) -> tuple[float, float]:
        """Mean and standard deviation of a test score over the runs."""
        values = [report["test"][name] for report in self.reports]
        return statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else 0.0

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
    """Hydra's hook at the end of a multirun: ``sweep.csv`` in the sweep's folder, and the same on the screen."""

    def on_multirun_end(self, config: DictConfig, **_: Any) -> None:
        folder = Path(config.hydra.sweep.dir)
        choices = collect(folder)
        if choices:
            script = f"{config.hydra.job.name}.py"
            _write(folder / "sweep.csv", choices, script)
            _show(folder, choices, script)


def _write(path: Path, choices: list[Choice], script: str) -> None:
    unfinished = path.with_name(f".{path.name}.tmp")
    with unfinished.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        spread = [f"{name}_{what}" for name in SCORES for what in ("mean", "sd")]
        writer.writerow(["choice", "runs", "val_loss_mean", *spread, "command"])
        for choice in choices:
            figures = [f"{figure:.4f}" for name in SCORES for figure in choice.score(name)]
            writer.writerow([
                " ".join(choice.overrides), len(choice.reports), f"{choice.loss:.4f}", *figures, choice.command(script)
            ])  # fmt: skip
    unfinished.replace(path)


def _show(folder: Path, choices: list[Choice], script: str) -> None:
    shared = set.intersection(*(set(choice.overrides) for choice in choices)) if len(choices) > 1 else set()
    table = Table(title="test scores, mean and sd over repeats; ordered by validation loss", title_justify="left")
    for column in ("choice", "runs", "val loss", "top-1", "macro-F1", "calibration error"):
        table.add_column(column, justify="left" if column == "choice" else "right")
    for choice in choices:
        own = " ".join(o for o in choice.overrides if o not in shared) or "(as configured)"
        figures = ["{:.3f} ± {:.3f}".format(*choice.score(name)) for name in ("top1", "macro_f1", "ece")]
        table.add_row(own, str(len(choice.reports)), f"{choice.loss:.3f}", *figures)
    console = Console()
    console.print(table)
    console.print(f"lowest validation loss: {choices[0].command(script)}\n{folder / 'sweep.csv'}", soft_wrap=True)
