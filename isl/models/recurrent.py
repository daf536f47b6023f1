"""Recurrent layers over clips that may end in padding."""

from __future__ import annotations

from torch import Tensor, nn


def recur(rnn: nn.LSTM | nn.GRU, x: Tensor, mask: Tensor | None) -> Tensor:
    """Returns the hidden states ``(B, T, directions * hidden)``; padding (mask False, at the end) is left out."""
    if mask is None:
        states: Tensor = rnn(x)[0]
        return states
    packed = nn.utils.rnn.pack_padded_sequence(x, mask.sum(1).cpu(), batch_first=True, enforce_sorted=False)
    states, _ = nn.utils.rnn.pad_packed_sequence(rnn(packed)[0], batch_first=True, total_length=x.shape[1])
    return states
