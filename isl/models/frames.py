"""Operations on the frames of a clip: normalise, average, weight over time. Padding is left out.

Here and in the networks ``real`` is 1 for a real frame and 0 for padding, a float ``(B, T, 1)``; a ``mask`` is bool
``(B, T)``, True for a real frame, or None if all frames are real. ``real`` may be None too, for the same: it saves a
multiplication by ones.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from isl.models import processes

Real = TypeVar("Real", bound=Tensor | None)


def find_real(x: Tensor, mask: Tensor | None) -> Tensor:
    """Returns ``real (B, T, 1)`` for the frames of ``x (B, T, C)``."""
    return x.new_ones(x.shape[0], x.shape[1], 1) if mask is None else mask.unsqueeze(-1).to(x)


class FrameNorm(nn.BatchNorm1d):
    """Batch normalisation of every channel over clips and frames: ``(B, T, C)`` to the same.

    In a training of several processes the statistics are over the clips of all of them.
    """

    def forward(self, x: Tensor) -> Tensor:
        flat = x.flatten(0, 1)
        if self.training and processes.are_several():
            return _normalise_over_processes(self, flat).view_as(x)
        return super().forward(flat).view_as(x)


class PointNorm(nn.BatchNorm2d):
    """Batch normalisation of every channel over clips, frames and points: ``(B, C, T, V)`` to the same.

    In a training of several processes the statistics are over the clips of all of them.
    """

    def forward(self, x: Tensor) -> Tensor:
        if self.training and processes.are_several():
            last = x.movedim(1, -1)  # (B, T, V, C)
            return _normalise_over_processes(self, last.flatten(0, 2)).view_as(last).movedim(-1, 1)
        return super().forward(x)


def _normalise_over_processes(norm: nn.BatchNorm1d | nn.BatchNorm2d, x: Tensor) -> Tensor:
    """Normalises ``(N, C)`` by the statistics over the rows of all processes, and updates those of ``norm``."""
    y, count, mean, var = _SharedNorm.apply(x.float(), norm.weight, norm.bias, norm.eps)  # type: ignore[no-untyped-call]
    assert norm.momentum is not None and norm.running_mean is not None and norm.running_var is not None
    assert norm.num_batches_tracked is not None
    norm.num_batches_tracked.add_(1)
    norm.running_mean.lerp_(mean, norm.momentum)
    norm.running_var.lerp_(var * count / (count - 1), norm.momentum)
    normalised: Tensor = y.to(x.dtype)
    return normalised


class _SharedNorm(torch.autograd.Function):
    """Batch normalisation over the rows of all processes, with one message each way."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, bias: Tensor, eps: float) -> tuple[Tensor, ...]:
        own_mean = x.mean(0)
        own = torch.stack([torch.full_like(own_mean, len(x)), own_mean, (x - own_mean).square_().mean(0)])
        counts, means, variances = processes.gather(own).unbind(1)  # (processes, C) each
        count = counts.sum(0)
        mean = (counts * means).sum(0) / count
        var = (counts * (variances + (means - mean).square())).sum(0) / count
        inverse = (var + eps).rsqrt()
        scale = inverse * weight
        ctx.save_for_backward(x, scale, mean, inverse, count)
        ctx.mark_non_differentiable(count, mean, var)
        return torch.addcmul(bias - mean * scale, x, scale), count, mean, var

    @staticmethod
    def backward(ctx: Any, g: Tensor, *_: Tensor) -> tuple[Tensor | None, ...]:
        x, scale, mean, inverse, count = ctx.saved_tensors
        centred = (x - mean).mul_(inverse)
        own = torch.stack([g.sum(0), (g * centred).sum(0)])
        shift, slope = processes.gather(own).sum(0) / count
        return (g - shift).sub_(centred.mul_(slope)).mul_(scale), own[1], own[0], None


def without_padding(x: Tensor, real: Tensor | None) -> Tensor:
    """Sets padding to 0: ``(B, T, C)`` and ``(B, T, 1)`` to ``(B, T, C)``."""
    return x if real is None else x * real


def average_strides(x: Tensor, real: Real, stride: int) -> tuple[Tensor, Real]:
    """Averages every ``stride`` frames: ``(B, T, C)`` and ``(B, T, 1)`` to both with ``ceil(T / stride)`` frames.

    Clips of 30 frames contain each frame twice, and half the frame rate is half the work.
    """
    if stride == 1:
        return without_padding(x, real), real
    short = -x.shape[1] % stride
    if real is None and not short:
        return x.unflatten(1, (-1, stride)).mean(2), real
    each = find_real(x, None) if real is None else real
    x, each = F.pad(x, (0, 0, 0, short)), F.pad(each, (0, 0, 0, short)).unflatten(1, (-1, stride))
    count = each.sum(2)  # (B, T / stride, 1)
    mean = (each / count.clamp(min=1)[:, :, None]).mT @ x.unflatten(1, (-1, stride))  # (B, T / stride, 1, C)
    return mean.squeeze(2), cast(Real, None if real is None else (count > 0).to(x))


def normalise_strides(norm: FrameNorm, x: Tensor, real: Real, stride: int) -> tuple[Tensor, Real]:
    """Normalises, then averages as ``average_strides`` does.

    Means are normalised in place of single frames, by the statistics of these, where a training on a CPU needs no
    gradient of ``x``: a third of the time.
    """
    usual = x.device.type == "cpu" and x.dtype == torch.float32 and x.shape[1] % stride == 0 and real is None
    if not (norm.training and usual) or x.requires_grad or processes.are_several():
        return average_strides(norm(x), real, stride)
    assert norm.momentum is not None and norm.num_batches_tracked is not None
    norm.num_batches_tracked.add_(1)
    flat = x.flatten(0, 1)
    mean, var = torch.batch_norm_update_stats(flat, norm.running_mean, norm.running_var, norm.momentum)
    scale = norm.weight * (var + norm.eps).rsqrt()
    return torch.addcmul(norm.bias - mean * scale, average_strides(x, None, stride)[0], scale), real


def masked_mean(x: Tensor, real: Tensor | None) -> Tensor:
    """Returns the mean over real frames: ``(B, T, C)`` and ``(B, T, 1)`` to ``(B, C)``."""
    return x.mean(1) if real is None else (x * real).sum(1) / real.sum(1).clamp(min=1)


def pool_attention(x: Tensor, score: Tensor, mask: Tensor | None) -> Tensor:
    """Attention over time: the sum of ``(B, T, C)``, weighted by the softmax of the scores ``(B, T)``, to ``(B, C)``.

    Source: Zhou et al. 2016, "Attention-Based Bidirectional LSTM Networks for Relation Classification".
    """
    if mask is not None:
        score = score.masked_fill(~mask, float("-inf"))
    weight = torch.softmax(score, dim=1)  # (B, T), sums to 1 over time
    return torch.einsum("bt,btc->bc", weight, x)
