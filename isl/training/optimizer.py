"""Builds an optimiser and selects the parameters that have weight decay."""

from __future__ import annotations

from typing import Any

from torch import nn
from torch.optim import Optimizer

from isl.config.build import build
from isl.config.options import switch


def build_optimizer(config: dict[str, Any], module: nn.Module) -> Optimizer:
    """Builds the optimiser that ``config`` names, over all parameters of ``module``.

    Args:
        config: a ``_target_`` in ``torch.optim`` with its arguments, and ``decay_norms``: True (the default) if
            ``weight_decay`` acts on biases and normalisation layers too. Their values, the offset or the scale of a
            channel, have no reason to be small (Goyal et al. 2017, arXiv:1706.02677, section 5.3).
        module: the module to train.

    Raises:
        InputError: an argument is wrong.
    """
    config = dict(config)
    if switch(config.pop("decay_norms", True), "optimizer.decay_norms"):
        return build(config, module.parameters(), base=Optimizer, at="optimizer")
    vectors = [parameter for parameter in module.parameters() if parameter.ndim < 2]
    matrices = [parameter for parameter in module.parameters() if parameter.ndim >= 2]
    groups = [{"params": matrices}, {"params": vectors, "weight_decay": 0.0}]
    return build(config, groups, base=Optimizer, at="optimizer")
