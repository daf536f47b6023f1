"""A step that blends two clips, and what they are called."""

from __future__ import annotations

import torch
from torch import Tensor

from isl.augment.scene import Step


class Mixup(Step):
    """Each clip blended with another one, and so are their labels (arXiv:1710.09412), in a share ``p`` of the clips."""

    def __init__(self, alpha: float = 0.4, p: float = 0.5) -> None:
        super().__init__()
        self.alpha, self.p = alpha, p

    def inputs(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        n = len(x)
        share = torch.distributions.Beta(self.alpha, self.alpha).sample((n, 1)).to(x)
        share = torch.where(torch.rand(n, 1, device=x.device) < self.p, share.maximum(1 - share), 1.0)
        other = torch.randperm(n, device=x.device)
        mixed = x * share[..., None] + x[other] * (1 - share[..., None])
        return mixed, target * share + target[other] * (1 - share)
