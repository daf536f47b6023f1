"""The learning rate over a training: any scheduler of torch, or a warm-up followed by a cosine."""

from __future__ import annotations

import math
from typing import Any

from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR, LRScheduler, ReduceLROnPlateau

from isl.config.build import build, class_of
from isl.config.options import choice, number, whole
from isl.errors import InputError


class WarmupCosine(LambdaLR):
    """Linear warm-up from nearly nothing to the optimiser's rate, then half a cosine down to ``floor`` of it.

    The shape is the one of Goyal et al. 2017 (warm-up) and Loshchilov & Hutter 2017 (cosine, no restarts). It is a
    function of the epoch alone: a run that is resumed with another ``max_epochs`` follows the new curve.

    Args:
        optimizer: whose rate it sets.
        max_epochs: epochs of the whole training.
        warmup_epochs: epochs of the warm-up; 0 for none.
        floor: the share of the rate that is left at the end.
    """

    def __init__(self, optimizer: Optimizer, max_epochs: int, warmup_epochs: float = 8, floor: float = 0.0) -> None:
        whole(max_epochs, "max_epochs", least=1)
        number(warmup_epochs, "warmup_epochs")
        number(floor, "floor", most=1)
        # Not attributes: torch would write them into checkpoints, and a resumed run would not get its own
        super().__init__(optimizer, lambda epoch: warmup_cosine(epoch, max_epochs, warmup_epochs, floor))


def warmup_cosine(epoch: float, max_epochs: int, warmup_epochs: float, floor: float) -> float:
    """The factor of the learning rate in ``epoch`` (from 0): between ``floor`` and 1, in the warm-up above 0."""
    if epoch < warmup_epochs:
        return min((epoch + 1) / warmup_epochs, 1.0)
    span = max(max_epochs - warmup_epochs, 1)
    progress = min((epoch - warmup_epochs) / span, 1.0)
    return floor + (1 - floor) * 0.5 * (1 + math.cos(math.pi * progress))


def build_scheduler(config: dict[str, Any], optimizer: Optimizer, monitor: str) -> dict[str, Any]:
    """The scheduler that ``config`` names, as Lightning's ``configure_optimizers`` returns it.

    Args:
        config: a ``_target_`` with its arguments, and ``interval``: whether a step is an ``epoch`` (as where nothing is
            said) or a batch (``step``).
        optimizer: whose rate it sets.
        monitor: the figure that ``ReduceLROnPlateau`` watches.

    Raises:
        InputError: no scheduler, or an argument is wrong.
    """
    config = dict(config)
    interval = choice(config.pop("interval", "epoch"), "scheduler.interval", ("epoch", "step"))
    target = str(config.get("_target_", "missing"))
    if not issubclass(class_of(target), LRScheduler):
        raise InputError(f"scheduler._target_={target}: no scheduler; choose one of torch.optim.lr_scheduler")
    scheduler = build(config, optimizer, at="scheduler")
    if isinstance(scheduler, ReduceLROnPlateau) and interval == "step":
        raise InputError("scheduler.interval=step: the validation loss is known at the end of an epoch; choose epoch")
    return {"scheduler": scheduler, "interval": interval, "monitor": monitor}
