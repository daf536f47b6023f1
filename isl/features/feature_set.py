"""The base class of all feature sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from torch import Tensor, nn

from isl.skeleton import Skeleton


class Features(nn.Module):
    """Raw landmarks to a network's inputs: ``forward(landmarks (B, T, 1662), aspect (B,))`` to ``(B, T, size)``.

    Attributes:
        size: the number of features per frame.
        views: the number of features in each view of the sign, in order.
        version: raised when the numbers change under the same options, so that no older checkpoint is served with them.
        framewise: True if the features of a frame depend neither on other frames nor on the aspect.
        reads_face: False if frames of 258 numbers, without the face mesh, give the same features.
    """

    size: int
    views: Mapping[str, int]
    version: ClassVar[int] = 1
    framewise: ClassVar[bool] = False
    reads_face: bool = True

    @property
    def skeleton(self) -> Skeleton | None:
        """Returns the features that are points of the body, with the parent of each; None if there are none."""
        return None

    def forward(self, landmarks: Tensor, aspect: Tensor) -> Tensor:
        """``(B, T, 1662)`` (or 258) and the pictures' aspects ``(B,)`` to ``(B, T, size)``."""
        raise NotImplementedError
