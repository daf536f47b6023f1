"""A pose transformer: self-attention between frames, then one learnt class query attends to all frames."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

from isl.errors import InputError
from isl.models.attention import AttentionBlock
from isl.models.frames import FrameNorm, average_strides, find_real
from isl.models.network import Network, check_heads, check_shares, check_sizes
from isl.models.residual import DropPath, FeedForward


def sinusoids(steps: int, dim: int, like: Tensor) -> Tensor:
    """Returns sinusoidal position encodings ``(steps, dim)``, for clips of any length (arXiv:1706.03762)."""
    period = torch.exp(torch.arange(0, dim, 2, device=like.device) * (-math.log(1000.0) / dim))  # (dim / 2,)
    angle = torch.arange(steps, device=like.device)[:, None] * period
    return torch.stack([angle.sin(), angle.cos()], -1).flatten(1).to(like)


class QueryBlock(nn.Module):
    """Attention of a query ``(B, 1, C)`` to the real frames of ``(B, T, C)``, then a feed-forward net. ``(B, 1, C)``.

    There is no self-attention between queries, as in other decoders, since there is only one query.
    """

    def __init__(self, dim: int, heads: int, expand: int, drop_path: float, dropout: float) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(dim), nn.LayerNorm(dim)
        self.look = nn.MultiheadAttention(dim, heads, batch_first=True)
        self.feed = FeedForward(dim, expand, dropout)
        self.drop_path = DropPath(drop_path)

    def forward(self, query: Tensor, frames: Tensor, real: Tensor) -> Tensor:
        seen, _ = self.look(
            self.norm1(query), frames, frames, key_padding_mask=real.squeeze(-1) == 0, need_weights=False
        )
        query = query + self.drop_path(seen)
        return query + self.drop_path(self.feed(self.norm2(query)))


class PoseTransformer(Network):
    """Frames embedded one by one, an encoder, a decoder with one learnt class query, one linear layer.

    ``x (B, T, inputs)`` to logits ``(B, words)``. Every ``stride`` frames are averaged first. About 420,000 parameters
    on ``BodyHands`` and 18 words.

    Source: SPOTER, Bohacek and Hruz 2022, "Sign Pose-Based Transformer for Word-Level Sign Language Recognition"
    (WACV workshops): its class query and its decoder without self-attention. Differences: it is smaller; normalisation
    comes before each branch; a linear embedding takes any feature set; sinusoidal positions take clips of any length.
    """

    def __init__(
        self,
        inputs: int,
        words: int,
        dim: int = 96,
        heads: int = 4,
        encoders: int = 3,
        decoders: int = 2,
        expand: int = 2,
        stride: int = 2,
        drop_path: float = 0.1,
        dropout: float = 0.1,
        late_dropout: float = 0.4,
    ) -> None:
        super().__init__()
        check_heads(dim, heads)
        check_sizes(encoders=encoders, decoders=decoders, expand=expand, stride=stride)
        check_shares(drop_path=drop_path, dropout=dropout, late_dropout=late_dropout)
        if dim % 2:
            raise InputError(f"model.dim={dim}: give an even number, for pairs of sine and cosine")
        self.stride = stride
        self.norm = FrameNorm(inputs)
        self.embed = nn.Linear(inputs, dim)
        self.encoder = nn.ModuleList(AttentionBlock(dim, heads, expand, drop_path, dropout) for _ in range(encoders))
        self.encoded = nn.LayerNorm(dim)
        self.query = nn.Parameter(torch.randn(1, 1, dim) * 0.02)
        self.decoder = nn.ModuleList(QueryBlock(dim, heads, expand, drop_path, dropout) for _ in range(decoders))
        self.head = nn.Sequential(nn.LayerNorm(dim), nn.Dropout(late_dropout), nn.Linear(dim, words))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """``x (B, T, inputs)``, mask bool ``(B, T)``, True for a real frame (None: all), to logits ``(B, words)``."""
        x, real = average_strides(self.norm(x), find_real(x, mask), self.stride)
        x = self.embed(x)  # (B, T / stride, dim)
        x = x + sinusoids(x.shape[1], x.shape[2], like=x)
        for block in self.encoder:
            x = block(x, real)
        x = self.encoded(x)
        query = self.query.expand(x.shape[0], 1, x.shape[2])
        for block in self.decoder:
            query = block(query, x, real)  # (B, 1, dim)
        logits: Tensor = self.head(query.squeeze(1))  # (B, words)
        return logits
