"""The Insignia notebook's hybrid: convolutions over short stretches of frames, then a Bi-LSTM with attention."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from isl.models.bilstm_attn import BiLSTMAttention
from isl.models.frames import FrameNorm, find_real
from isl.models.network import Network, check_shares, check_sizes


class Convolution(nn.Module):
    """Convolution over time, normalisation, ReLU and max pooling over two frames: ``(B, T, C)`` to half of T."""

    def __init__(self, inputs: int, filters: int, kernel: int, dropout: float) -> None:
        super().__init__()
        self.convolve = nn.Conv1d(inputs, filters, kernel, padding="same", bias=False)
        self.norm = FrameNorm(filters)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
        y = F.relu(self.norm(self.convolve((x * real).mT).mT)) * real
        # Outputs of ReLU are at least 0 and padding is 0, so padding never hides a real frame in the max pooling
        pooled, real = (F.max_pool1d(z.mT, 2, ceil_mode=True).mT for z in (y, real))
        return self.dropout(pooled), real


class CNNBiLSTMAttention(Network):
    """Convolutions over time, each of which halves the frame rate, then Insignia's ``BiLSTMAttention``.

    ``x (B, T, inputs)`` to logits ``(B, words)``. About 680,000 parameters on ``BodyHands`` and 18 words.

    Source: the hybrid arm of the Insignia notebook; Donahue et al. 2015 (arXiv:1411.4389) for convolutions before
    recurrence.
    """

    def __init__(
        self,
        inputs: int,
        words: int,
        filters: tuple[int, ...] | list[int] = (128, 128),
        kernel: int = 5,
        hidden: int = 128,
        conv_dropout: float = 0.2,
        dropout: float = 0.4,
    ) -> None:
        super().__init__()
        check_sizes(filters=filters, kernel=kernel)
        check_shares(conv_dropout=conv_dropout)
        self.norm = FrameNorm(inputs)
        widths = [inputs, *filters]
        self.convolutions = nn.ModuleList(
            Convolution(wide, narrow, kernel, conv_dropout) for wide, narrow in zip(widths, filters, strict=False)
        )
        self.recurrent = BiLSTMAttention(widths[-1], words, hidden, dropout)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """``x (B, T, inputs)``, mask bool ``(B, T)``, True for a real frame (None: all), to logits ``(B, words)``."""
        x, real = self.norm(x), find_real(x, mask)
        for convolution in self.convolutions:
            x, real = convolution(x, real)  # (B, T / 2, filters), (B, T / 4, filters), ...
        logits: Tensor = self.recurrent(x, None if mask is None else real.squeeze(-1) > 0)
        return logits
