"""Depthwise convolutions over time, then attention, as in the winner of Kaggle's isolated sign language recognition.

Source: Hoyeol Sohn's first place in "Google - Isolated Sign Language Recognition" (2023): blocks of expansion, causal
depthwise convolution of kernel 17 and efficient channel attention (arXiv:1910.03151), a transformer block after every
few of them, masked average pooling. This is a new implementation: smaller, not causal, at a quarter of the frame rate.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from isl.config.options import whole
from isl.models.attention import AttentionBlock
from isl.models.frames import FrameNorm, find_real, masked_mean, normalise_strides, without_padding
from isl.models.network import Network, check_heads, check_odd, check_shares, check_sizes
from isl.models.residual import DropPath


class ConvBlock(nn.Module):
    """Residual block: expand, convolve each channel over time, weight the channels, reduce; ``(B, T, C)``."""

    def __init__(self, dim: int, kernel: int, expand: int, drop_path: float, dropout: float) -> None:
        super().__init__()
        wide = dim * expand
        self.kernel = kernel
        self.inward = nn.Linear(dim, wide)
        self.depthwise = nn.Conv2d(wide, wide, (1, kernel), padding=(0, kernel // 2), groups=wide, bias=False)
        self.norm = FrameNorm(wide)
        self.attend = nn.Conv1d(1, 1, 5, padding=2, bias=False)
        self.outward = nn.Linear(wide, dim)
        self.dropout = nn.Dropout(dropout)
        self.drop_path = DropPath(drop_path)

    def forward(self, x: Tensor, real: Tensor | None) -> Tensor:
        y = without_padding(F.silu(self.inward(x)), real)  # (B, T, wide); padding is 0 for the convolution
        y = self.norm(self.over_time(y))
        y = y * torch.sigmoid(self.over_channels(masked_mean(y, real)))[:, None]
        return x + self.drop_path(self.dropout(self.outward(y)))

    def over_time(self, y: Tensor) -> Tensor:
        """Convolves each channel over time, ``(B, T, wide)`` to the same."""
        weight = self.depthwise.weight
        if y.requires_grad and y.device.type == "cpu" and not torch.is_autocast_enabled("cpu"):
            convolved: Tensor = _OverTime.apply(y, weight)  # type: ignore[no-untyped-call]
            return convolved
        return convolve(y, weight)

    def over_channels(self, y: Tensor) -> Tensor:
        """Convolves ``(B, wide)`` over its channels, as ``attend`` would, in half of the time."""
        weight = self.attend.weight.flatten()
        return F.pad(y, (len(weight) // 2,) * 2).unfold(1, len(weight), 1) @ weight


def convolve(y: Tensor, weight: Tensor) -> Tensor:
    """Convolves each channel over time: ``(B, T, C)`` and weights ``(C, 1, 1, kernel)``, of odd size, to ``(B, T, C)``.

    For the convolution the frames are the columns of a picture whose channels are the innermost dimension, as they are
    in ``y``. With channels outside, or frames as its rows, it takes four times as long.
    """
    picture = y[:, None].permute(0, 3, 1, 2)  # (B, C, 1, T)
    return F.conv2d(picture, weight, padding=(0, weight.shape[3] // 2), groups=len(weight))[:, :, 0].mT


class _OverTime(torch.autograd.Function):
    """``convolve`` with a backward pass that takes half of the time of PyTorch's on a CPU."""

    @staticmethod
    def forward(ctx: Any, y: Tensor, weight: Tensor) -> Tensor:
        ctx.save_for_backward(y, weight)
        return convolve(y, weight)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor]:
        y, weight = ctx.saved_tensors
        frames, kernel = y.shape[1], weight.shape[3]
        padded, product = F.pad(y, (0, 0, kernel // 2, kernel // 2)), torch.empty_like(y)
        of_taps = [torch.mul(padded[:, k : k + frames], gradient, out=product).sum((0, 1)) for k in range(kernel)]
        return convolve(gradient, weight.flip(3)), torch.stack(of_taps, 1).view_as(weight)


class ConvTransformer(Network):
    """``stages`` times (``convs`` convolution blocks and one attention block), masked mean, dropout, one linear layer.

    Before that, every ``stride`` frames are replaced by their mean.
    About 390,000 parameters on ``BodyHands`` and 18 words.
    """

    def __init__(
        self,
        inputs: int,
        words: int,
        dim: int = 128,
        stages: int = 1,
        convs: int = 3,
        kernel: int = 11,
        expand: int = 2,
        heads: int = 4,
        stride: int = 4,
        drop_path: float = 0.1,
        dropout: float = 0.0,
        late_dropout: float = 0.4,
    ) -> None:
        super().__init__()
        check_heads(dim, heads)
        check_odd(kernel)
        check_sizes(stages=stages, expand=expand, stride=stride)
        whole(convs, "model.convs", most=1000)
        check_shares(drop_path=drop_path, dropout=dropout, late_dropout=late_dropout)
        self.stride = stride
        self.norm = FrameNorm(inputs)
        self.stem = nn.Linear(inputs, dim, bias=False)
        self.stem_norm = FrameNorm(dim)
        blocks: list[nn.Module] = []
        for _ in range(stages):
            blocks += [ConvBlock(dim, kernel, expand, drop_path, dropout) for _ in range(convs)]
            blocks.append(AttentionBlock(dim, heads, expand, drop_path, dropout))
        self.blocks = nn.ModuleList(blocks)
        self.last_norm = nn.LayerNorm(dim)
        self.dropout = nn.Dropout(late_dropout)
        self.head = nn.Linear(dim, words)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """``x (B, T, inputs)``, mask bool ``(B, T)``, True for a real frame (None: all), to logits ``(B, words)``."""
        real = None if mask is None else find_real(x, mask)
        x, real = normalise_strides(self.norm, x, real, self.stride)
        x = without_padding(self.stem_norm(self.stem(x)), real)  # (B, T / stride, dim)
        for block in self.blocks:
            x = block(x, real)
        logits: Tensor = self.head(self.dropout(masked_mean(self.last_norm(x), real)))  # (B, words)
        return logits
