"""A temporal convolutional network: residual blocks whose dilation doubles from block to block."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from isl.config.options import whole
from isl.models.frames import FrameNorm, average_strides, find_real, masked_mean
from isl.models.network import Network, check_shares, check_sizes
from isl.models.residual import DropPath

MOST_BLOCKS = 8  # the last dilation is 128 frames, longer than any clip


class DilatedBlock(nn.Module):
    """Residual block: two dilated convolutions over time. ``(B, T, C)`` to the same."""

    def __init__(self, dim: int, kernel: int, dilation: int, drop_path: float, dropout: float) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv1d(dim, dim, kernel, padding="same", dilation=dilation, bias=False) for _ in range(2)
        )
        self.norms = nn.ModuleList(FrameNorm(dim) for _ in range(2))
        self.dropout = nn.Dropout1d(dropout)
        self.drop_path = DropPath(drop_path)

    def forward(self, x: Tensor, real: Tensor) -> Tensor:
        y = x
        for convolve, norm in zip(self.convolutions, self.norms, strict=True):
            y = F.relu(norm(convolve((y * real).mT).mT))  # padding is 0 for the convolution
            y = self.dropout(y.mT).mT  # whole channels of a clip
        return F.relu(x + self.drop_path(y))


class TemporalConvNet(Network):
    """A linear stem, blocks of dilation 1, 2, 4, ..., mean over real frames, dropout, one linear layer.

    ``x (B, T, inputs)`` to logits ``(B, words)``. Every ``stride`` frames are averaged first. With four blocks and
    kernel 3, the receptive field is 61 steps, a whole clip. About 460,000 parameters on ``BodyHands`` and 18 words.

    Source: Bai et al. 2018, "An Empirical Evaluation of Generic Convolutional and Recurrent Networks for Sequence
    Modeling" (arXiv:1803.01271). Differences: it is not causal, since a sign is recognised after its end; the mean
    over time replaces the last step; batch normalisation replaces weight normalisation.
    """

    def __init__(
        self,
        inputs: int,
        words: int,
        dim: int = 128,
        blocks: int = 4,
        kernel: int = 3,
        stride: int = 2,
        drop_path: float = 0.1,
        dropout: float = 0.1,
        late_dropout: float = 0.4,
    ) -> None:
        super().__init__()
        check_sizes(dim=dim, kernel=kernel, stride=stride)
        whole(blocks, "model.blocks", least=1, most=MOST_BLOCKS)
        check_shares(drop_path=drop_path, dropout=dropout, late_dropout=late_dropout)
        self.stride = stride
        self.norm = FrameNorm(inputs)
        self.stem = nn.Linear(inputs, dim)
        self.blocks = nn.ModuleList(DilatedBlock(dim, kernel, 2**i, drop_path, dropout) for i in range(blocks))
        self.head = nn.Sequential(nn.LayerNorm(dim), nn.Dropout(late_dropout), nn.Linear(dim, words))

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """``x (B, T, inputs)``, mask bool ``(B, T)``, True for a real frame (None: all), to logits ``(B, words)``."""
        x, real = average_strides(self.norm(x), find_real(x, mask), self.stride)
        x = self.stem(x)  # (B, T / stride, dim)
        for block in self.blocks:
            x = block(x, real)
        logits: Tensor = self.head(masked_mean(x, real))  # (B, words)
        return logits
