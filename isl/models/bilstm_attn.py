"""Insignia's network: one bidirectional LSTM and an attention that says which frames matter."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from isl.models.frames import weighed
from isl.models.network import Network, check_shares, check_sizes
from isl.models.recurrent import recur


class BiLSTMAttention(Network):
    """A Bi-LSTM, attention over time, and a small head.

    ``x (B, T, inputs)`` to logits ``(B, words)``. With the 1,662 raw numbers and 24 words it has 1,871,769 parameters,
    and its state dict has the names of Insignia's ``sign_recognizer_best.pth`` (``lstm``, ``attn``, ``norm``,
    ``head.0``, ``head.3``), so that each loads the other's weights.

    Source: the Insignia project (https://github.com/Im-Rik/Insignia); attention as additive pooling in
    Zhou et al. 2016, "Attention-Based Bidirectional LSTM Networks for Relation Classification".
    """

    framewise = True

    def __init__(self, inputs: int, words: int, hidden: int = 128, dropout: float = 0.4) -> None:
        super().__init__()
        check_sizes(hidden=hidden)
        check_shares(dropout=dropout)
        self.lstm = nn.LSTM(inputs, hidden, batch_first=True, bidirectional=True)
        self.attn = nn.Linear(2 * hidden, 1)
        self.norm = nn.LayerNorm(2 * hidden)
        self.head = nn.Sequential(
            nn.Linear(2 * hidden, hidden), nn.ReLU(), nn.Dropout(dropout), nn.Linear(hidden, words)
        )

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        return self.read(recur(self.lstm, x, mask), mask)

    def project(self, x: Tensor) -> Tensor:
        """What each frame puts into the gates, whatever the others are: ``(..., inputs)`` to ``(..., 8 * hidden)``.

        Most of a forward pass on raw landmarks is this product. A stream takes it once a frame, not once for every
        window that a frame is in, and goes on with ``forward_projected``.
        """
        return torch.cat([F.linear(x, weight, bias) for weight, _, bias, _ in self.lstm.all_weights], -1)

    def forward_projected(self, projected: Tensor) -> Tensor:
        (_, onward, _, onward_bias), (_, back, _, back_bias) = self.lstm.all_weights
        ahead, behind = projected.chunk(2, -1)
        states = [
            _recur_projected(ahead, onward, onward_bias),
            _recur_projected(behind.flip(1), back, back_bias).flip(1),
        ]
        return self.read(torch.cat(states, -1))

    def read(self, states: Tensor, mask: Tensor | None = None) -> Tensor:
        """Hidden states ``(B, T, 2 * hidden)`` to logits ``(B, words)``: where to look, and what is seen there."""
        pooled = weighed(states, self.attn(states).squeeze(-1), mask)  # (B, 2 * hidden)
        logits: Tensor = self.head(self.norm(pooled))  # (B, words)
        return logits


def _recur_projected(gates: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """One direction of an LSTM whose inputs ``(B, T, 4 * hidden)`` are multiplied already; ``(B, T, hidden)``.

    torch's fused loop insists on multiplying: by an identity then, which is a third of what 1,662 inputs cost.
    """
    start = gates.new_zeros(1, len(gates), weight.shape[1])
    weights = [torch.eye(len(weight)).to(gates), weight, torch.zeros_like(bias), bias]
    states: Tensor = torch.lstm(gates, (start, start), weights, True, 1, 0.0, False, False, True)[0]
    return states
