"""The learning rate over a training: any scheduler of torch, or a warm-up followed by a cosine."""

from __future__ import annotations

import math
from typing import Any

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR, LRScheduler, ReduceLROnPlateau

from isl.config.build import build
from isl.config.options import choice
from isl.config.types import NotNegative, Share, Size
from isl.errors import InputError


class WarmupCosine(LambdaLR):
    """Linear warm-up from nearly zero to the optimiser's rate, then half a cosine down to ``floor`` of it.

    The shape follows Goyal et al. 2017 (warm-up) and Loshchilov & Hutter 2017 (cosine, no restarts). It depends on
    the epoch alone: a run that is resumed with another ``max_epochs`` follows the new curve.

    Args:
        optimizer: the optimiser whose rate is set.
        max_epochs: epochs of the whole training.
        warmup_epochs: epochs of the warm-up; 0 for none.
        floor: the share of the rate that is left at the end.
    """

    def __init__(
        self, optimizer: Optimizer, max_epochs: Size, warmup_epochs: NotNegative = 8, floor: Share = 0.0
    ) -> None:
        # Not attributes: torch would write them into checkpoints, and a resumed run would load the old ones
        super().__init__(optimizer, lambda epoch: warmup_cosine(epoch, max_epochs, warmup_epochs, floor))


def warmup_cosine(epoch: float, max_epochs: int, warmup_epochs: float, floor: float) -> float:
    """Returns the factor of the learning rate in ``epoch`` (from 0): from ``floor`` to 1, above 0 in the warm-up."""
    if epoch < warmup_epochs:
        return min((epoch + 1) / warmup_epochs, 1.0)
    span = max(max_epochs - warmup_epochs, 1)
    progress = min((epoch - warmup_epochs) / span, 1.0)
    return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * progress))


def build_scheduler(config: dict[str, Any], optimizer: Optimizer, monitor: str) -> dict[str, Any]:
    """Builds the scheduler that ``config`` names, in the form that Lightning's ``configure_optimizers`` returns.

    Args:
        config: a ``_target_`` with its arguments, and ``interval``: ``epoch`` (the default) to set the rate
            after every epoch, ``step`` to set it after every batch.
        optimizer: the optimiser whose rate is set.
        monitor: the metric that ``ReduceLROnPlateau`` watches.

    Raises:
        InputError: ``_target_`` is not a scheduler, or an argument is wrong.
    """
    config = dict(config)
    interval = choice(config.pop("interval", "epoch"), "scheduler.interval", ("epoch", "step"))
    scheduler = build(config, optimizer, base=LRScheduler, at="scheduler")
    if isinstance(scheduler, ReduceLROnPlateau) and interval == "step":
        raise InputError("scheduler.interval=step: the validation loss is known at the end of an epoch; choose epoch")
    return {"scheduler": scheduler, "interval": interval, "monitor": monitor}
