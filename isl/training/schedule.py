"""Step to learning-rate factor: plain functions of the step, so that a resumed run needs no memory of its own."""

from __future__ import annotations

import math

from isl.config.options import number


class WarmupCosine:
    """Linear warm-up from nearly nothing to 1, then half a cosine down to ``floor``.

    The shape is the one of Goyal et al. 2017 (warm-up) and Loshchilov & Hutter 2017 (cosine, no restarts).
    ``factor(epoch)`` takes whole epochs or fractions of one.
    """

    def __init__(self, warmup_epochs: float = 8, floor: float = 0.0) -> None:
        self.warmup_epochs = number(warmup_epochs, "scheduler.warmup_epochs")
        self.floor = number(floor, "scheduler.floor", most=1)

    def factor(self, epoch: float, max_epochs: int) -> float:
        """What the learning rate is multiplied by at ``epoch`` (0-based) of ``max_epochs``: in [floor, 1]."""
        if epoch < self.warmup_epochs:
            return min((epoch + 1) / self.warmup_epochs, 1.0)
        span = max(max_epochs - self.warmup_epochs, 1)
        progress = min((epoch - self.warmup_epochs) / span, 1.0)
        return self.floor + (1 - self.floor) * 0.5 * (1 + math.cos(math.pi * progress))


class Constant:
    """The same learning rate from the first epoch to the last."""

    def factor(self, epoch: float, max_epochs: int) -> float:
        """Always 1."""
        return 1.0
