"""Parts of residual branches, whose outputs are added to their inputs."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class DropPath(nn.Module):
    """Leaves a residual branch out for whole clips at random, in training (arXiv:1603.09382)."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        keep = torch.rand(x.shape[0], *(1,) * (x.dim() - 1), device=x.device) >= self.p
        return x * keep / (1 - self.p)


class FeedForward(nn.Sequential):
    """The feed-forward branch of a transformer block: expand, SiLU, dropout, reduce. ``(B, T, C)`` to the same."""

    def __init__(self, dim: int, expand: int, dropout: float) -> None:
        super().__init__(nn.Linear(dim, dim * expand), nn.SiLU(), nn.Dropout(dropout), nn.Linear(dim * expand, dim))
