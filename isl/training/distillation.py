"""Distillation: trains one small network on the answers of a teacher, usually an ensemble, to the same clips.

Hinton, Vinyals & Dean 2015 (arXiv:1503.02531): besides the label, the target of a clip is the teacher's probability of
every word. Teacher and student are softened by a temperature, so that small probabilities count. The teacher gets the
same augmented clip as the student (Beyer et al. 2022, arXiv:2106.05237: "a good teacher is patient and consistent").
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from isl.data.clips import Batch
from isl.errors import InputError
from isl.recognition.recognizer import Recognizer
from isl.training.run import Run
from isl.training.task import SignRecognition


class Distillation(Run):
    """A training run whose network learns from ``teacher``: a checkpoint, several, or a folder of runs."""

    def make_task(self) -> SignRecognition:
        if not self.config["teacher"]:
            raise InputError(
                "teacher=null: name a checkpoint to learn from, several, [a.ckpt,b.ckpt], or a folder of runs"
            )
        return Student(teacher=self.config["teacher"], trusted=self.trusted, **self.config["distill"], **self.recipe)


class Student(SignRecognition):
    """Learns words from labels and from a teacher.

    Args:
        teacher: the paths of its checkpoints: see ``isl.recognition.locate.checkpoint_paths``.
        temperature: the divisor of the logits of teacher and student before they are compared.
        share: the teacher's share of the loss; the labels have the rest.
        trusted: packages, besides isl's own, whose classes the teacher's checkpoint may name.
        recipe: the arguments of ``SignRecognition``.

    Raises:
        InputError: the teacher cannot be read, or lacks one of the words.
    """

    def __init__(
        self,
        teacher: str | list[str],
        temperature: float = 2.0,
        share: float = 0.7,
        trusted: Sequence[str] = (),
        **recipe: Any,
    ) -> None:
        super().__init__(**recipe)
        self.softness, self.share = temperature, share
        # Not a module, so that it is neither trained nor in the checkpoint
        self.teacher = Recognizer.load(teacher, trusted=trusted)
        if missing := [word for word in self.words if word not in self.teacher.words]:
            raise InputError(
                f"teacher={teacher}: does not know {', '.join(missing[:6])}; take one that knows all words"
            )
        self.columns = [self.teacher.words.index(word) for word in self.words]

    @property
    def reads_face(self) -> bool:
        """Returns False if student and teacher both take clips without the face mesh."""
        return super().reads_face or self.teacher.features.reads_face

    def on_fit_start(self) -> None:
        self.teacher.to(self.device)

    def targets(self, batch: Batch) -> Tensor:
        """Returns labels and the teacher's softened probabilities: ``(B, 2 words)``. Mixup blends both alike."""
        with torch.no_grad():
            logits = self.teacher.logits(batch.landmarks, batch.aspect)[:, self.columns]
        return torch.cat([super().targets(batch), (logits / self.softness).softmax(-1)], 1)

    def loss(self, logits: Tensor, target: Tensor) -> Tensor:
        label, taught = target.chunk(2, 1)
        gap = F.kl_div((logits / self.softness).log_softmax(-1), taught, reduction="batchmean")
        # Softening divides gradients by the square of the temperature
        return self.share * self.softness**2 * gap + (1 - self.share) * super().loss(logits, label)
