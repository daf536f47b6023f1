"""Three plain LSTM layers and their last step: the baseline of every comparison."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from isl.models.network import Network, check_sizes
from isl.models.recurrent import recur


class StackedLSTM(Network):
    """LSTM layers of growing width, the last real step of the last layer, one linear layer.

    ``x (B, T, inputs)`` to logits ``(B, words)``. 943,128 parameters on the 1,662 raw numbers and 24 words.

    Source: the architecture of the Insignia notebook's plain LSTM (64, 128, 256 units, last step).
    """

    def __init__(self, inputs: int, words: int, hidden: tuple[int, ...] | list[int] = (64, 128, 256)) -> None:
        super().__init__()
        check_sizes(hidden=hidden)
        widths = [inputs, *hidden]
        self.layers = nn.ModuleList(nn.LSTM(wide, narrow, batch_first=True) for wide, narrow in pairwise(widths))
        self.head = nn.Linear(widths[-1], words)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        for layer in self.layers:
            assert isinstance(layer, nn.LSTM)
            x = recur(layer, x, mask)  # (B, T, width)
        clip = torch.arange(x.shape[0], device=x.device)
        last = x[:, -1] if mask is None else x[clip, mask.sum(1) - 1]  # (B, width), of the last real frame
        logits: Tensor = self.head(last)  # (B, words)
        return logits
