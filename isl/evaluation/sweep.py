"""The table of a multirun: on the screen, as ``sweep.csv`` and as ``sweep.md``, after every run and at the end.

Several choices have one row each, ordered by validation loss. A single choice, as in a protocol, has one row for each
score, and the recall of every word.
"""

from __future__ import annotations

import math
import sys
from itertools import accumulate, product
from pathlib import Path
from typing import Any, Literal

from hydra.core.utils import JobReturn
from hydra.experimental.callback import Callback
from hydra.types import RunMode
from omegaconf import DictConfig
from rich.table import Table

from isl import console
from isl.config.app import stop
from isl.config.unused import check_mode
from isl.errors import InputError
from isl.evaluation.report import markdown_table
from isl.evaluation.sweep_choices import REJECTION, SCORES, Choice, collect, failures
from isl.files import csv_text, write_text

ALONE = ("top5", "aurc", "accepted", "top1_of_accepted", "accepted_unknown")  # left out of tables that compare choices
SOME_FAILED = 1  # the exit code of a multirun in which some runs failed


class SweepTable(Callback):
    """Hydra callback of a multirun that writes the table of the finished runs after each, and shows it at the end."""

    def on_multirun_start(self, config: DictConfig, **_: Any) -> None:
        try:
            check_mode(config, "train", list(config.hydra.overrides.task))
        except InputError as error:  # before Hydra composes the config of every run
            stop(str(error))

    def on_job_end(self, config: DictConfig, job_return: JobReturn, **_: Any) -> None:
        if config.hydra.mode == RunMode.MULTIRUN:
            self._tabulate(config)

    def on_multirun_end(self, config: DictConfig, **_: Any) -> None:
        folder = Path(config.hydra.sweep.dir)
        choices, failed = self._tabulate(config), failures(folder)
        if choices:
            _show(choices)
        if len(choices) > 1:
            console.out.print("Ordered by validation loss: choosing by the test would be training on it.")
            console.out.print(f"lowest validation loss: {choices[0].command}", soft_wrap=True)
        if choices:
            console.out.print(f"{folder / 'sweep.md'}, sweep.csv", soft_wrap=True)
        for name, reason in failed.items():
            console.err.print(f"failed: run {name}, {reason}", soft_wrap=True)
        if failed:
            console.err.print(
                f"{len(failed)} runs failed; to repeat only these, add hydra.sweep.dir={folder} resume=true",
                soft_wrap=True,
            )
            sys.exit(SOME_FAILED)

    def _tabulate(self, config: DictConfig) -> list[Choice]:
        """Write the table of the finished runs, and return their choices, best first."""
        folder = Path(config.hydra.sweep.dir)
        choices = collect(folder)
        if choices:
            write_text(folder / "sweep.csv", _csv(choices))
            write_text(folder / "sweep.md", _markdown(choices, failures(folder)))
        return choices


def _csv(choices: list[Choice]) -> str:
    measured = choices[0].measured
    spread = [f"{column.part}_{column.name}_{what}" for column in measured for what in ("mean", "sd", "ci95")]
    rows = []
    for choice in choices:
        scores = [choice.score(column.name, column.part) for column in measured]
        figures = ["" if math.isnan(x) else f"{x:.4f}" for s in scores for x in (s.mean, s.sd, s.half)]
        rows.append([" ".join(choice.overrides), len(choice.reports), _loss(choice, 4), *figures, choice.command])
    return csv_text(["choice", "runs", "val_loss_mean", *spread, "command"], rows)


def _loss(choice: Choice, digits: int) -> str:
    return "" if math.isnan(choice.loss) else f"{choice.loss:.{digits}f}"


def _compare_choices(choices: list[Choice]) -> list[list[str]]:
    """Returns headings, then a row for each choice: the options that not all choices share, and the scores."""
    shared = set.intersection(*(set(choice.overrides) for choice in choices))
    shown = [column for column in choices[0].measured if column.name not in ALONE]
    shown.sort(key=lambda column: [*SCORES, *REJECTION].index(column.name))  # a score beside itself on other clips
    rows = [["choice", "runs", "val loss", *(column.title for column in shown)]]
    for choice in choices:
        own = " ".join(o for o in choice.overrides if o not in shared) or "(as configured)"
        scores = [str(choice.score(column.name, column.part)) for column in shown]
        rows.append([own, str(len(choice.reports)), _loss(choice, 3), *scores])
    return rows


def _list_scores(choice: Choice) -> list[list[str]]:
    """Returns headings, then a row for each score: its mean and spread."""
    scores = [[column.title, *choice.score(column.name, column.part).row] for column in choice.measured]
    return [["score", "mean", "sd", "95 % interval"], *scores]


def _spread_of(choices: list[Choice]) -> str:
    done = [{(report["seed"], report.get("fold")) for report in choice.reports} for choice in choices]
    seeds, folds = ({run[i] for runs in done for run in runs} for i in (0, 1))
    spread = f"over {len(seeds)} seeds of the mean over folds" if len(seeds) > 1 else "over folds"
    unfinished = "; runs are missing" if any(runs != set(product(seeds, folds)) for runs in done) else ""
    runs = sum(len(choice.reports) for choice in choices)
    return f"{runs} run{'s' * (runs > 1)}; spread {spread}{unfinished}"


def _by_fold(choice: Choice) -> str:
    return "top-1, tested on " + ", ".join(f"{fold}: {top1:.3f}" for fold, top1 in choice.by_fold().items())


def _people(choice: Choice) -> list[str]:
    """Returns a line on the groups that were tested, each counted once; none where they are unknown."""
    people = choice.people()
    if not people:
        return []
    return [
        f"{people['count']} signers or sessions, each counted once: {people['mean']:.3f} on the mean, "
        f"{people['worst_tenth']:.3f} of the worst tenth"
    ]


def _weakest(choice: Choice, most: int = 6) -> str:
    """Lists the words of the lowest recall; words that are not one movement in the data are listed separately."""

    def listed(rows: list[tuple[str, float, float]]) -> str:
        return ", ".join(f"{word} {mean:.2f} ({lowest:.2f})" for word, mean, lowest in rows)

    rows, unstable = choice.rank_words(), choice.unstable
    stable = listed([row for row in rows if row[0] not in unstable][:most])
    return stable + (f"; not one movement: {listed([row for row in rows if row[0] in unstable])}" if unstable else "")


def _show(choices: list[Choice]) -> None:
    content = _list_scores(choices[0]) if len(choices) == 1 else _compare_choices(choices)
    headings, *rows = fit_columns(content, console.out.width)
    table = Table()
    for heading, *column in zip(headings, *rows, strict=True):
        side: Literal["left", "right"] = "left" if heading == headings[0] else "right"
        table.add_column(heading, justify=side, width=_letters(heading, column))
    for row in rows:
        table.add_row(*row)
    console.out.print(f"test scores, {_spread_of(choices)}", soft_wrap=True)  # a table's title would be wrapped
    console.out.print(table)
    if len(choices) == 1:
        if len(choices[0].by_fold()) > 1:
            console.out.print(_by_fold(choices[0]), soft_wrap=True)
        for line in _people(choices[0]):
            console.out.print(line, soft_wrap=True)
        console.out.print(
            f"weakest words, mean recall and that of the worst run: {_weakest(choices[0])}", soft_wrap=True
        )


def fit_columns(rows: list[list[str]], width: int) -> list[list[str]]:
    """Returns as many columns, from the left, as fit on a screen of ``width`` characters; at least four.

    Headings (the first row) and choices (the first column) are wrapped between words.
    """
    headings, *others = rows
    ends = accumulate(_letters(heading, column) + 3 for heading, *column in zip(headings, *others, strict=True))
    count = sum(end < width for end in ends)  # each column adds a line and two spaces; the table has one line more
    return [row[: max(count, 4)] for row in rows]


def _letters(heading: str, column: list[str]) -> int:
    """Returns the width that a column needs, in characters."""
    parts = [word for cell in column for word in cell.split()] if heading == "choice" else column
    return max(map(len, [*heading.split(), *parts]))


def _markdown(choices: list[Choice], failed: dict[str, str]) -> str:
    lines = _markdown_lines(choices)
    lines += ["", *(f"Failed: run {name}, {reason}" for name, reason in failed.items())] if failed else []
    return "\n".join(lines) + "\n"


def _markdown_lines(choices: list[Choice]) -> list[str]:
    if len(choices) == 1:
        choice = choices[0]
        mark = {word: f"{word} (not one movement)" for word in choice.unstable}
        words = [[mark.get(word, word), f"{mean:.3f}", f"{lowest:.3f}"] for word, mean, lowest in choice.rank_words()]
        lines = [
            f"    {choice.command}",
            "",
            *markdown_table(_list_scores(choice)),
            "",
            f"{_spread_of(choices)}.",
            "",
            *(line for people in _people(choice) for line in (f"{people}.", "")),
        ]
        folds = [[fold, f"{top1:.3f}"] for fold, top1 in choice.by_fold().items()]
        if len(folds) > 1:
            lines += [*markdown_table([["tested on", "mean top-1"], *folds]), ""]
        return lines + markdown_table([["word", "mean recall", "lowest run"], *words])
    rows = _compare_choices(choices)
    lines = [*markdown_table(rows), "", f"Test scores, mean ± half a 95 % interval, {_spread_of(choices)}; "]
    lines[-1] += "ordered by validation loss. Weakest words by mean recall, the worst run's in brackets:"
    lines += [""]
    for (own, *_), choice in zip(rows[1:], choices, strict=True):
        lines += [f"- {own}: `{choice.command}`; {_weakest(choice)}"]
    return lines
