"""Insignia's architecture with gated recurrent units: fewer weights, half the frames, normalised inputs."""

from __future__ import annotations

from torch import Tensor, nn

from isl.models.frames import FrameNorm, average_strides, find_real, pool_attention
from isl.models.network import Network, check_shares, check_sizes
from isl.models.recurrent import recur


class GRUAttention(Network):
    """A bidirectional GRU, attention over time, dropout, one linear layer.

    ``x (B, T, inputs)`` to logits ``(B, words)``. Every ``stride`` frames are averaged first. About 470,000 parameters
    on ``BodyHands`` and 18 words.

    Source: Cho et al. 2014 (arXiv:1406.1078) for the unit; Insignia's ``BiLSTMAttention`` for the architecture.
    """

    def __init__(
        self, inputs: int, words: int, hidden: int = 128, layers: int = 1, stride: int = 2, dropout: float = 0.4
    ) -> None:
        super().__init__()
        check_sizes(hidden=hidden, layers=layers, stride=stride)
        check_shares(dropout=dropout)
        self.stride = stride
        self.norm = FrameNorm(inputs)
        self.gru = nn.GRU(inputs, hidden, layers, batch_first=True, bidirectional=True)
        self.score = nn.Linear(2 * hidden, 1)
        self.head = nn.Sequential(nn.LayerNorm(2 * hidden), nn.Dropout(dropout), nn.Linear(2 * hidden, words))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """``x (B, T, inputs)``, mask bool ``(B, T)``, True for a real frame (None: all), to logits ``(B, words)``."""
        x, real = average_strides(self.norm(x), find_real(x, mask), self.stride)  # (B, T / stride, inputs)
        mask = None if mask is None else real.squeeze(-1) > 0
        states = recur(self.gru, x, mask)  # (B, T / stride, 2 * hidden)
        logits: Tensor = self.head(pool_attention(states, self.score(states).squeeze(-1), mask))  # (B, words)
        return logits
