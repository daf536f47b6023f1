"""Callbacks of a training: they save checkpoints, stop early, average weights, and let a killed run be resumed."""

from __future__ import annotations

import shutil
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import torch
from lightning.fabric.plugins import TorchCheckpointIO
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint, WeightAveraging
from lightning.pytorch.trainer.states import TrainerFn
from torch import Tensor

from isl.config.types import Count, NotNegative, Share
from isl.files import replacing
from isl.recognition.archive import read_archive, write_archive
from isl.training.stopping import check_stopped


class WholeCheckpoints(TorchCheckpointIO):
    """Writes checkpoints completely or not at all, and reads them without the paths that are stored in them.

    A checkpoint may come from a stranger, and Lightning's callbacks read paths from it that they later remove. So the
    callbacks' states are read without their text, and only files in the run's own ``folder`` are ever removed.
    """

    def __init__(self, folder: str) -> None:
        self.folder = Path(folder)

    def save_checkpoint(self, checkpoint_content: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        write_archive(checkpoint_content, Path(path))

    def load_checkpoint(self, path: Any, map_location: Any = None, weights_only: bool | None = None) -> dict[str, Any]:
        content = read_archive(path)  # plain values only, with any `weights_only`
        states = content.get("callbacks", {})
        return {**content, "callbacks": {key: _without_text(state) for key, state in states.items()}}

    def remove_checkpoint(self, path: Any) -> None:
        path = Path(path)
        if path.parent.resolve() == self.folder.resolve() and path.is_file() and not path.is_symlink():
            path.unlink()


def _without_text(state: dict[str, Any]) -> dict[str, Any]:
    """Returns a callback's state without text, lists and dicts, which may hold paths; these become empty."""
    kept = (int, float, Tensor, type(None))
    return {key: value if isinstance(value, kept) else type(value)() for key, value in state.items()}


class RunCheckpoint(ModelCheckpoint):
    """Keeps ``best.ckpt`` and ``last.ckpt`` in ``dirpath``; a resumed run finds them there by name."""

    @property
    def last(self) -> Path:
        """The checkpoint from which a resumed run continues."""
        return Path(str(self.dirpath)) / "last.ckpt"

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        dry = self._should_skip_saving_checkpoint(trainer)
        super().on_train_epoch_end(trainer, pl_module)
        if not dry:  # Lightning's own save_last waits for a better epoch
            self.write_last(trainer)
            self.last_model_path = str(self.last)

    def write_last(self, trainer: Trainer) -> None:
        """Write ``last.ckpt``: another name of ``best.ckpt`` if that was written a moment ago, with this content."""
        if self._last_global_step_saved != trainer.global_step:
            trainer.save_checkpoint(self.last)
        elif trainer.is_global_zero:
            with replacing(self.last) as unfinished:
                try:
                    unfinished.hardlink_to(self.last.with_name("best.ckpt"))
                except OSError:  # a file system without such links
                    shutil.copyfile(self.last.with_name("best.ckpt"), unfinished)

    def state_dict(self) -> dict[str, Any]:
        return {"best_model_score": self.best_model_score}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        best, last = (Path(str(self.dirpath)) / f"{name}.ckpt" for name in ("best", "last"))
        self.best_model_path = self.kth_best_model_path = str(best) if best.is_file() else ""
        self.last_model_path = str(last) if last.is_file() else ""
        score = state_dict.get("best_model_score")
        if self.best_model_path and score is not None:
            self.best_model_score = torch.as_tensor(score)
            self.best_k_models = {self.best_model_path: self.best_model_score}
            self.kth_value = self.best_model_score


class BestCheckpoint(RunCheckpoint):
    """Saves ``best.ckpt`` whenever the monitored loss falls by more than ``min_delta``, and ``last.ckpt`` each epoch.

    Both are written at the end of an epoch, so that a run that continues from ``last.ckpt`` repeats or skips no batch.
    """

    def __init__(
        self,
        dirpath: str,
        monitor: Literal["val/loss", "train/loss"] = "val/loss",
        min_delta: NotNegative = 1e-4,
    ) -> None:
        super().__init__(
            dirpath=dirpath,
            filename="best",
            monitor=monitor,
            save_top_k=1,
            save_on_train_epoch_end=True,
            enable_version_counter=False,
        )
        self.min_delta = min_delta

    def check_monitor_top_k(self, trainer: Trainer, current: Tensor | None = None) -> bool:
        if current is None or self.best_model_score is None:
            return super().check_monitor_top_k(trainer, current)
        return bool(current < self.best_model_score - self.min_delta)


class LastCheckpoint(RunCheckpoint):
    """Saves the last epoch as ``best.ckpt``, for recipes that train a fixed schedule to its end and choose no epoch.

    Validation clips from the training session are all recognised long before the network is ready for another person,
    so they would choose an epoch that is too early.
    """

    def __init__(self, dirpath: str) -> None:
        super().__init__(dirpath=dirpath, filename="best", save_on_train_epoch_end=True, enable_version_counter=False)


class Patience(EarlyStopping):
    """Stops when the monitored loss has not fallen by ``min_delta`` for ``patience`` epochs, also across a resume."""

    def __init__(
        self,
        monitor: Literal["val/loss", "train/loss"] = "val/loss",
        min_delta: NotNegative = 1e-4,
        patience: Count = 25,
    ) -> None:
        super().__init__(monitor=monitor, min_delta=min_delta, patience=patience, check_on_train_epoch_end=True)

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        # A run that was killed after its last epoch must not train another one when it is resumed
        if self.wait_count >= self.patience:
            trainer.should_stop = True


class WeightAverage(WeightAveraging):
    """Exponential moving average of the weights, used by validation, ``best.ckpt`` and the test.

    Statistics of batch normalisation are averaged like weights. The first averages are over fewer steps: after n steps
    ``decay`` is at most ``(1 + n) / (10 + n)``, so that the initial weights are forgotten in a short training too. A
    checkpoint holds the trained weights and their average, and a resumed run continues with both.
    """

    def __init__(self, decay: Share = 0.99) -> None:
        self.decay = decay
        super().__init__(use_buffers=True, multi_avg_fn=self._blend)
        self._alike: dict[Any, tuple[list[Tensor], list[Tensor]]] = {}  # averages and weights, by type and device

    def on_train_epoch_start(self, *_: Any) -> None:
        self._alike = {}

    @torch.no_grad()
    def on_train_batch_end(self, trainer: Trainer, pl_module: LightningModule, *rest: Any) -> None:
        """Averages in a fifth of the time of Lightning's method, which collects the tensors anew after each step."""
        average = self._average_model
        if average is None or not average.n_averaged or trainer.global_step <= self._latest_update_step:
            super().on_train_batch_end(trainer, pl_module, *rest)
            return
        if not self._alike:
            both = (chain(module.parameters(), module.buffers()) for module in (average.module, pl_module))
            for own, current in zip(*both, strict=True):
                averages, currents = self._alike.setdefault((current.dtype, current.device), ([], []))
                averages.append(own.detach())
                currents.append(current.detach())
        for averages, currents in self._alike.values():
            self._blend(averages, currents, average.n_averaged)
        average.n_averaged += 1
        self._latest_update_step = trainer.global_step

    def on_validation_epoch_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if trainer.state.fn == TrainerFn.FITTING:  # otherwise the weights to validate were loaded from a checkpoint
            super().on_validation_epoch_start(trainer, pl_module)

    def on_validation_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        if trainer.state.fn == TrainerFn.FITTING:
            super().on_validation_epoch_end(trainer, pl_module)

    def on_load_checkpoint(self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]) -> None:
        # Lightning's own method would load the trained weights, not their average, for the test after a fit
        if trainer.state.fn == TrainerFn.FITTING:
            super().on_load_checkpoint(trainer, pl_module, checkpoint)

    def _blend(self, averages: list[Tensor], currents: list[Tensor], steps: Tensor | int) -> None:
        """Change averages in place; all of them have the same type and device."""
        if not currents[0].is_floating_point():
            torch._foreach_copy_(averages, currents)  # counters
            return
        decay = min(self.decay, (1 + int(steps)) / (10 + int(steps)))
        torch._foreach_lerp_(averages, currents, 1 - decay)


def epoch_seed(seed: int, epoch: int) -> int:
    """Returns the seed of an epoch's random numbers, from (seed, epoch) alone: they do not depend on earlier epochs.

    So a resumed run equals an uninterrupted one, although the states of the generators are not stored.
    """
    return (seed * 1_000_003 + epoch) % 2**62


class StopOnSignal(Callback):
    """Ends the training on Ctrl-C and SIGTERM after a batch in which the exception of ``stoppable`` was lost."""

    def on_train_batch_end(self, *_: Any) -> None:
        check_stopped()

    def on_validation_batch_end(self, *_: Any) -> None:
        check_stopped()

    def on_test_batch_end(self, *_: Any) -> None:
        check_stopped()
