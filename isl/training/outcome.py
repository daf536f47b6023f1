"""Shows and logs the scores of a run."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lightning.pytorch.loggers import Logger, TensorBoardLogger
from matplotlib.image import imread

from isl import console
from isl.evaluation import report

FIGURES = ("top1", "top5", "macro_f1", "ece", "aurc")
CHOSEN = ("features", "model", "augment", "optimizer", "scheduler", "split", "batch_size", "seed")


def log_outcome(loggers: Iterable[Logger], config: dict[str, Any], result: dict[str, Any], folder: Path) -> None:
    """Log the options and scores of a run to every logger, and the pictures of its report in ``folder`` to TensorBoard.

    Options are logged once, after the test: TensorBoard lists runs by their options only together with their scores.
    """
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
    if "test" in result:
        console.out.print(f"test, {result['protocol']}:", soft_wrap=True)
        console.out.print(report.headline_table(result))
    else:
        console.out.print(report.UNTESTED, soft_wrap=True)
    kept = f"; checkpoint: {best}" if best else ""
    console.out.print(f"{folder}/report.md, model_card.md{kept}", soft_wrap=True)
