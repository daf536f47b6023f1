"""Feature sets: from raw landmarks to a network's inputs. They are part of the network's checkpoint.

A feature set is an ``nn.Module`` with ``size``, the number of features per frame; ``views``, the number of features in
each view of the sign, in order; ``skeleton``, the features that are points of the body and the parent of each point
(``isl.skeleton``; None if there are no points); and ``forward(landmarks (B, T, 1662), aspect (B,)) -> (B, T, size)``.
Its ``version`` is raised when its numbers change under the same options, so that no older checkpoint is served with
them. It is ``framewise`` if the features of a frame depend neither on other frames nor on the aspect.
"""

from isl.features.body import GROUPS, BodyFeatures, RawFeatures
from isl.features.body_hands import BodyHands
from isl.features.feature_set import Features

__all__ = ["GROUPS", "BodyFeatures", "BodyHands", "Features", "RawFeatures"]
