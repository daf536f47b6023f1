"""From raw landmarks to what a network sees: part of the network and of its checkpoint, served as it was trained.

A feature set is an ``nn.Module`` with ``size``, the numbers it gives a frame, ``views``, how many of them each view of
the sign has, in their order, ``skeleton``, which of them are points of the body and what each hangs from
(``isl.skeleton``; None where none are), and ``forward(landmarks (B, T, 1662), aspect (B,)) -> (B, T, size)``. Its
``version`` is raised whenever its numbers change under the same options, so that no older checkpoint is served with
them. It is ``framewise`` where each frame's numbers depend on no other frame and not on the aspect.
"""

from isl.features.body import GROUPS, BodyFeatures, RawFeatures
from isl.features.body_hands import BodyHands
from isl.features.feature_set import Features

__all__ = ["GROUPS", "BodyFeatures", "BodyHands", "Features", "RawFeatures"]
