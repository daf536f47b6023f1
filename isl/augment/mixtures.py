"""A step that blends two clips and their labels."""

from __future__ import annotations

import torch
from torch import Tensor

from isl.augment.scene import Step


class Mixup(Step):
    """Blends each clip, and its label, with another one, in a share ``p`` of the clips (arXiv:1710.09412)."""

    def __init__(self, alpha: float = 0.4, p: float = 0.5) -> None:
        super().__init__()
        self.alpha, self.p = alpha, p

    def inputs(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        n = len(x)
        share = torch.distributions.Beta(self.alpha, self.alpha).sample((n, 1)).to(x)
        share = torch.where(torch.rand(n, 1, device=x.device) < self.p, share.maximum(1 - share), 1.0)
        other = torch.randperm(n, device=x.device)
        blended = (share[:, 0] < 1).nonzero().squeeze(1)  # the other clips need no arithmetic
        own = share[blended, :, None]
        mixed = x.index_copy(0, blended, x[blended] * own + x[other[blended]] * (1 - own))
        return mixed, target * share + target[other] * (1 - share)
