"""Operations on the frames of a clip: normalise, average, weight over time. Padding is left out.

Here and in the networks ``real`` is 1 for a real frame and 0 for padding, a float ``(B, T, 1)``; a ``mask`` is bool
``(B, T)``, True for a real frame, or None if all frames are real. ``real`` may be None too, for the same: it saves a
multiplication by ones.
"""

from __future__ import annotations

from typing import TypeVar, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Real = TypeVar("Real", bound=Tensor | None)


def realness(x: Tensor, mask: Tensor | None) -> Tensor:
    """Returns ``real (B, T, 1)`` for the frames of ``x (B, T, C)``."""
    return x.new_ones(x.shape[0], x.shape[1], 1) if mask is None else mask.unsqueeze(-1).to(x)


class FrameNorm(nn.BatchNorm1d):
    """Batch normalisation of every channel over clips and frames: ``(B, T, C)`` to the same."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.flatten(0, 1)).view_as(x)


def without_padding(x: Tensor, real: Tensor | None) -> Tensor:
    """Sets padding to 0: ``(B, T, C)`` and ``(B, T, 1)`` to ``(B, T, C)``."""
    return x if real is None else x * real


def thinned(x: Tensor, real: Real, stride: int) -> tuple[Tensor, Real]:
    """Averages every ``stride`` frames: ``(B, T, C)`` and ``(B, T, 1)`` to both with ``ceil(T / stride)`` frames.

    Clips of 30 frames contain each frame twice, and half the frame rate is half the work.
    """
    if stride == 1:
        return without_padding(x, real), real
    short = -x.shape[1] % stride
    if real is None and not short:
        return x.unflatten(1, (-1, stride)).mean(2), real
    each = realness(x, None) if real is None else real
    x, each = F.pad(x, (0, 0, 0, short)), F.pad(each, (0, 0, 0, short)).unflatten(1, (-1, stride))
    count = each.sum(2)  # (B, T / stride, 1)
    mean = (each / count.clamp(min=1)[:, :, None]).mT @ x.unflatten(1, (-1, stride))  # (B, T / stride, 1, C)
    return mean.squeeze(2), cast(Real, None if real is None else (count > 0).to(x))


def masked_mean(x: Tensor, real: Tensor | None) -> Tensor:
    """Returns the mean over real frames: ``(B, T, C)`` and ``(B, T, 1)`` to ``(B, C)``."""
    return x.mean(1) if real is None else (x * real).sum(1) / real.sum(1).clamp(min=1)


def weighed(x: Tensor, score: Tensor, mask: Tensor | None) -> Tensor:
    """Attention over time: the sum of ``(B, T, C)``, weighted by the softmax of the scores ``(B, T)``, to ``(B, C)``.

    Source: Zhou et al. 2016, "Attention-Based Bidirectional LSTM Networks for Relation Classification".
    """
    if mask is not None:
        score = score.masked_fill(~mask, float("-inf"))
    weight = torch.softmax(score, dim=1)  # (B, T), sums to 1 over time
    return torch.einsum("bt,btc->bc", weight, x)
