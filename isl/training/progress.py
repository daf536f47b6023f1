"""Shows the progress of a training: a bar with the time left on a terminal, a line every half minute in a log."""

from __future__ import annotations

import time
from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import RichProgressBar

from isl import console
from isl.config.types import NotNegative

EVERY = 30.0  # seconds between two lines in a log
SHOWN = ("train/loss", "val/loss", "val/top1")


class Progress(RichProgressBar):
    """Shows the epoch, its batches, the losses and the time left; without a terminal, a line now and then.

    Args:
        every: seconds between two lines where there is no terminal; 0: a line for each epoch.
    """

    def __init__(self, every: NotNegative = EVERY) -> None:
        super().__init__(leave=False)
        self.every = every
        if not console.out.is_terminal:
            self.disable()
        self.started = self.reported_at = time.monotonic()
        self.first = 0  # the first epoch of this process
        self.later = 0  # trainings of this run that come after this one, set by the run

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        super().on_train_start(trainer, pl_module)
        self.started = self.reported_at = time.monotonic()
        self.first = trainer.current_epoch

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        super().on_train_epoch_end(trainer, pl_module)
        if not console.out.is_terminal and trainer.is_global_zero and time.monotonic() - self.reported_at > self.every:
            self.reported_at = time.monotonic()
            metrics = trainer.callback_metrics
            figures = [f"{name} {metrics[name]:.3f}" for name in SHOWN if name in metrics]
            seconds = self.reported_at - self.started
            left = time_left(seconds, trainer.current_epoch + 1 - self.first, trainer, self.later)
            console.out.print(
                f"epoch {trainer.current_epoch} of {trainer.max_epochs}: {', '.join(figures)}; {left} left",
                soft_wrap=True,
            )

    def _get_train_description(self, current_epoch: int) -> str:
        return f"epoch {current_epoch + 1} of {self.trainer.max_epochs}"  # Lightning counts from 0

    def get_metrics(self, trainer: Trainer, pl_module: LightningModule) -> dict[str, Any]:
        metrics = super().get_metrics(trainer, pl_module)
        metrics.pop("v_num", None)
        if trainer.training and trainer.current_epoch > self.first:
            epochs = trainer.current_epoch - self.first
            metrics["left"] = time_left(time.monotonic() - self.started, epochs, trainer, self.later)
        return metrics


def time_left(seconds: float, epochs: int, trainer: Trainer, later: int = 0) -> str:
    """Estimates the time left of the run from the ``seconds`` that ``epochs`` epochs took; returns it as text.

    ``later`` further trainings are counted as long as this one.
    """
    most = trainer.max_epochs or 0
    left = seconds / epochs * (max(most - trainer.current_epoch, 0) + later * most)
    return f"{left / 60:.0f} min" if left > 90 else f"{left:.0f} s"


class Throughput(Callback):
    """Logs each epoch's ``speed/clips_per_second``, and ``speed/waiting``, the share of time spent waiting for data."""

    def __init__(self) -> None:
        self.started = self.ended = 0.0
        self.waiting = 0.0  # seconds
        self.clips = 0

    def on_train_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        self.started = self.ended = time.monotonic()
        self.waiting, self.clips = 0.0, 0

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: Any, batch_idx: int) -> None:
        self.waiting += time.monotonic() - self.ended

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: Any, batch: Any, batch_idx: int
    ) -> None:
        self.clips += len(batch.label)
        self.ended = time.monotonic()

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        seconds = max(self.ended - self.started, 1e-9)
        pl_module.log("speed/clips_per_second", self.clips / seconds)
        pl_module.log("speed/waiting", self.waiting / seconds)
