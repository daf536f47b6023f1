"""An average of several trained networks, made by ``isl.recognition.ensembles``; it is not trained itself."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from isl.models.network import Network, make_network
from isl.skeleton import Skeleton


class MemberAverage(Network):
    """Networks on the same features, whose probabilities are averaged.

    Networks from several trainings of one recipe make errors on different clips. Their mean is right more often, and
    its confidence is lower where they disagree (Lakshminarayanan et al. 2017, arXiv:1612.01474).

    Args:
        inputs, words: as for every network.
        members: the networks' configs, each a ``_target_`` with its arguments.
        temperatures: each member's logits are first divided by its temperature; None: 1.
        skeleton, views: passed to the members that take them.
    """

    def __init__(
        self,
        inputs: int,
        words: int,
        members: list[dict[str, Any]],
        temperatures: list[float] | None = None,
        skeleton: Skeleton | None = None,
        views: dict[str, int] | None = None,
    ) -> None:
        super().__init__()
        self.members = nn.ModuleList(
            make_network(member, inputs, words, skeleton=skeleton, views=views) for member in members
        )
        self.temperatures = temperatures or [1.0] * len(members)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """``x (B, T, inputs)`` and the mask of real frames to logits ``(B, words)``: log of the mean probabilities.

        The members' mean level is added, which changes no probability: ``isl.recognition.decision`` uses it.
        """
        logits = torch.stack(
            [member(x, mask) / temperature for member, temperature in zip(self.members, self.temperatures, strict=True)]
        )
        level = logits.logsumexp(-1, keepdim=True)  # (members, B, 1)
        return (logits - level).logsumexp(0) - math.log(len(logits)) + level.mean(0)
