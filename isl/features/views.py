"""Dropout of whole views: groups of columns that say much the same in different words."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from isl.config.options import number


class ViewDropout(nn.Module):
    """In training, each view of a clip is missing with probability ``p``: the others must do. At least one stays.

    One signer's clips of a word agree in every detail, and a network leans on whichever is easiest; the next signer
    differs in just some of them. A network that has had to do without each in turn listens to all.

    Args:
        views: how many columns each view has, in their order.
        p: the chance of each view, in each clip.

    Source: dropout by input modality, as in ModDrop (Neverova et al. 2016, arXiv:1501.00102).
    """

    which: Tensor

    def __init__(self, views: dict[str, int], p: float) -> None:
        super().__init__()
        self.p = number(p, "features.view_dropout", most=0.9)
        self.count = len(views)
        which = torch.arange(self.count).repeat_interleave(torch.tensor(list(views.values())))
        self.register_buffer("which", which, persistent=False)  # (F,): each column's view

    def forward(self, x: Tensor) -> Tensor:
        """``(B, T, F)`` to the same; what is missing is its columns' mean over the batch, which says nothing."""
        if not self.training or self.p == 0:
            return x
        chance = torch.rand(len(x), self.count, device=x.device)
        missing = (chance < self.p) & (chance < chance.amax(1, keepdim=True))  # (B, views)
        return torch.where(missing[:, self.which][:, None], x.mean((0, 1)), x)
