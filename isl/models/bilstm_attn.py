"""Insignia's network: one bidirectional LSTM and attention over time, which weights the frames."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from isl.models.frames import pool_attention
from isl.models.network import Network, check_shares, check_sizes
from isl.models.recurrent import recur


class BiLSTMAttention(Network):
    """A Bi-LSTM, attention over time, and a small head.

    ``x (B, T, inputs)`` to logits ``(B, words)``. With the 1,662 raw numbers and 24 words it has 1,871,769 parameters,
    and its state dict has the names of Insignia's ``sign_recognizer_best.pth`` (``lstm``, ``attn``, ``norm``,
    ``head.0``, ``head.3``), so that weights of either can be loaded into the other.

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
        """Projects each frame alone to the inputs of the gates: ``(..., inputs)`` to ``(..., 8 * hidden)``.

        On raw landmarks, this product is most of the work of a forward pass. A stream computes it once per frame,
        instead of once for each window that contains the frame, and then calls ``forward_projected``.
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
        """Hidden states ``(B, T, 2 * hidden)`` to logits ``(B, words)``: attention over time, then the head."""
        pooled = pool_attention(states, self.attn(states).squeeze(-1), mask)  # (B, 2 * hidden)
        logits: Tensor = self.head(self.norm(pooled))  # (B, words)
        return logits


def _recur_projected(gates: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """Runs one direction of an LSTM on projected inputs ``(B, T, 4 * hidden)``; returns ``(B, T, hidden)``.

    torch's fused loop always multiplies the inputs by a matrix. The identity is used here, which takes a third of the
    time of 1,662 inputs.
    """
    start = gates.new_zeros(1, len(gates), weight.shape[1])
    weights = [torch.eye(len(weight)).to(gates), weight, torch.zeros_like(bias), bias]
    states: Tensor = torch.lstm(gates, (start, start), weights, True, 1, 0.0, False, False, True)[0]
    return states
