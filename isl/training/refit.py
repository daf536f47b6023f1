"""A run that trains on the validation clips too; a second training without them provides the calibration."""

from __future__ import annotations

import json
import math
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from omegaconf import DictConfig, OmegaConf, open_dict

from isl import console
from isl.data.module import SignData
from isl.errors import InputError
from isl.recognition.locate import HELD_OUT
from isl.training.calibration import Calibration
from isl.training.other_process import OtherProcess, receive_task
from isl.training.run import Run
from isl.training.threads import fewer_threads


class Refit(Run):
    """Trains a fixed schedule on the training and the validation clips, then once more without the latter.

    A recipe that trains to the end of its schedule chooses no epoch on validation clips; it needs them for calibration
    only, and a signer who is held out for that is missing from the training. So the network that is kept is trained on
    all of these signers. A second one, trained in the same way in ``held_out/``, provides temperature, rejection
    threshold and branch weights, fitted on the held-out clips. Validation figures are those of the second network.
    It is trained for a share of the epochs, ``refit.held_out_epochs``.

    On a CPU with two threads or more both trainings run at once, each with half of the threads
    (``refit.side_by_side``); what the second one leaves idle, the first one takes (``isl.training.threads``). A killed
    run can be resumed like any other, in either training.
    """

    def __init__(self, cfg: DictConfig) -> None:
        if cfg.callbacks.get("patience"):
            raise InputError("run=refit: the validation clips train too and cannot stop it; add callbacks=last")
        self.cfg = held_out_config(cfg)
        self.outcome: dict[str, Any] | None = None  # of the second training
        super().__init__(cfg)

    def make_data(self) -> SignData:
        self.divided = super().make_data()
        return self.divided.rejoined()

    @property
    def side_by_side(self) -> bool:
        """True if both trainings run at once."""
        trainer = self.trainer
        return bool(
            self.config["refit"]["side_by_side"]
            and trainer.strategy.root_device.type == "cpu"
            and self.place.processes == 1
            and torch.get_num_threads() >= 2
            and not self.config["trainer"]["fast_dev_run"]
        )

    def fit(self) -> None:
        """Train the network that is kept; the second one beside it, where there are threads for both."""
        if not self.side_by_side:
            self.later_trainings = 1
            super().fit()
            return
        config: dict[str, Any] = OmegaConf.to_container(self.cfg, resolve=True)  # type: ignore[assignment]
        with training_beside(config) as second:
            super().fit()
            self.outcome = outcome_of(second)

    def calibrate(self) -> None:
        """Train the second network, if it is not trained yet, and copy its calibration."""
        if not self.best_path:
            return
        if self.outcome is None:
            console.out.print("a second training, without the validation clips, to calibrate the confidences on them")
            held_out = HeldOut(self.cfg, self.divided)
            held_out.fit()
            held_out.calibrate()
            self.outcome = held_out.outcome()
        self.val, self.refusal = self.outcome["val"], self.outcome["refusal"]
        self.calibration = Calibration(**self.outcome["calibration"])
        self.calibration.write(self.best_path)


def held_out_config(cfg: DictConfig) -> DictConfig:
    """Returns the config of the second training, which validates after its last epoch alone."""
    cfg = cfg.copy()
    cfg.run_dir = f"{cfg.run_dir}/{HELD_OUT}"
    cfg.trainer.max_epochs = math.ceil(cfg.trainer.max_epochs * cfg.refit.held_out_epochs)
    with open_dict(cfg.trainer):
        cfg.trainer.check_val_every_n_epoch = cfg.trainer.max_epochs
    return cfg


class HeldOut(Run):
    """The second training of a ``Refit``: on ``data`` with their original split, which are read if they are None."""

    def __init__(self, cfg: DictConfig, data: SignData | None = None) -> None:
        self.given = data
        super().__init__(cfg)

    def make_data(self) -> SignData:
        return self.given or super().make_data()

    def outcome(self) -> dict[str, Any]:
        """Returns what the kept network takes over, as plain values: the figures of validation, the calibration."""
        return {"val": self.val, "calibration": asdict(self.calibration), "refusal": self.refusal}

    @property
    def companion(self) -> str:
        return f"{Run.__module__}.{Run.__qualname__}"  # which divides the clips as they were divided before

    @property
    def resume(self) -> Path | None:
        """The ``last.ckpt`` of this training if the whole run is resumed and the file exists, else None."""
        last = self.checkpoints / "last.ckpt"
        return last if (self.config["ckpt_path"] or self.config["resume"]) and last.is_file() else None


@contextmanager
def training_beside(config: dict[str, Any]) -> Iterator[OtherProcess]:
    """Trains a ``HeldOut`` of ``config`` in another process, while the block has half of this process's threads.

    Two trainings on one core each take less time than one after the other on two: a step is many small operations, of
    which a second core takes little off. The other process ends with the block.
    """
    with tempfile.TemporaryDirectory() as folder, fewer_threads(2) as threads:
        second = OtherProcess(f"{__name__}.train_held_out", config, Path(folder), threads)
        try:
            yield second
        finally:
            second.end()


def outcome_of(second: OtherProcess) -> dict[str, Any]:
    """Waits for the end of a training beside this one; returns its ``HeldOut.outcome``.

    Raises:
        InputError: the training failed; the message says how.
    """
    outcome: dict[str, Any] = json.loads(second.answer() or "{}")
    if "calibration" not in outcome:
        reason = outcome.get("error") or second.reason()
        raise InputError(f"the second training, without the validation clips, ended: {reason}")
    return outcome


def train_held_out() -> None:
    """Do the second training: the work of the other process."""
    config, answers = receive_task()
    try:
        run = HeldOut(OmegaConf.create(config))
        run.fit()
        run.calibrate()
        outcome = run.outcome()
    except InputError as error:
        outcome = {"error": str(error)}
    print(json.dumps(outcome), file=answers, flush=True)
