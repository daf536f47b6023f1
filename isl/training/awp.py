"""Adversarial weight perturbation: learn from the worst weights nearby, so that the loss is flat around the real ones.

Wu, Xia & Wang 2020 (arXiv:2004.05884), in the form in which Hoyeol Sohn won Kaggle's "Google - Isolated Sign Language
Recognition" (2023): every weight tensor takes a step of a fixed length up its own gradient, the batch is seen once more
from there, and the gradient found there is what the optimiser gets.
"""

from __future__ import annotations

import torch
from lightning.pytorch import Callback, LightningModule, Trainer

from isl.config.options import positive, whole
from isl.training.task import SignRecognition


class AdversarialWeights(Callback):
    """Replaces each batch's gradient by the one at adversarially perturbed weights.

    Args:
        size: length of the step of a weight tensor, in the weights' own unit.
        from_epoch: epochs before this one are trained as usual: early on there is nothing to flatten.
    """

    def __init__(self, size: float = 0.2, from_epoch: int = 15) -> None:
        self.size = positive(size, "callbacks.awp.size")
        self.from_epoch = whole(from_epoch, "callbacks.awp.from_epoch")

    def on_after_backward(self, trainer: Trainer, pl_module: LightningModule) -> None:
        assert isinstance(pl_module, SignRecognition) and pl_module.seen is not None
        if trainer.current_epoch < self.from_epoch:
            return
        model, (x, target) = pl_module.model, pl_module.seen
        moved = [(weight, weight.detach().clone()) for weight in model.parameters() if weight.grad is not None]
        statistics = [(buffer, buffer.clone()) for buffer in model.buffers()]
        with torch.no_grad():
            for weight, _ in moved:
                assert weight.grad is not None
                length = weight.grad.norm().clamp(min=torch.finfo(weight.dtype).tiny)
                weight.add_(self.size * weight.grad / length)
                weight.grad = None
        precision = trainer.precision_plugin
        with precision.train_step_context():
            loss, _ = pl_module.learn(x, target)
        precision.pre_backward(loss, pl_module).backward()  # scaled where precision is half
        with torch.no_grad():
            for tensor, before in [*moved, *statistics]:
                tensor.copy_(before)  # exactly as they were: what adds and subtracts drifts
