"""What a network is to the rest of isl. Most define ``forward`` alone; one made of several networks says so here."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from typing import Any, ClassVar

from torch import Tensor, nn

from isl.config.build import build, class_of
from isl.errors import InputError
from isl.skeleton import Skeleton


class Network(nn.Module):
    """Features ``(B, T, inputs)`` to logits ``(B, words)``: ``forward(x, mask=None)``, made with ``(inputs, words)``.

    ``mask (B, T)`` is True for real frames, and padding must not change the logits. What is trained and calibrated is
    every branch of a network for itself (``branch_logits``), what is served is ``combine``: for one network the same.
    """

    framewise: ClassVar[bool] = False  # whether it has ``project`` and ``forward_projected``

    def branch_logits(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """What every branch says for itself: ``x (B, T, inputs)`` to logits ``(B, branches, words)``."""
        logits: Tensor = self(x, mask)
        return logits[:, None]

    def combine(self, logits: Tensor) -> Tensor:
        """What the branches' logits ``(B, branches, words)`` come to: ``(B, words)``."""
        return logits[:, 0]

    def set_branch_weights(self, weights: Sequence[float]) -> dict[str, float]:
        """Let each branch count as much as ``weights (branches,)`` say; these by the branches' names, {} for one."""
        return {}

    def describe(self) -> list[str]:
        """What a run says of the network before it trains it."""
        return []

    def project(self, x: Tensor) -> Tensor:
        """What a network makes of each frame, whatever the others are: ``(..., inputs)`` to ``(..., P)``."""
        raise NotImplementedError

    def forward_projected(self, projected: Tensor) -> Tensor:
        """``forward`` from where ``project`` ends: ``(B, T, P)`` to logits ``(B, words)``."""
        raise NotImplementedError


def network(
    config: dict[str, Any],
    inputs: int,
    words: int,
    skeleton: Skeleton | None = None,
    views: dict[str, int] | None = None,
) -> Network:
    """The network of ``config``; one that takes a ``skeleton`` or ``views`` is told the features' (None: has none).

    Raises:
        InputError: as ``isl.config.build.build`` does, or the class is no ``Network``.
    """
    made = class_of(str(config.get("_target_", "missing")))
    if not issubclass(made, Network):
        raise InputError(f"model._target_={config['_target_']}: no network; make it an isl.models.network.Network")
    told: dict[str, Any] = {"skeleton": skeleton, "views": views}
    taken = inspect.signature(made).parameters
    result: Network = build(
        config, inputs=inputs, words=words, **{name: known for name, known in told.items() if name in taken}
    )
    return result
