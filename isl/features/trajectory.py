"""How a hand moves, whatever the size of the movement: the same circle, large or small, near or far."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from isl import landmarks as lm
from isl.features.measure import changed

LAG = 4  # frames of 60 between the two ends of a change: a fifteenth of a clip
STILL = 0.03  # shoulder widths in so many frames: slower is no direction, but a camera's tremble
SMALL = 0.05  # shoulder widths: what stays within is no way
TIPS = [finger[-1] for finger in lm.FINGERS]
NUMBERS = 12  # a hand and frame


def of_hands(hands: Tensor, shape: Tensor, real: Tensor, signing: Tensor) -> Tensor:
    """Each hand's trajectory in its own measure.

    Where the hand is from the middle of its way, in units of how far it goes (2); the direction in which it moves (2),
    less of one the slower; the logarithm of its speed (1); how the palm's direction turns (2) and the fingers stretch
    or close (5). So the small circle of one signer looks like the large one of another, which in the picture's measure
    looks like no movement.

    Args:
        hands: in the body frame, ``(B, 2, T, 21, 2)``.
        shape: the same from the wrist, in units of the hand's size, ``(B, 2, T, 21, 2)``.
        real: where there is a hand, bool ``(B, 2, T)``; 0 elsewhere.
        signing: the frames of which the middle and the extent are taken, int64 ``(B, T)``.

    Returns:
        ``(B, 2, T, 12)``.
    """
    there = real[..., None].to(hands)  # (B, 2, T, 1)
    centre = smoothed((hands[..., lm.WRIST, :] + hands[..., lm.MIDDLE_ROOT, :]) / 2, there)  # (B, 2, T, 2)
    picked = signing[:, None, :, None].expand_as(there)
    way, counts = centre.gather(2, picked.expand_as(centre)), there.gather(2, picked)
    count = counts.sum(2, keepdim=True).clamp(min=1)
    middle = (way * counts).sum(2, keepdim=True) / count
    extent = (((way - middle) * counts).square().sum((2, 3), keepdim=True) / count).add(1e-4).sqrt()  # (B, 2, 1, 1)
    step = changed(centre, LAG, there)
    speed = step.norm(dim=-1, keepdim=True)
    palm = shape[..., lm.MIDDLE_ROOT, :]
    palm = palm / palm.norm(dim=-1, keepdim=True).clamp(min=1e-3)
    stretch = shape[..., TIPS, :].norm(dim=-1)  # (B, 2, T, 5)
    numbers = [
        (centre - middle) / (extent + SMALL),
        step / (speed + STILL),
        (speed + STILL).log() + 2,
        2 * changed(palm, LAG, there),
        2 * changed(stretch, LAG, there),
    ]
    return torch.cat(numbers, -1) * there


def smoothed(x: Tensor, real: Tensor) -> Tensor:
    """The mean of every three frames that are ``real (B, 2, T, 1)``: ``(B, 2, T, C)`` to the same."""

    def sums(y: Tensor) -> Tensor:
        padded = F.pad(y.flatten(0, 1).mT, (1, 1), mode="replicate")  # (2B, C, T + 2)
        return F.avg_pool1d(padded, 3, 1).mT.unflatten(0, y.shape[:2])

    return sums(x * real) / sums(real).clamp(min=1e-3)
