"""A run that trains on the validation clips too; a second training without them provides the calibration."""

from __future__ import annotations

import math
from pathlib import Path

from omegaconf import DictConfig

from isl import console
from isl.config.options import number
from isl.data.module import SignData
from isl.errors import InputError
from isl.recognition.locate import HELD_OUT
from isl.training.run import Run


class Refit(Run):
    """Trains a fixed schedule on the training and the validation clips, then once more without the latter.

    A recipe that trains to the end of its schedule chooses no epoch on validation clips; it needs them for calibration
    only, and a signer who is held out for that is missing from the training. So the network that is kept is trained on
    all of these signers. A second one, trained in the same way in ``held_out/``, provides temperature, rejection
    threshold and branch weights, fitted on the held-out clips. Validation figures are those of the second network.
    It is trained for a share of the epochs, ``refit.held_out_epochs``.

    A killed run can be resumed like any other, in the first training and in the second.
    """

    later_trainings = 1

    def __init__(self, cfg: DictConfig) -> None:
        if cfg.callbacks.get("patience"):
            raise InputError("run=refit: no clip is left to stop early on; add callbacks=last, or choose run=train")
        number(cfg.refit.held_out_epochs, "refit.held_out_epochs", least=0.05, most=1)
        self.cfg = cfg
        super().__init__(cfg)

    def make_data(self) -> SignData:
        self.divided = super().make_data()
        return self.divided.rejoined()

    def calibrate(self) -> None:
        """Train the second network, calibrate it on the validation clips, and copy its calibration."""
        if not self.best_path:
            return
        console.out.print("once more, without the validation clips, to learn how sure the network may be")
        held_out = HeldOut(self.cfg, self.divided)
        held_out.fit()
        held_out.calibrate()
        self.val, self.calibration, self.refusal = held_out.val, held_out.calibration, held_out.refusal
        self.calibration.write(self.best_path)


class HeldOut(Run):
    """The second training of a ``Refit``, on ``data`` with their original split."""

    def __init__(self, cfg: DictConfig, data: SignData) -> None:
        self.given = data
        cfg = cfg.copy()
        cfg.run_dir = f"{cfg.run_dir}/{HELD_OUT}"
        cfg.trainer.max_epochs = math.ceil(cfg.trainer.max_epochs * cfg.refit.held_out_epochs)
        super().__init__(cfg)

    def make_data(self) -> SignData:
        return self.given

    @property
    def companion(self) -> str:
        return f"{Run.__module__}.{Run.__qualname__}"  # which divides the clips as they were divided before

    @property
    def resume(self) -> Path | None:
        """The ``last.ckpt`` of this training if the whole run is resumed and the file exists, else None."""
        last = self.checkpoints / "last.ckpt"
        return last if (self.config["ckpt_path"] or self.config["resume"]) and last.is_file() else None
