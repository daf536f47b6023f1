"""The base of all feature sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from torch import Tensor, nn

from isl.skeleton import Skeleton


class Features(nn.Module):
    """From raw landmarks to what a network sees: ``forward(landmarks (B, T, 1662), aspect (B,))`` to ``(B, T, size)``.

    Attributes:
        size: how many numbers it gives a frame.
        views: how many of them each view of the sign has, in their order.
        version: raised whenever the numbers change under the same options: no older checkpoint is served with them.
        framewise: true where each frame's numbers depend on no other frame and not on the aspect.
    """

    size: int
    views: Mapping[str, int]
    version: ClassVar[int] = 1
    framewise: ClassVar[bool] = False

    @property
    def skeleton(self) -> Skeleton | None:
        """Which of the numbers are points of the body, and what each hangs from; None where none are."""
        return None

    def forward(self, landmarks: Tensor, aspect: Tensor) -> Tensor:
        """``(B, T, 1662)`` and the pictures' aspects ``(B,)`` to ``(B, T, size)``."""
        raise NotImplementedError
