"""Shows a run: its data and its network before the training, its scores after it, which are also logged."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lightning.pytorch.loggers import Logger, TensorBoardLogger

from isl import console
from isl.data.module import SignData
from isl.evaluation import report
from isl.training.task import SignRecognition

FIGURES = ("top1", "top5", "macro_f1", "ece", "aurc")
DRY_RUN = "a dry run on one batch of each kind: the scores mean nothing"
CHOSEN = ("features", "model", "augment", "optimizer", "scheduler", "split", "batch_size", "seed")


def introduce(folder: Path, data: SignData, task: SignRecognition) -> None:
    """Print the sizes of the data and of the network, the protocol, the run directory, and remarks about them."""
    split, params = data.split, sum(p.numel() for p in task.model.parameters())
    if notice := getattr(data.source, "notice", ""):
        console.out.print(notice, style="yellow", soft_wrap=True)
    for assumption in data.clips.assumptions(split.train):
        console.out.print(assumption, style="yellow", soft_wrap=True)
    if data.unknown_words:
        console.out.print(f"left out of training: {', '.join(data.unknown_words)}", soft_wrap=True)
    for remark in task.model.describe():
        console.out.print(remark, soft_wrap=True)
    console.out.print(
        f"{len(data.words)} words, {len(split.train)} clips to train on, {len(split.val)} to validate, "
        f"{len(split.test)} to test; {params:,} parameters\n{split.protocol}\nrun directory: {console.shorten(folder)}",
        soft_wrap=True,
    )


def log_outcome(loggers: Iterable[Logger], config: dict[str, Any], result: dict[str, Any], folder: Path) -> None:
    """Log the options and scores of a run to every logger, and the pictures of its report in ``folder`` to TensorBoard.

    Options are logged once, after the test: TensorBoard lists runs by their options only together with their scores.
    """
    from matplotlib.image import imread

    figures = {f"test/{name}": result["test"][name] for name in FIGURES} if "test" in result else {}
    for logger in loggers:
        if isinstance(logger, TensorBoardLogger):
            for name, *_ in report.list_pictures(result):
                logger.experiment.add_image(f"test/{name}", imread(folder / f"{name}.png"), dataformats="HWC")
            logger.log_hyperparams({name: config[name] for name in CHOSEN}, figures)
        else:
            logger.log_hyperparams(config)
            logger.log_metrics(figures)
        logger.finalize("success")


def show_outcome(folder: Path, result: dict[str, Any], best: Path | None) -> None:
    """Print the scores of a run and the names of its files."""
    if not best:
        console.out.print(DRY_RUN, style="yellow", soft_wrap=True)
    if "test" in result:
        console.out.print(f"test, {result['protocol']}:", soft_wrap=True)
        console.out.print(report.headline_table(result))
    else:
        console.out.print(report.UNTESTED, soft_wrap=True)
    names = ["report.md", "model_card.md", *([f"checkpoints/{best.name}"] if best else [])]
    console.out.print(f"in {console.shorten(folder)}: {', '.join(names)}", soft_wrap=True)
