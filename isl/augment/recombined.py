"""Signs that nobody made, put together from two clips: hands of one on arms of the other, or some fingers alone.

Strangers' other signs are mostly taken for a word with which they share one thing, the hand shape or the place. A few
dozen recorded signs show few such pairs; recombined clips show all of them, and hand shapes that no recorded sign has.
"""

from __future__ import annotations

import torch
from torch import Tensor

from isl import landmarks as lm
from isl.data.clips import Batch

SEEN = 0.3  # share of the frames in which a hand must be found to be replaced
SHOWN = 0.5  # the same of a hand that replaces another
PALM = (lm.WRIST, lm.FINGERS[1][0], lm.FINGERS[4][0])  # a triangle; its corners give the place of all other points
FLAT, OPEN = 0.06, 0.15  # least area of the palm, in squares of its length: of the changed hand and of the giving one
CHANGED = 0.45  # palms that the tip of one finger moves at least; less is the same hand shape


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
    detected, receiving, giving = _detected(x)
    if not receiving.any() or not giving.any():
        return Batch(x[:0], label[:0], aspect[:0]), label[:0]
    arms, hands = _pairs(label, receiving, giving, count)
    clips = x[arms].clone()
    shapes = _given(batch, detected, hands)
    for i, part in enumerate((lm.LEFT_HAND, lm.RIGHT_HAND)):
        own = part.of(clips)
        present = detected[arms, :, i, None, None]  # (N, T, 1, 1)
        size = _size(_relative(own, aspect[arms]), present)
        replacing = shapes[:, :, i] * (size / _size(shapes[:, :, i], present)).clamp(0.2, 5)
        replacing = own[:, :, :1] + torch.cat(
            [replacing[..., :1] / aspect[arms].view(-1, 1, 1, 1), replacing[..., 1:]], -1
        )
        part.numbers(clips).copy_(torch.where(present, replacing, own).flatten(2))
    return Batch(clips, label[arms], aspect[arms]), label[hands]


def _detected(x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Returns where hands are found (B, T, 2), and which clips (B,) may receive hands and which may give theirs."""
    detected = torch.stack([lm.is_found(x, lm.LEFT_HAND), lm.is_found(x, lm.RIGHT_HAND)], -1)
    most = detected.float().mean(1).amax(1)
    return detected, most > SEEN, most > SHOWN


def change_fingers(batch: Batch, count: int) -> Batch:
    """Gives some fingers of the hands of some clips the posture that they have in a clip with another label.

    The postures are those of one frame of the other clip, in which its palm is seen best, and follow the changed hand's
    palm in its position, orientation and foreshortening. Hands whose palm is seen edge-on do not change. Clips in which
    no finger moves notably are dropped.

    Args:
        batch: as for ``recombine``.
        count: number of pairs that are drawn; there are mostly fewer clips.

    Returns:
        The new clips, with the labels of the clips whose fingers were changed.
    """
    x, label, aspect = batch
    detected, receiving, giving = _detected(x)
    if not receiving.any() or not giving.any():
        return Batch(x[:0], label[:0], aspect[:0])
    changed, hands = _pairs(label, receiving, giving, count)
    clips, moved = x[changed].clone(), torch.zeros(len(changed), device=x.device)
    chosen = torch.rand(len(changed), 5, device=x.device) < 0.5  # fingers
    given = _given(batch, detected, hands)
    for i, part in enumerate((lm.LEFT_HAND, lm.RIGHT_HAND)):
        present = detected[changed, :, i]  # (N, T)
        own = _relative(part.of(clips), aspect[changed])[..., :2]  # (N, T, 21, 2)
        frame = _area(given[:, :, i, :, :2]).abs().argmax(1)  # (N,)
        shape = given[torch.arange(len(changed)), frame, i, :, :2]  # (N, 21, 2)
        seen = (_area(own) * present).sum(1)
        turned = torch.where(seen * _area(shape) < 0, -1.0, 1.0)  # the other side of the hand faces the camera
        shape = torch.cat([shape[..., :1] * turned[:, None, None], shape[..., 1:]], -1)
        wide = ((_area(own).abs() > FLAT) & present).sum(1) >= 0.6 * present.sum(1).clamp(min=1)
        usable = present.any(1) & wide & (_area(shape).abs() > OPEN)
        corners = torch.where(usable[:, None, None], _corners(shape), torch.eye(2, device=x.device))
        onto = _corners(own) @ torch.linalg.inv(corners)[:, None]  # (N, T, 2, 2)
        posed = (onto @ shape.mT[:, None]).mT  # (N, T, 21, 2)
        fresh = own.clone()
        palm = _size(own, present[..., None, None]).view(-1, 1)
        for f, (root, *rest) in enumerate(lm.FINGERS):
            bent = own[:, :, root, None] + posed[:, :, rest] - posed[:, :, root, None]
            use = (chosen[:, f] & usable)[:, None, None, None]
            fresh[:, :, rest] = torch.where(use, bent, own[:, :, rest])
            shift = (fresh[:, :, rest[-1]] - own[:, :, rest[-1]]).norm(dim=-1) / palm  # (N, T)
            moved = moved.maximum((shift * present).sum(1) / present.sum(1).clamp(min=1))
        step = fresh - own
        step = torch.stack([step[..., 0] / aspect[changed].view(-1, 1, 1), step[..., 1]], -1) * present[..., None, None]
        points = part.of(clips).clone()
        points[..., :2] += step
        part.numbers(clips).copy_(points.flatten(2))
    kept = (moved > CHANGED) & (moved < 8)
    return Batch(clips[kept], label[changed][kept], aspect[changed][kept])


def _pairs(label: Tensor, receiving: Tensor, giving: Tensor, count: int) -> tuple[Tensor, Tensor]:
    """Draws ``count`` pairs of clips and returns those with two labels."""
    one = torch.multinomial(receiving.float(), count, replacement=True)
    other = torch.multinomial(giving.float(), count, replacement=True)
    differs = label[one] != label[other]
    return one[differs], other[differs]


def _given(batch: Batch, detected: Tensor, hands: Tensor) -> Tensor:
    """Returns the hands of clips for the left and the right arm, relative to the wrist: ``(N, T, 2, 21, 3)``.

    Where one hand is seldom detected, the other one is mirrored.
    """
    side = torch.arange(2, device=hands.device)
    often = detected[hands].float().mean(1)  # (N, 2)
    source = torch.where(often > SEEN, side, 1 - side)
    shapes = _relative(_held(batch.landmarks[hands], detected[hands]), batch.aspect[hands])
    shapes = shapes.gather(2, source[:, None, :, None, None].expand_as(shapes))
    mirrored = torch.where(source != side, -1.0, 1.0)[:, None, :, None]
    return torch.cat([(shapes[..., 0] * mirrored)[..., None], shapes[..., 1:]], -1)


def _corners(hand: Tensor) -> Tensor:
    """Returns two sides of the palm as columns: ``(..., 21, 2)`` to ``(..., 2, 2)``."""
    wrist, index, little = (hand[..., corner, :] for corner in PALM)
    return torch.stack([index - wrist, little - wrist], -1)


def _area(hand: Tensor) -> Tensor:
    """Returns the signed area of the palm in squares of its length: ``(..., 21, 2)`` to ``(...)``."""
    sides = _corners(hand)
    area = sides[..., 0, 0] * sides[..., 1, 1] - sides[..., 1, 0] * sides[..., 0, 1]
    return area / sides[..., 0].square().sum(-1).clamp(min=1e-9)


def _held(x: Tensor, detected: Tensor) -> Tensor:
    """Returns both hands ``(N, T, 2, 21, 3)``; in a frame without a hand those of the nearest frame that has it."""
    hands = torch.stack([lm.LEFT_HAND.of(x), lm.RIGHT_HAND.of(x)], 2)
    frame = torch.arange(x.shape[1], device=x.device)
    apart = (frame[:, None] - frame).abs().float()  # (T, T)
    apart = apart[None, :, :, None].masked_fill(~detected[:, None], torch.inf)  # (N, T, T, 2)
    nearest = apart.argmin(2)  # (N, T, 2)
    return hands.gather(1, nearest[..., None, None].expand_as(hands))


def _relative(hand: Tensor, aspect: Tensor) -> Tensor:
    """Returns hand points ``(N, T, ..., 21, 3)`` relative to the wrist, in units of the picture's height."""
    apart = hand - hand[..., :1, :]
    wide = aspect.view(-1, *[1] * (hand.ndim - 2))
    return torch.cat([(apart[..., 0] * wide)[..., None], apart[..., 1:]], -1)


def _size(shape: Tensor, present: Tensor) -> Tensor:
    """Returns the mean length of the palm ``(N, 1, 1, 1)`` of ``shape (N, T, 21, 3)`` in the frames ``present``."""
    palm = shape[..., lm.FINGERS[2][0], :2].norm(dim=-1)  # (N, T)
    frames = present[..., 0, 0].float()
    return ((palm * frames).sum(1) / frames.sum(1).clamp(min=1)).clamp(min=1e-4).view(-1, 1, 1, 1)
