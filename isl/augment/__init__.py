"""Batch augmentation, in training only: changes that keep the meaning of a sign, before and after the features."""

from isl.augment.cameras import Affine, FrameMask, Jitter, Missing, Tempo
from isl.augment.mixtures import Mixup
from isl.augment.noise import NoAugmentation, Noise
from isl.augment.people import Approach, HandTurn, Mirror, OtherBody
from isl.augment.scene import Strong

__all__ = [
    "Affine",
    "Approach",
    "FrameMask",
    "HandTurn",
    "Jitter",
    "Mirror",
    "Missing",
    "Mixup",
    "NoAugmentation",
    "Noise",
    "OtherBody",
    "Strong",
    "Tempo",
]
