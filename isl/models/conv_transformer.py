"""Depthwise convolutions over time, then attention: the shape that won Kaggle's isolated sign language recognition.

After Hoyeol Sohn's first place in "Google - Isolated Sign Language Recognition" (2023): blocks of expansion, causal
depthwise convolution of kernel 17 and efficient channel attention (arXiv:1910.03151), a transformer block behind every
few of them, masked average pooling. Written anew, smaller, not causal, at half the frame rate.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def masked_mean(x: Tensor, mask: Tensor) -> Tensor:
    """The mean over real frames: ``(B, T, C)`` and ``(B, T, 1)`` of 0 and 1 to ``(B, C)``."""
    return (x * mask).sum(1) / mask.sum(1).clamp(min=1)


class DropPath(nn.Module):
    """Leaves a residual branch out for whole clips at random, in training (arXiv:1603.09382)."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training or self.p == 0:
            return x
        keep = torch.rand(len(x), 1, 1, device=x.device) >= self.p
        return x * keep / (1 - self.p)


class FrameNorm(nn.BatchNorm1d):
    """Batch normalisation of every channel over clips and frames: ``(B, T, C)`` to the same."""

    def forward(self, x: Tensor) -> Tensor:
        return super().forward(x.flatten(0, 1)).view_as(x)


class ConvBlock(nn.Module):
    """Expand, convolve each channel over time, weigh the channels, back; added to what came in. ``(B, T, C)``."""

    def __init__(self, dim: int, kernel: int, expand: int, drop_path: float, dropout: float) -> None:
        super().__init__()
        wide = dim * expand
        self.kernel = kernel
        self.inward = nn.Linear(dim, wide)
        # One row of pixels: on a CPU the backward pass of a depthwise Conv1d takes three times as long as Conv2d's
        self.depthwise = nn.Conv2d(wide, wide, (1, kernel), padding=(0, kernel // 2), groups=wide, bias=False)
        self.norm = FrameNorm(wide)
        self.attend = nn.Conv1d(1, 1, 5, padding=2, bias=False)
        self.outward = nn.Linear(wide, dim)
        self.dropout = nn.Dropout(dropout)
        self.drop_path = DropPath(drop_path)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        y = F.silu(self.inward(x)) * mask  # (B, T, wide); padding is silence to the convolution
        y = self.norm(self.depthwise(y.mT.unsqueeze(2)).squeeze(2).mT.contiguous())
        y = y * torch.sigmoid(self.attend(masked_mean(y, mask)[:, None])).mT.view(len(y), 1, -1)
        return x + self.drop_path(self.dropout(self.outward(y)))


class AttentionBlock(nn.Module):
    """Self-attention over the real frames and a small feed-forward net. ``(B, T, C)`` to the same."""

    def __init__(self, dim: int, heads: int, expand: int, drop_path: float, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.out = nn.Linear(dim, dim)
        self.feed = nn.Sequential(
            nn.Linear(dim, dim * expand), nn.SiLU(), nn.Dropout(dropout), nn.Linear(dim * expand, dim)
        )
        self.drop_path = DropPath(drop_path)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        b, t, c = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask.view(b, 1, 1, t) > 0)  # (B, heads, T, C / heads)
        x = x + self.drop_path(self.out(y.transpose(1, 2).reshape(b, t, c)))
        return x + self.drop_path(self.feed(self.norm2(x)))


class ConvTransformer(nn.Module):
    """``stages`` times (``convs`` convolution blocks and one attention block), masked mean, dropout, linear.

    Frames are averaged by ``stride`` first: clips of 30 frames repeat each one, and half the rate is half the work.
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
        stride: int = 2,
        drop_path: float = 0.1,
        dropout: float = 0.0,
        late_dropout: float = 0.4,
    ) -> None:
        super().__init__()
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
        real = x.new_ones(*x.shape[:2], 1) if mask is None else mask.unsqueeze(-1).to(x)  # (B, T, 1)
        x = self.norm(x) * real
        if self.stride > 1:
            short = -x.shape[1] % self.stride
            x, real = F.pad(x, (0, 0, 0, short)), F.pad(real, (0, 0, 0, short))
            count = real.unflatten(1, (-1, self.stride)).sum(2)  # (B, T / stride, 1)
            x = x.unflatten(1, (-1, self.stride)).sum(2) / count.clamp(min=1)
            real = (count > 0).to(x)
        x = self.stem_norm(self.stem(x)) * real  # (B, T / stride, dim)
        for block in self.blocks:
            x = block(x, real)
        logits: Tensor = self.head(self.dropout(masked_mean(self.last_norm(x), real)))  # (B, words)
        return logits
