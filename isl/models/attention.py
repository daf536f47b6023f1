"""Attention between frames."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from isl.models.residual import DropPath, FeedForward


class AttentionBlock(nn.Module):
    """Self-attention over the real frames, then a small feed-forward network. ``(B, T, C)`` to the same."""

    def __init__(self, dim: int, heads: int, expand: int, drop_path: float, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.qkv = nn.Linear(dim, 3 * dim, bias=False)
        self.out = nn.Linear(dim, dim)
        self.feed = FeedForward(dim, expand, dropout)
        self.drop_path = DropPath(drop_path)

    def forward(self, x: Tensor, real: Tensor | None) -> Tensor:
        b, t, c = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(b, t, 3, self.heads, c // self.heads).permute(2, 0, 3, 1, 4)
        mask = None if real is None else real.view(b, 1, 1, t) > 0
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)  # (B, heads, T, C / heads)
        x = x + self.drop_path(self.out(y.transpose(1, 2).reshape(b, t, c)))
        return x + self.drop_path(self.feed(self.norm2(x)))
