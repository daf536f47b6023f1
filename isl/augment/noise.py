"""No augmentation, and Insignia's: Gaussian noise on what the network gets."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from isl.config.options import number
from isl.data.clips import Batch


class NoAugmentation(nn.Module):
    """Training sees the clips as they are. Also the base of the others: two hooks, each the identity here."""

    def landmarks(self, batch: Batch) -> Batch:
        """Change raw landmarks, before the features: a ``Batch`` to a ``Batch`` of the same shapes."""
        return batch

    def inputs(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Change what the network gets, after the features: ``x (B, T, F)`` and ``target (B, words)`` probabilities."""
        return x, target


class Noise(NoAugmentation):
    """Gaussian noise on the network's inputs. Insignia's only augmentation, with ``std=0.01``.

    It acts after the features, where it cannot make a missing hand look found; with raw features that is exactly
    Insignia's noise on the 1,662 numbers.
    """

    def __init__(self, std: float = 0.01) -> None:
        super().__init__()
        self.std = number(std, "augment.std")

    def inputs(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        return x + self.std * torch.randn_like(x), target
