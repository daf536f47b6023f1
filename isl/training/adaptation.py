"""Adaptation: trains a checkpoint further on a few clips of a new signer or of new words, and limits forgetting."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import Any

import torch
from omegaconf import DictConfig, OmegaConf
from torch import Tensor, nn

from isl import console
from isl.config.options import number
from isl.data.splits.groups import Indices
from isl.data.vocabulary import spelling
from isl.errors import InputError
from isl.evaluation.scores import wilson
from isl.recognition.archive import read_archive, write_archive
from isl.recognition.checkpoint import Checkpoint, load_checkpoint
from isl.recognition.configs import trusted_packages
from isl.recognition.locate import checkpoint_paths
from isl.recognition.recognizer import Recognizer
from isl.recognition.signed import how_signed
from isl.training.calibration import Calibration
from isl.training.run import Run
from isl.training.task import SignRecognition


class Adaptation(Run):
    """A training run that begins with the network of the checkpoint at ``ckpt_path``.

    Features, network and words are taken from the checkpoint, not from the config; words of the clips that are not in
    its vocabulary are appended to it. ``report.json`` gains ``before``, the checkpoint's score on the test clips. If
    there are validation clips, it also gains ``kept`` and ``kept_before``, the scores of the adapted network and of the
    checkpoint on them. They are clips of old signers if the groups are given to ``split=few``.
    """

    def __init__(self, cfg: DictConfig) -> None:
        if not cfg.ckpt_path:
            raise InputError("ckpt_path=null: name the checkpoint to adapt, outputs/.../checkpoints/best.ckpt")
        if cfg.get("background"):
            raise InputError(
                "background: an adaptation keeps the background that its checkpoint was trained with; leave it out"
            )
        (self.path,) = checkpoint_paths([cfg.ckpt_path])[:1]
        self.start = load_checkpoint(self.path, trusted_packages(cfg.trusted))
        if "members" in self.start.model:
            raise InputError(f"ckpt_path={cfg.ckpt_path}: an ensemble; adapt one of its members, or distil it first")
        self.before = Recognizer(self.start)
        cfg = cfg.copy()
        OmegaConf.update(cfg, "features", self.start.features, merge=False)
        OmegaConf.update(cfg, "model", self.start.model, merge=False)
        if "aspect" in cfg.data and cfg.data.aspect is None:
            cfg.data.aspect = self.start.about.get("aspect")  # the aspect that recognition takes by default
        self.keep = number(cfg.adapt.keep, "adapt.keep", most=1)
        super().__init__(cfg)

    @property
    def resume(self) -> Path | None:
        return self._own_last  # `ckpt_path` is the start of an adaptation, not a stopped run

    @property
    def recipe(self) -> dict[str, Any]:
        inherited = {key: self.start.about[key] for key in ("seconds",) if key in self.start.about}
        about = {**inherited, **super().recipe["about"], "adapted_from": str(self.config["ckpt_path"])}
        if lines := how_signed(self.path, self.start.about, self.start.words):
            about["signed"] = lines
        return super().recipe | {"about": about, "signs": self.start.signs}

    def make_task(self) -> SignRecognition:
        self.data.count_in(vocabulary(self.start.words, self.data.words))
        task = Adapted(**self.recipe)
        task.load_state_dict(grown(self.start, task.state_dict(), len(self.data.words)))
        return task

    def fit(self) -> None:
        """Train, then move the weights part of the way to the old ones, by the share of old words without clips."""
        super().fit()
        if self.best_path:
            content = read_archive(self.best_path)
        if self.best_path and not content.get("moved_back"):  # done by this run before it was killed
            content["moved_back"] = True
            content["state_dict"] = between(
                self.start.state, content["state_dict"], self.keep * self._unseen, len(self.start.signs)
            )
            write_archive(content, self.best_path)
        if self.best_path and len(self.data.split.val):
            kept = str(self.best_path)
            (val,) = self.trainer.validate(self.task, self.data, kept, verbose=False, weights_only=True)
            self.val = dict(val)

    @property
    def _unseen(self) -> float:
        """The share of the old words that have no training clip."""
        seen = set(self.data.clips.label[self.data.split.train].tolist())
        return sum(label not in seen for label in range(len(self.start.words))) / len(self.start.words)

    def introduce(self) -> None:
        super().introduce()
        words = self.data.words[len(self.start.words) :]
        new = f"; new: {', '.join(words)}" if words else ""
        console.out.print(
            f"adapted from {self.config['ckpt_path']}, {len(self.start.words)} words{new}", soft_wrap=True, markup=False
        )

    def calibrate(self) -> None:
        """Calibrate on validation clips; if there are none, keep the calibration of the checkpoint."""
        if len(self.data.split.val):
            super().calibrate()
        elif self.best_path:
            fitted = [field.name for field in fields(Calibration)]
            self.calibration = Calibration(
                **{name: value for name, value in self.start.about.items() if name in fitted}
            )
            self.calibration.write(self.best_path)

    def test(self) -> None:
        """Test the network; also test the old checkpoint on the test clips, and both on the validation clips."""
        super().test()
        split = self.data.split
        tested = split.test if len(split.test) else self.data.elsewhere
        self.compared = {"before": self._top1(self.before, tested)} if len(tested) else {}
        if len(split.val) and self.best_path:
            self.compared["kept_before"] = self._top1(self.before, split.val)
            self.compared["kept"] = self._top1(Recognizer.load(self.best_path, trusted=self.trusted), split.val)

    def _top1(self, recognizer: Recognizer, indices: Indices) -> dict[str, Any]:
        clips, hits = self.data.clips, 0
        for at in range(0, len(indices), self.data.batch_size):
            batch = clips.batch(indices[at : at + self.data.batch_size])
            hits += int((recognizer.logits(batch.landmarks, batch.aspect).argmax(-1) == batch.label).sum())
        return {"n": len(indices), "top1": hits / len(indices), "top1_ci95": wilson(hits, len(indices))}

    def _facts(self) -> dict[str, Any]:
        return {**super()._facts(), "adapted_from": str(self.config["ckpt_path"]), **self.compared}

    def _show(self, result: dict[str, Any]) -> None:
        super()._show(result)
        told = [("test clips", "before", "test"), ("validation clips", "kept_before", "kept")]
        for whose, before, now in told:
            if before in result:
                console.out.print(f"{whose}: {result[before]['top1']:.1%} right before, {result[now]['top1']:.1%} now")


class Adapted(SignRecognition):
    """Trains all weights, but keeps the statistics of batch normalisation.

    A few clips of one person are no sample of signers, and the old words were learnt with the old statistics.
    """

    def on_train_epoch_start(self) -> None:
        super().on_train_epoch_start()
        for module in self.model.modules():
            if isinstance(module, nn.modules.batchnorm._BatchNorm):
                module.eval()


def vocabulary(old: list[str], new: list[str]) -> list[str]:
    """Returns the old words in their order, then the new words that are not among them, in theirs."""
    known = {spelling(word) for word in old}
    return [*old, *(word for word in new if spelling(word) not in known)]


def between(old: dict[str, Tensor], new: dict[str, Tensor], share: float, signs: int = 0) -> dict[str, Tensor]:
    """Interpolates weights from ``new`` (``share`` 0) to ``old`` (``share`` 1); rows of new words are not changed.

    Networks that were trained further from the same weights can be averaged, and the average keeps most of what both
    have learnt (Wortsman et al. 2022, arXiv:2109.01903). The last ``signs`` rows belong to the background; rows of new
    words come before them.
    """
    state = {}
    for key, value in new.items():
        state[key] = value.clone()
        if value.is_floating_point():
            start = old[key].to(value.dtype)
            if not value.ndim or len(start) == len(value):
                state[key].lerp_(start, share)
            else:
                words = len(start) - signs
                state[key][:words].lerp_(start[:words], share)
                state[key][len(value) - signs :].lerp_(start[words:], share)
    return state


def grown(start: Checkpoint, fresh: dict[str, Tensor], words: int) -> dict[str, Tensor]:
    """Copies the weights of ``start`` into a network of ``words`` words; the first words are those of ``start``.

    Args:
        fresh: the larger network's weights. In tensors with a row for each word, the rows of new words are kept.

    Raises:
        InputError: the weights belong to another network.
    """
    state, known, signs = {}, len(start.words), len(start.signs)
    for key, value in fresh.items():
        old = start.state.get(key)
        if old is not None and old.shape == value.shape:
            state[key] = old
        elif old is not None and (len(old), *value.shape) == (known + signs, words + signs, *old.shape[1:]):
            state[key] = torch.cat([old[:known], value[known:words].to(old), old[known:]])
        else:
            raise InputError(f"the checkpoint's weights do not fit its own network ({key}); train again")
    return state
