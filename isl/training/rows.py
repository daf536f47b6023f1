"""The random numbers of a training step, and the rows of a batch that one of several processes trains on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.overrides import TorchFunctionMode

from isl.models import processes

# Functions of torch that take a generator
_PLAIN = "bernoulli binomial multinomial normal poisson rand rand_like randint randint_like randn randn_like randperm"
_IN_PLACE = "bernoulli_ cauchy_ exponential_ geometric_ log_normal_ normal_ random_ uniform_ bernoulli multinomial"
DRAWING = {
    *(getattr(torch, name) for name in f"{_PLAIN} _sample_dirichlet _standard_gamma".split()),
    *(getattr(Tensor, name) for name in _IN_PLACE.split()),
}


class OwnNoise(TorchFunctionMode):
    """Draws the random numbers of torch from a ``generator`` in place of the common one, in this thread alone."""

    def __init__(self, generator: torch.Generator) -> None:
        super().__init__()
        self.generator = generator

    def __torch_function__(
        self, func: Callable[..., Any], types: Iterable[type], args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        if func in DRAWING:
            return func(*args, **{"generator": self.generator, **(kwargs or {})})
        return func(*args, **(kwargs or {}))


@dataclass(frozen=True)
class BatchRows:
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

    def gather(self, own: Tensor, count: int) -> Tensor:
        """Returns the batch of ``count`` rows, of which every process has its ``own``, without their gradients."""
        if self.processes == 1:
            return own
        most = -(-count // self.processes)
        padded = F.pad(own, (0, 0) * (own.dim() - 1) + (0, most - len(own)))  # all send the same number of rows
        return processes.gather(padded).transpose(0, 1).flatten(0, 1)[:count]

    def noise(self, count: int) -> AbstractContextManager[object]:
        """Returns a context in which noise is drawn for a batch of ``count`` rows, of which own rows are used."""
        return SharedNoise(self, count) if self.processes > 1 else nullcontext()


class SharedNoise(TorchFunctionMode):
    """Draws random numbers and dropout masks for the whole batch and takes the own rows.

    These are numbers from ``torch.rand``, ``torch.randn`` and ``Tensor.uniform_`` whose first dimension is the clips.
    All processes draw the same numbers from the same state, as one process alone would.
    """

    def __init__(self, rows: BatchRows, count: int) -> None:
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
        if func in (torch.rand, torch.randn) and args and args[0] == self.own:
            return self.rows.of(func(self.count, *args[1:], **kwargs))
        if func is Tensor.uniform_ and len(args[0]) == self.own:
            whole = args[0].new_empty(self.count, *args[0].shape[1:])
            return args[0].copy_(self.rows.of(func(whole, *args[1:], **kwargs)))
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
