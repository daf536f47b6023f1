"""The rows of a batch that one of several processes trains on, with the noise of the whole batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode


@dataclass(frozen=True)
class WordRows:
    """Every ``processes``-th row of a batch, from ``rank``."""

    rank: int
    processes: int

    def of(self, x: Tensor) -> Tensor:
        """Returns this process's rows: ``(B, ...)`` to ``(about B / processes, ...)``; the first if it has none."""
        return x[self.rank :: self.processes] if len(x) > self.rank else x[:1]

    def weight(self, count: int) -> float:
        """Returns the factor of the mean over own rows, so that its mean over processes is that over ``count`` rows."""
        own = len(range(self.rank, count, self.processes))
        return own * self.processes / count

    def noise(self, count: int) -> SharedNoise:
        """Returns a context in which noise is drawn for a batch of ``count`` rows, of which own rows are used."""
        return SharedNoise(self, count)


class SharedNoise(TorchFunctionMode):
    """Draws dropout masks, of numbers and of channels, and ``torch.rand`` for the whole batch and takes the own rows.

    All processes draw the same numbers from the same state, as one process alone would.
    """

    def __init__(self, rows: WordRows, count: int) -> None:
        super().__init__()
        self.rows, self.count = rows, count
        self.own = max(len(range(rows.rank, count, rows.processes)), 1)

    def __torch_function__(
        self, func: Callable[..., Any], types: Iterable[type], args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        kwargs = kwargs or {}
        if func is F.dropout:
            return self._dropout(*args, **kwargs)
        if func in (F.dropout1d, F.dropout2d):
            return self._channel_dropout(*args, **kwargs)
        if func is torch.rand and args and args[0] == self.own:
            return self.rows.of(func(self.count, *args[1:], **kwargs))
        return func(*args, **kwargs)

    def _dropout(self, x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
        if not training or p == 0:
            return x
        if len(x) != self.own:
            return F.dropout(x, p, training, inplace)
        kept = torch.empty(self.count, *x.shape[1:], dtype=torch.bool, device=x.device).bernoulli_(1 - p)
        return x * self.rows.of(kept) * (1 / (1 - p))

    def _channel_dropout(self, x: Tensor, p: float = 0.5, training: bool = True, inplace: bool = False) -> Tensor:
        """Drops whole channels of ``x (B, C, ...)``."""
        if not training or p == 0:
            return x
        shape = (self.count, x.shape[1], *(1,) * (x.dim() - 2))
        kept = torch.empty(shape, dtype=x.dtype, device=x.device).bernoulli_(1 - p).div_(1 - p)
        return x * self.rows.of(kept)
