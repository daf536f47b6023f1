"""A run that spares no clip: trained on the validation clips too, once they have said how sure the network may be."""

from __future__ import annotations

from pathlib import Path

from omegaconf import DictConfig

from isl import console
from isl.data.module import SignData
from isl.errors import InputError
from isl.recognition.locate import HELD_OUT
from isl.training.run import Run


class Refit(Run):
    """Trains a fixed schedule on the training and the validation clips, then once more without the latter.

    A recipe that trains to the end of its schedule chooses nothing on validation clips; it needs them to learn how far
    a confidence can be trusted, and a whole signer held out for that is a signer whom the network never meets. So the
    network that is kept meets everybody, and a second one, trained in the same way in ``held_out/``, lends it what the
    held-out clips gave: temperature, rejection threshold, weights of streams. Validation figures are the second one's.

    A killed run goes on as any other, whichever of the two was being trained.
    """

    def __init__(self, cfg: DictConfig) -> None:
        if cfg.callbacks.get("patience"):
            raise InputError("run=refit: no clip is left to stop early on; add callbacks=last, or choose run=train")
        self.cfg = cfg
        super().__init__(cfg)

    def make_data(self) -> SignData:
        self.divided = super().make_data()
        return self.divided.rejoined()

    def calibrate(self) -> None:
        """Train the second network, and take over what its validation clips say."""
        if not self.best_path:
            return
        console.out.print("once more, without the validation clips, to learn how sure the network may be")
        held_out = HeldOut(self.cfg, self.divided)
        held_out.fit()
        held_out.calibrate()
        self.val, self.calibration, self.refusal = held_out.val, held_out.calibration, held_out.refusal
        self.calibration.write(self.best_path)


class HeldOut(Run):
    """The second training of a ``Refit``, on ``data`` as they were divided."""

    def __init__(self, cfg: DictConfig, data: SignData) -> None:
        self.given = data
        cfg = cfg.copy()
        cfg.run_dir = f"{cfg.run_dir}/{HELD_OUT}"
        super().__init__(cfg)

    def make_data(self) -> SignData:
        return self.given

    @property
    def resume(self) -> Path | None:
        """Where it was killed, if it was and the whole run goes on."""
        last = self.checkpoints / "last.ckpt"
        return last if (self.config["ckpt_path"] or self.config["resume"]) and last.is_file() else None
