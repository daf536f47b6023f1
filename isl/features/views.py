"""Dropout of whole views, which are groups of columns with overlapping information."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from isl.config.options import number
from isl.models import processes


class ViewDropout(nn.Module):
    """Drops each view of a training clip with probability ``p``. At least one view is kept.

    One signer's clips of a word agree in every view, and a network learns the easiest view alone. Another signer
    differs in some of the views. A network that is trained with missing views learns to use all of them.

    Args:
        views: the number of columns of each view, in order.
        p: the probability that a view is dropped, for each view and clip.

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
        """``(B, T, F)`` to the same; dropped columns take their mean over the batch, which holds no information."""
        if not self.training or self.p == 0:
            return x
        chance = torch.rand(len(x), self.count, device=x.device)
        missing = (chance < self.p) & (chance < chance.amax(1, keepdim=True))  # (B, views)
        return torch.where(missing[:, self.which][:, None], _mean(x), x)


def _mean(x: Tensor) -> Tensor:
    """Returns the mean over the batch, that of all processes: ``(B, T, F)`` to ``(F,)``."""
    mean = x.mean((0, 1))
    if not processes.are_several():
        return mean
    own = torch.stack([mean * len(x), torch.full_like(mean, len(x))])
    total, count = processes.gather(own).sum(0)
    return total / count
