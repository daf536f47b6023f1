"""The movement of a hand, independent of its size: a small and a large circle give similar numbers."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from isl import landmarks as lm
from isl.features.measure import changed

LAG = 4  # frames of 60 between the two ends of a change: a fifteenth of a clip
STILL = 0.03  # shoulder widths per LAG frames: a slower movement is camera shake, without direction
SMALL = 0.05  # shoulder widths: a smaller extent is not a movement
TIPS = [finger[-1] for finger in lm.FINGERS]
NUMBERS = 12  # per hand and frame


def of_hands(hands: Tensor, shape: Tensor, real: Tensor, signing: Tensor) -> Tensor:
    """Returns each hand's trajectory, relative to its own extent and speed.

    The numbers: position relative to the middle of the path, in units of the path's extent (2); direction of movement
    (2), shorter for slow movements; logarithm of the speed (1); change of the palm's direction (2); change of each
    finger's stretch (5). A signer's small circle then gives numbers like another signer's large circle, although in the
    picture's unit it is almost no movement.

    Args:
        hands: hands in the body frame, ``(B, 2, T, 21, 2)``.
        shape: hands relative to the wrist, in units of the hand's size, ``(B, 2, T, 21, 2)``.
        real: True where there is a hand, bool ``(B, 2, T)``; the result is 0 elsewhere.
        signing: the frames from which the middle and the extent are computed, int64 ``(B, T)``.

    Returns:
        ``(B, 2, T, 12)``.
    """
    present = real[..., None].to(hands)  # (B, 2, T, 1)
    centre = smooth((hands[..., lm.WRIST, :] + hands[..., lm.MIDDLE_ROOT, :]) / 2, present)  # (B, 2, T, 2)
    picked = signing[:, None, :, None].expand_as(present)
    way, counts = centre.gather(2, picked.expand_as(centre)), present.gather(2, picked)
    count = counts.sum(2, keepdim=True).clamp(min=1)
    middle = (way * counts).sum(2, keepdim=True) / count
    extent = (((way - middle) * counts).square().sum((2, 3), keepdim=True) / count).add(1e-4).sqrt()  # (B, 2, 1, 1)
    step = changed(centre, LAG, present)
    speed = step.norm(dim=-1, keepdim=True)
    palm = shape[..., lm.MIDDLE_ROOT, :]
    palm = palm / palm.norm(dim=-1, keepdim=True).clamp(min=1e-3)
    stretch = shape[..., TIPS, :].norm(dim=-1)  # (B, 2, T, 5)
    numbers = [
        (centre - middle) / (extent + SMALL),
        step / (speed + STILL),
        (speed + STILL).log() + 2,
        2 * changed(palm, LAG, present),
        2 * changed(stretch, LAG, present),
    ]
    return torch.cat(numbers, -1) * present


def smooth(x: Tensor, real: Tensor) -> Tensor:
    """Returns the moving mean over three frames, of those that are ``real (B, 2, T, 1)``: ``(B, 2, T, C)``."""

    def sums(y: Tensor) -> Tensor:
        padded = F.pad(y.flatten(0, 1).mT, (1, 1), mode="replicate")  # (2B, C, T + 2)
        return F.avg_pool1d(padded, 3, 1).mT.unflatten(0, y.shape[:2])

    return sums(x * real) / sums(real).clamp(min=1e-3)
