"""Several networks as one: what they say on average. Made by ``isl.recognition.ensemble``, not trained."""

from __future__ import annotations

import math
from typing import Any

import torch
from torch import Tensor, nn

from isl.models.network import Network, make_network
from isl.skeleton import Skeleton


class MemberAverage(Network):
    """Networks on the same features, whose probabilities are averaged.

    Other trainings of one recipe err on other clips; their mean is right more often, and less sure of itself where they
    disagree (Lakshminarayanan et al. 2017, arXiv:1612.01474).

    Args:
        inputs, words: as of every network.
        members: the networks' configs, a ``_target_`` with its arguments each.
        temperatures: what each member's logits are divided by first; None: 1.
        skeleton, views: for the members that take one.
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
        self.members = nn.ModuleList(make_network(member, inputs, words, skeleton, views) for member in members)
        self.temperatures = temperatures or [1.0] * len(members)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """``x (B, T, inputs)`` and the mask of its real frames to logits ``(B, words)``: logs of mean probabilities."""
        said = [
            (member(x, mask) / temperature).log_softmax(-1)
            for member, temperature in zip(self.members, self.temperatures, strict=True)
        ]
        return torch.stack(said).logsumexp(0) - math.log(len(said))
