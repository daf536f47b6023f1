"""The Lightning module of a training: features, network, loss, optimiser and logged metrics."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from lightning.pytorch import LightningModule
from lightning.pytorch.utilities.types import LRSchedulerTypeUnion
from torch import Tensor
from torch.optim.lr_scheduler import ReduceLROnPlateau
from torchmetrics.classification import MulticlassAccuracy

from isl.augment import NoAugmentation
from isl.config.build import ANY, build
from isl.config.options import number, positive
from isl.data.clips import Batch
from isl.errors import InputError
from isl.features import Features
from isl.models.network import Network, build_network
from isl.recognition.decision import Decision
from isl.training.callbacks import epoch_seed
from isl.training.optimizer import build_optimizer
from isl.training.recombination import Recombination
from isl.training.rows import BatchRows, OwnNoise
from isl.training.schedule import build_scheduler

MONITOR = "val/loss"  # the metric for a scheduler that needs one
PREPARING = 2**62  # added to the seed of an epoch for the random numbers of its batches' preparation


class Prepared(NamedTuple):
    """A batch as the network learns from it, see ``SignRecognition.distort``."""

    x: Tensor  # (B + N, 60, F)
    target: Tensor  # (B, words + signs)
    drawn: Tensor | None  # (N, branches, words + signs)
    label: Tensor  # (B,)


class SignRecognition(LightningModule):
    """Classifies clips into words.

    Every argument is plain data and is stored in the checkpoint, so that the module can be rebuilt from it alone.

    Args:
        words: the vocabulary; a label is an index into it.
        features, model, augment, optimizer, scheduler: each a ``_target_`` with its arguments.
        label_smoothing: the share of the target that is spread over all words.
        seed: seeds, together with the epoch's number, everything that is random in an epoch.
        about: facts that are stored in the checkpoint (protocol, window in seconds, versions).
        signs: the signs of the background; labels after those of the words are indices into them. In training each is
            a class of its own, which is never an answer. See ``isl.data.background``.
        background_weight: the weight of the background clips in the loss.
        recombined: the part, of the clips of words in a batch, of clips that are put together from two others; the
            last of ``signs`` is then their class. See ``isl.training.recombination``.
    """

    def __init__(
        self,
        words: list[str],
        features: dict[str, Any],
        model: dict[str, Any],
        augment: dict[str, Any],
        optimizer: dict[str, Any],
        scheduler: dict[str, Any],
        label_smoothing: float = 0.0,
        seed: int = 0,
        about: dict[str, Any] | None = None,
        signs: list[str] | None = None,
        background_weight: float = 0.5,
        recombined: float = 0.0,
    ) -> None:
        super().__init__()
        self.save_hyperparameters(logger=False)  # outcome.py logs them once, with the scores
        if len(words) < 2:
            advice = "record another, or teach this one to a checkpoint of others: experiment=adapt ckpt_path=..."
            raise InputError(f"one word only, {words[0]}, and no other word to distinguish it from; {advice}")
        number(label_smoothing, "label_smoothing", most=1)
        positive(optimizer.get("lr"), "optimizer.lr")
        self.words = words
        self.signs = signs or []
        self.background_weight = background_weight
        self.seed = seed
        self.label_smoothing = label_smoothing
        self.features: Features = build(features, base=Features, trusted=ANY, at="features")
        size, skeleton, views = self.features.size, self.features.skeleton, self.features.views
        self.model: Network = build_network(model, size, len(words) + len(self.signs), skeleton, views)
        self.recombination: Recombination | None = None
        if recombined > 0:
            self.recombination = Recombination.of(self.model, recombined, len(words) + len(self.signs))
        self.augment = build(augment, base=NoAugmentation, trusted=ANY, at="augment")
        self.optimizer_config, self.scheduler_config = optimizer, scheduler
        self.configure_optimizers()  # raises an error for wrong arguments here, before training begins
        self.train_top1 = MulticlassAccuracy(len(words), average="micro")
        self.val_top1 = MulticlassAccuracy(len(words), average="micro")
        self.decision = Decision(len(words))  # fitted after training: see isl.training.calibration
        self.test_probabilities: list[Tensor] = []

    @property
    def reads_face(self) -> bool:
        """Returns False if features and augmentation take clips without the face mesh: frames of 258 numbers."""
        return self.features.reads_face or self.augment.reads_face

    def forward(self, landmarks: Tensor, aspect: Tensor) -> Tensor:
        """Maps raw landmarks ``(B, 60, 1662)`` and aspects ``(B,)`` to logits ``(B, words + signs)``."""
        logits: Tensor = self.model(self.features(landmarks, aspect))
        return logits

    def branch_logits(self, landmarks: Tensor, aspect: Tensor) -> Tensor:
        """Returns the logits of each branch of the network, ``(B, branches, words + signs)``."""
        return self.model.branch_logits(self.features(landmarks, aspect))

    def on_train_epoch_start(self) -> None:
        torch.manual_seed(epoch_seed(self.seed, self.current_epoch))

    def start_preparation(self) -> Callable[[Batch], Prepared]:
        """Returns the function that prepares the batches of the present epoch.

        It has random numbers of its own, so that they do not depend on when it is called.
        """
        generator = torch.Generator(self.device)
        generator.manual_seed(epoch_seed(self.seed, self.current_epoch) + PREPARING)
        return partial(self.prepare, generator=generator)

    def prepare(self, batch: Batch, generator: torch.Generator) -> Prepared:
        """Returns a batch of the data module as ``training_step`` takes it, on this module's device."""
        batch = Batch(*(part.to(self.device) for part in batch))
        with OwnNoise(generator):
            return Prepared(*self.distort(batch, self.rows), batch.label)

    @property
    def rows(self) -> BatchRows:
        """The rows of each batch on which this process trains."""
        return BatchRows(self.trainer.global_rank, self.trainer.world_size)

    def training_step(self, batch: Prepared, _: int) -> Tensor:
        rows, count = self.rows, len(batch.label)
        with rows.noise(count):
            loss, logits = self.learn(rows.of(batch.x), rows.of(batch.target), batch.drawn)
        loss = loss * rows.weight(count)
        label = rows.of(batch.label)
        label = label[label < len(self.words)]  # the clips of words come first in x
        self.train_top1.update(logits[: len(label), : len(self.words)], label)
        many = rows.processes > 1
        self.log("train/loss", loss, on_step=False, on_epoch=True, batch_size=count, prog_bar=True, sync_dist=many)
        self.log("train/top1", self.train_top1, on_step=False, on_epoch=True)
        if self.trainer.is_last_batch:
            self.log("train/lr", self.optimizers().param_groups[0]["lr"], on_step=False, on_epoch=True)  # type: ignore[union-attr]
        return loss

    def distort(self, batch: Batch, rows: BatchRows) -> tuple[Tensor, Tensor, Tensor | None]:
        """Returns the inputs, targets and recombined clips' targets of an augmented batch, as ``learn`` takes them.

        Each process changes its own ``rows`` of the landmarks; all have the inputs of the whole batch, whose clips are
        blended with one another. A background and recombined clips come with one process alone.
        """
        count, drawn = len(batch.label), None
        if self.recombination:
            made, drawn = self.recombination.make(batch, int((batch.label < len(self.words)).sum()))
            batch = Batch(*(torch.cat(pair) for pair in zip(batch, made, strict=True)))
        with rows.noise(count):
            own = self.augment.landmarks(Batch(*map(rows.of, batch)))
            x = self.features(own.landmarks, own.aspect)  # (B, 60, F)
        x, put_together = rows.gather(x, count).tensor_split([count])
        target = rows.gather(self.targets(Batch(*(part[:count] for part in own))), count)
        if not self.signs:
            return *self.augment.inputs(x, target), None
        of_words = batch.label[:count] < len(self.words)
        # words are blended with words only, background with background only
        parts = [self.augment.inputs(x[part], target[part]) for part in (of_words, ~of_words) if part.any()]
        x, target = torch.cat([part[0] for part in parts]), torch.cat([part[1] for part in parts])
        if drawn is not None and len(drawn):
            put_together, flat = self.augment.inputs(put_together, drawn.flatten(1))
            x, drawn = torch.cat([x, put_together]), flat.view_as(drawn)
        return x, target, drawn

    def learn(self, x: Tensor, target: Tensor, drawn: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Returns the loss on features ``x (B, T, F)`` with their targets, and the logits ``(B, words + signs)``.

        The loss is the mean of the branches' losses: each branch learns on its own. Recombined clips with targets
        ``drawn (N, branches, words + signs)`` may follow those of ``target``.
        """
        each = self.model.branch_logits(x)  # (B + N, branches, words + signs)
        each, others = each.tensor_split([len(target)])
        losses = [self.loss(logits, target) for logits in each.unbind(1)]
        loss = torch.stack(losses).mean()
        if drawn is not None and len(drawn):
            loss = loss - (drawn * others.log_softmax(-1)).sum(-1).mean()
        return loss, self.model.combine(each)

    def targets(self, batch: Batch) -> Tensor:
        """Returns the one-hot targets of augmented clips, ``(B, words + signs)``; augmentation blends their rows."""
        return F.one_hot(batch.label, len(self.words) + len(self.signs)).to(batch.landmarks.dtype)

    def loss(self, logits: Tensor, target: Tensor) -> Tensor:
        """Returns the cross-entropy of ``logits (B, words + signs)`` and a ``target`` from ``targets``."""
        if not self.signs:
            return F.cross_entropy(logits, target, label_smoothing=self.label_smoothing)
        count = len(self.words)
        own, others = target[:, :count], target[:, count:]
        word = own.sum(1, keepdim=True)  # 1 for a clip of words, 0 for one of the background
        smooth = (1 - self.label_smoothing) * own + self.label_smoothing / count * word  # over the words only
        each = F.cross_entropy(logits, torch.cat([smooth, others], 1), reduction="none")
        background = 1 - word.squeeze(1)
        mean_of_background = (each * background).sum() / background.sum().clamp(min=1)
        mean_of_words = (each * (1 - background)).sum() / (1 - background).sum().clamp(min=1)
        return mean_of_words + self.background_weight * mean_of_background

    def validation_step(self, batch: Batch, _: int) -> None:
        logits = self(batch.landmarks, batch.aspect)
        self.val_top1.update(logits[:, : len(self.words)], batch.label)
        self.log("val/loss", F.cross_entropy(logits, batch.label), batch_size=len(logits), prog_bar=True)
        self.log("val/top1", self.val_top1, prog_bar=True)

    def on_test_start(self) -> None:
        self.test_probabilities = []

    def test_step(self, batch: Batch, _: int) -> None:
        logits = self(batch.landmarks, batch.aspect)
        probabilities = self.decision(logits)
        self.test_probabilities.append(probabilities.cpu())
        self.log("test/loss", F.cross_entropy(logits, batch.label), batch_size=len(logits))
        right = probabilities.argmax(-1) == batch.label
        self.log("test/top1", right.float().mean(), batch_size=len(logits))

    def configure_optimizers(self) -> Any:
        optimizer = build_optimizer(self.optimizer_config, self)
        scheduler = build_scheduler(self.scheduler_config, optimizer, MONITOR)
        return {"optimizer": optimizer, "lr_scheduler": scheduler}

    def on_train_epoch_end(self) -> None:
        """Set the learning rate of the next epoch before checkpoints are written.

        Lightning would set it after that, and a run that is resumed from a checkpoint would be one epoch behind.

        Raises:
            InputError: a loss or a weight is not finite.
        """
        self._check_finite()
        for config in self.trainer.lr_scheduler_configs:
            if config.interval == "epoch":
                self._step(config.scheduler, self.trainer.callback_metrics.get(MONITOR))

    def lr_scheduler_step(self, scheduler: LRSchedulerTypeUnion, metric: Any | None) -> None:
        """Lightning's hook after every batch and every epoch; the epoch's own step is made before."""
        (config,) = self.trainer.lr_scheduler_configs
        if config.interval == "step":
            self._step(scheduler, metric)

    def _step(self, scheduler: LRSchedulerTypeUnion, metric: Any | None) -> None:
        super().lr_scheduler_step(scheduler, metric if isinstance(scheduler, ReduceLROnPlateau) else None)

    def _check_finite(self) -> None:
        losses = {name: self.trainer.callback_metrics.get(name) for name in ("train/loss", MONITOR)}
        wrong = [name for name, loss in losses.items() if loss is not None and not torch.isfinite(loss)]
        wrong += [name for name, value in self.model.state_dict().items() if not torch.isfinite(value).all()][:1]
        if wrong:
            raise InputError(
                f"epoch {self.current_epoch}: {wrong[0]} is no longer a finite number; "
                "lower optimizer.lr, or give trainer.gradient_clip_val=1"
            )
