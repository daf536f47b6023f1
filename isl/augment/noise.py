"""No augmentation, and Insignia's augmentation: Gaussian noise on the network's inputs."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from isl.config.options import number
from isl.data.clips import Batch


class NoAugmentation(nn.Module):
    """Leaves the clips unchanged. It is the base class of all augmentations, with two hooks that change nothing."""

    @property
    def reads_face(self) -> bool:
        """Returns True if ``landmarks`` needs frames with the face mesh; by default if it changes anything."""
        return self.changes_landmarks

    @property
    def changes_landmarks(self) -> bool:
        return type(self).landmarks is not NoAugmentation.landmarks

    def landmarks(self, batch: Batch) -> Batch:
        """Changes raw landmarks, before the features: a ``Batch`` to a ``Batch`` of the same shapes."""
        return batch

    def inputs(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Changes the network's inputs: features ``x (B, T, F)`` and target probabilities ``target (B, words)``."""
        return x, target


class Noise(NoAugmentation):
    """Gaussian noise on the network's inputs. Insignia's only augmentation, with ``std=0.01``.

    It is added after the features, so that it cannot turn a missing hand into a found one. With raw features it equals
    Insignia's noise on the 1,662 numbers.
    """

    def __init__(self, std: float = 0.01) -> None:
        super().__init__()
        self.std = number(std, "augment.std")

    def inputs(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        return x + self.std * torch.randn_like(x), target
