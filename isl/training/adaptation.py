"""Adaptation: trains a checkpoint further on a few clips of a new signer or of new words, and limits forgetting."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from pathlib import Path
from typing import Any

import torch
from omegaconf import DictConfig, OmegaConf
from torch import Tensor, nn

from isl import console
from isl.data.splits.groups import Indices
from isl.data.synthetic.others import OtherSigns
from isl.data.vocabulary import spelling
from isl.errors import InputError
from isl.evaluation.scores import wilson
from isl.recognition.archive import read_archive, write_archive
from isl.recognition.checkpoint import Checkpoint, load_checkpoint
from isl.recognition.configs import trusted_packages
from isl.recognition.locate import checkpoint_paths
from isl.recognition.recognizer import Recognizer
from isl.recognition.signed import how_signed
from isl.training.calibration import Batches, Calibration, distort
from isl.training.prototypes import output_tensors, raise_words, set_prototypes
from isl.training.run import Run
from isl.training.task import SignRecognition

GENERATED = 40  # signs outside the vocabulary that calibrate
DRAWS = 2  # distorted versions of each clip by which new words are raised


class Adaptation(Run):
    """A training run that begins with the network of the checkpoint at ``ckpt_path``.

    Features, network and words are taken from the checkpoint, not from the config; words of the clips that are not in
    its vocabulary are appended to it, and begin as prototypes (``isl.training.prototypes``) with ``adapt.prototypes``.
    Only if a word of the checkpoint has clips is there a training (``adapt.train``): new words alone are the means of
    their clips, and training on a few clips of one person does not help on other people. At last the new words' rows
    are raised, so that they can be answers beside words with many training clips, see ``raise_words``.
    Without ``adapt.old_words`` the clips' words are the whole vocabulary, and the checkpoint's words become signs of
    the background. ``report.json`` gains ``before``, the checkpoint's score on the test clips. If
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
        for fact in ("aspect", "seconds"):  # those that recognition takes by default
            if fact in cfg.data and cfg.data[fact] is None:
                cfg.data[fact] = self.start.about.get(fact)
        self.keep, self.old_words, self.prototypes = cfg.adapt.keep, cfg.adapt.old_words, cfg.adapt.prototypes
        self.asked = cfg.adapt.train
        super().__init__(cfg)

    @property
    def resume(self) -> Path | None:
        return self._own_last  # `ckpt_path` is the start of an adaptation, not a stopped run

    @property
    def recipe(self) -> dict[str, Any]:
        inherited = {key: self.start.about[key] for key in ("seconds",) if key in self.start.about}
        about = {**inherited, **super().recipe["about"], "adapted_from": str(self.config["ckpt_path"])}
        if self.old_words and (lines := how_signed(self.path, self.start.about, self.start.words)):
            about["signed"] = lines
        return super().recipe | {"about": about, "signs": self.signs}

    def make_task(self) -> SignRecognition:
        self.data.count_in(vocabulary(self.start.words if self.old_words else [], self.data.words))
        task = Adapted(**self.recipe)
        outputs = len(task.words) + len(task.signs)
        self.output_tensors = output_tensors(self.start.model, task.features, outputs)
        task.load_state_dict(grow(self.start, task.state_dict(), self.rows, self.output_tensors))
        if self.prototypes:
            trained = torch.tensor([row is not None for row in self.rows])
            set_prototypes(task, self.data.loader_of(self.data.split.train), trained, self.output_tensors)
        return task

    @property
    def rows(self) -> list[int | None]:
        """For each output of the network, words first, the output of the checkpoint that it was; None: it is new."""
        place = {spelling(word): i for i, word in enumerate([*self.start.words, *self.start.signs])}
        words = [place.get(spelling(word)) for word in self.data.words]
        count = len(self.start.words)
        if not self.old_words:  # an old word is learnt anew: it may be another sign here
            words = [None] * len(words)
        words = [row if row is not None and row < count else None for row in words]
        return [*words, *(place[spelling(sign)] for sign in self.signs)]

    @property
    def signs(self) -> list[str]:
        """The signs that are no words: those of the checkpoint and, without ``adapt.old_words``, its words."""
        taken = {spelling(word) for word in self.data.words}
        old = [*([] if self.old_words else self.start.words), *self.start.signs]
        return [sign for sign in old if spelling(sign) not in taken]

    @property
    def trains(self) -> bool:
        """True if the weights are trained, not only the new words' rows set."""
        if self.asked is None:
            return not self.prototypes or (self.old_words and self._unseen < 1)
        return bool(self.asked)

    def fit(self) -> None:
        """Train, move the weights part of the way to the old ones by the share of unseen words, raise new words."""
        if self.trains:
            super().fit()
        elif self.place.first:
            self.trainer.strategy.connect(self.task)
            self.trainer.save_checkpoint(self.checkpoints / "best.ckpt")
            self.trainer.checkpoint_callback.best_model_path = str(self.checkpoints / "best.ckpt")  # type: ignore[union-attr]
        if not self.place.first or not self.best_path:
            return
        content = read_archive(self.best_path)
        if not content.get("settled"):  # done by this run before it was killed
            content["settled"] = True
            if self.trains:
                share = self.keep * self._unseen if self.old_words else self.keep
                content["state_dict"] = interpolate_weights(
                    self.start.state, content["state_dict"], share, self.rows, self.output_tensors
                )
            self.task.load_state_dict(content["state_dict"])
            if self.old_words:
                self._raise_new_words()
            content["state_dict"] = {name: value.cpu() for name, value in self.task.state_dict().items()}
            write_archive(content, self.best_path)
        if len(self.data.split.val):
            kept = str(self.best_path)
            (val,) = self.tester.validate(self.task, self.data, kept, verbose=False, weights_only=True)
            self.val = dict(val)

    def _raise_new_words(self) -> None:
        new = torch.tensor([row is None for row in self.rows[: len(self.data.words)]])
        if not new.any():
            return
        branches, labels = distort(self.task, self.data.loader_of(self.data.split.train), DRAWS, self.seed)
        taught = torch.from_numpy(branches)[new[torch.from_numpy(labels)]]
        if len(taught):
            raise_words(self.task, taught, new, self.output_tensors)

    @property
    def _unseen(self) -> float:
        """The share of the old words that have no training clip."""
        seen = set(self.data.clips.label[self.data.split.train].tolist())
        return sum(label not in seen for label in range(len(self.start.words))) / len(self.start.words)

    def introduce(self) -> None:
        super().introduce()
        old_words = {spelling(word) for word in self.start.words} if self.old_words else set()
        words = [word for word in self.data.words if spelling(word) not in old_words]
        new = f"; new: {', '.join(words)}" if words else ""
        forgotten = "" if self.old_words else ", which it no longer recognises"
        untrained = "" if self.trains else "; no training: each new word is the mean of its clips"
        old = f"adapted from {self.config['ckpt_path']} and its {len(self.start.words)} words{forgotten}"
        console.out.print(old + new + untrained, soft_wrap=True)

    def calibrate(self) -> None:
        """Calibrate on validation clips. Without any, keep the calibration of the checkpoint if its words are kept.

        A new vocabulary is calibrated on its training clips: its words are less familiar to the network than those that
        it was trained on, so that nearly none of their signs would reach the checkpoint's threshold.
        """
        if len(self.data.split.val) or not self.old_words:
            super().calibrate()
        elif self.best_path:
            fitted = [field.name for field in fields(Calibration)]
            self.calibration = Calibration(
                **{name: value for name, value in self.start.about.items() if name in fitted}
            )
            self.calibration.write(self.best_path)

    def other_signs(self) -> Batches | None:
        """Returns generated signs, since a checkpoint has no recordings of its background; None if it had none."""
        if not self.signs:
            return None
        clips = OtherSigns(signs=GENERATED, takes=1, seed=self.seed).load()
        return [clips.batch(range(len(clips)), self.data.face)]

    def test(self) -> None:
        """Test the network; also test the old checkpoint on the test clips, and both on the validation clips."""
        super().test()
        split = self.data.split
        tested = split.test if len(split.test) else self.data.elsewhere
        self.compared = {"before": self._top1(self.before, tested)} if len(tested) and self.old_words else {}
        if len(split.val) and self.best_path and self.old_words:
            self.compared["kept_before"] = self._top1(self.before, split.val)
            self.compared["kept"] = self._top1(Recognizer.load(self.best_path, trusted=self.trusted), split.val)

    def _top1(self, recognizer: Recognizer, indices: Indices) -> dict[str, Any]:
        clips, hits = self.data.clips, 0
        for at in range(0, len(indices), self.data.batch_size):
            batch = clips.batch(indices[at : at + self.data.batch_size])
            probabilities = recognizer.decision(recognizer.logits(batch.landmarks, batch.aspect))
            hits += int((probabilities.argmax(-1) == batch.label).sum())
        return {"n": len(indices), "top1": hits / len(indices), "top1_ci95": wilson(hits, len(indices))}

    def facts(self) -> dict[str, Any]:
        return {**super().facts(), "adapted_from": str(self.config["ckpt_path"]), **self.compared}

    def show(self, result: dict[str, Any]) -> None:
        """Print the scores, those of before the adaptation too."""
        super().show(result)
        rows = [("test clips", "before", "test"), ("validation clips", "kept_before", "kept")]
        for whose, before, now in rows:
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
    spellings = {spelling(word) for word in old}
    return [*old, *(word for word in new if spelling(word) not in spellings)]


def interpolate_weights(
    old: dict[str, Tensor], new: dict[str, Tensor], share: float, rows: list[int | None], outputs: Collection[str]
) -> dict[str, Tensor]:
    """Interpolates weights from ``new`` (``share`` 0) to ``old`` (``share`` 1); rows of new outputs are not changed.

    Networks that were trained further from the same weights can be averaged, and the average keeps most of what both
    have learnt (Wortsman et al. 2022, arXiv:2109.01903). For ``rows`` and ``outputs`` see ``grow``.
    """
    state = {}
    into, out_of = match_outputs(rows)
    for key, value in new.items():
        state[key] = value.clone()
        if value.is_floating_point():
            start = old[key].to(value.dtype)
            if key in outputs:
                state[key][into] = value[into].lerp(start[out_of], share)
            else:
                state[key].lerp_(start, share)
    return state


def grow(
    start: Checkpoint, fresh: dict[str, Tensor], rows: list[int | None], outputs: Collection[str]
) -> dict[str, Tensor]:
    """Copies the weights of ``start`` into a network with other outputs.

    Args:
        fresh: the other network's weights; its rows of new outputs are kept.
        rows: for each output the output of ``start`` that it was; None for a new one.
        outputs: the names of the tensors that have a row for each output.

    Raises:
        InputError: the weights belong to another network.
    """
    state, count = {}, len(start.words) + len(start.signs)
    into, out_of = match_outputs(rows)
    for key, value in fresh.items():
        old, of_outputs = start.state.get(key), key in outputs
        if old is None or old.shape != ((count, *value.shape[1:]) if of_outputs else value.shape):
            raise InputError(f"the checkpoint's weights do not fit its own network ({key}); train again")
        state[key] = old
        if of_outputs:
            state[key] = value.clone()
            state[key][into] = old[out_of].to(value)
    return state


def match_outputs(rows: list[int | None]) -> tuple[list[int], list[int]]:
    """Returns the outputs that are not new, and the outputs of the checkpoint that they were."""
    kept = [(into, row) for into, row in enumerate(rows) if row is not None]
    return [into for into, _ in kept], [row for _, row in kept]
