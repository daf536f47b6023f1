"""Signs that nobody made: the hands of one clip at the wrists of another, in movement and place those of the other.

Strangers' other signs are mostly taken for a word with which they share one thing, the hand shape or the place. A few
dozen recorded signs show few such pairs; recombined clips show all of them.
"""

from __future__ import annotations

import torch
from torch import Tensor

from isl import landmarks as lm
from isl.data.clips import Batch

SEEN = 0.3  # share of the frames in which a hand must be found to be replaced
SHOWN = 0.5  # the same of a hand that replaces another


def recombine(batch: Batch, count: int) -> tuple[Batch, Tensor]:
    """Puts the hands of some clips of a batch on the arms of others with another label.

    A hand that was lost for a while keeps the last or next shape. A left hand on a right arm is mirrored. The hands
    get the size of those that they replace.

    Args:
        batch: clips ``(B, 60, 1662)`` or ``(B, 60, 258)``; it is not changed.
        count: number of pairs that are drawn. Pairs of one label are dropped, so that there may be fewer clips.

    Returns:
        The new clips, with the labels of the arms' clips, and the labels of the hands' clips, (N,).
    """
    x, label, aspect = batch
    found = torch.stack([lm.is_found(x, lm.LEFT_HAND), lm.is_found(x, lm.RIGHT_HAND)], -1)  # (B, T, 2)
    often = found.float().mean(1)  # (B, 2)
    receiving, giving = often.amax(1) > SEEN, often.amax(1) > SHOWN
    if not receiving.any() or not giving.any():
        return Batch(x[:0], label[:0], aspect[:0]), label[:0]
    arms = torch.multinomial(receiving.float(), count, replacement=True)
    hands = torch.multinomial(giving.float(), count, replacement=True)
    differs = label[arms] != label[hands]
    arms, hands = arms[differs], hands[differs]
    clips = x[arms].clone()
    side = torch.arange(2, device=x.device).expand(len(hands), 2)
    side = torch.where(often[hands] > SEEN, side, 1 - side)  # of the giving clip: its own side, or the other one
    flipped = side != torch.arange(2, device=x.device)
    shapes = _relative(_held(x[hands], found[hands]), aspect[hands])
    shapes = shapes.gather(2, side[:, None, :, None, None].expand_as(shapes))  # (N, T, 2, 21, 3)
    shapes[..., 0] *= torch.where(flipped, -1.0, 1.0)[:, None, :, None]
    for i, part in enumerate((lm.LEFT_HAND, lm.RIGHT_HAND)):
        own = part.of(clips)
        there = found[arms, :, i, None, None]  # (N, T, 1, 1)
        size = _size(_relative(own, aspect[arms]), there)
        replacing = shapes[:, :, i] * (size / _size(shapes[:, :, i], there)).clamp(0.2, 5)
        replacing = own[:, :, :1] + torch.cat(
            [replacing[..., :1] / aspect[arms].view(-1, 1, 1, 1), replacing[..., 1:]], -1
        )
        part.numbers(clips).copy_(torch.where(there, replacing, own).flatten(2))
    return Batch(clips, label[arms], aspect[arms]), label[hands]


def _held(x: Tensor, found: Tensor) -> Tensor:
    """Returns both hands ``(N, T, 2, 21, 3)``; in a frame without a hand those of the nearest frame that has it."""
    hands = torch.stack([lm.LEFT_HAND.of(x), lm.RIGHT_HAND.of(x)], 2)
    frame = torch.arange(x.shape[1], device=x.device)
    apart = (frame[:, None] - frame).abs().float()  # (T, T)
    apart = apart[None, :, :, None].masked_fill(~found[:, None], torch.inf)  # (N, T, T, 2)
    nearest = apart.argmin(2)  # (N, T, 2)
    return hands.gather(1, nearest[..., None, None].expand_as(hands))


def _relative(hand: Tensor, aspect: Tensor) -> Tensor:
    """Returns hand points ``(N, T, ..., 21, 3)`` relative to the wrist, in units of the picture's height."""
    apart = hand - hand[..., :1, :]
    wide = aspect.view(-1, *[1] * (hand.ndim - 2))
    return torch.cat([(apart[..., 0] * wide)[..., None], apart[..., 1:]], -1)


def _size(shape: Tensor, there: Tensor) -> Tensor:
    """Returns the mean length of the palm ``(N, 1, 1, 1)`` of ``shape (N, T, 21, 3)`` in the frames ``there``."""
    palm = shape[..., lm.FINGERS[2][0], :2].norm(dim=-1)  # (N, T)
    frames = there[..., 0, 0].float()
    return ((palm * frames).sum(1) / frames.sum(1).clamp(min=1)).clamp(min=1e-4).view(-1, 1, 1, 1)
