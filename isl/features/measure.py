"""A clip in the signer's own measure: where the body is and how large, what is missing, when a sign is made."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from isl import landmarks as lm

SMALLEST = 1e-3  # of a picture's height: no body is smaller
RAISED = 0.4  # of the clip's highest hand: below it a hand is on its way, or rests


def masked_median(values: Tensor, real: Tensor) -> Tensor:
    """The median over time of what is real: ``(B, T, ...)`` and bool ``(B, T)`` to ``(B, ...)``; 0 where nothing is."""
    order = values.masked_fill(~real.view(*real.shape, *(1,) * (values.dim() - 2)), torch.inf).sort(1).values
    count = real.sum(1).view(-1, *(1,) * (values.dim() - 1))

    def at(rank: Tensor) -> Tensor:
        return order.gather(1, rank.clamp(min=0).expand(-1, 1, *values.shape[2:])).squeeze(1)

    # both middle ones of an even number: a mirror turns lower into upper
    return ((at((count - 1) // 2) + at(count // 2)) / 2).masked_fill(count.squeeze(1) == 0, 0.0)


def points(landmarks: Tensor, part: lm.Part, aspect: Tensor) -> Tensor:
    """x and y of a part in units of the picture's height: ``(B, T, 1662)`` and ``(B,)`` to ``(B, T, points, 2)``."""
    xy = part.of(landmarks)[..., :2]
    return torch.stack([xy[..., 0] * aspect.view(-1, 1, 1), xy[..., 1]], -1)


def body_frame(pose: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    """Where a clip's signer is, and how large: pose ``(B, T, 33, 2)``, found ``(B, T)`` to ``(B, 2)`` and ``(B,)``.

    The shoulders' midpoint and distance, medians over the clip: a shrug or one bad frame moves nothing.
    """
    middle, across = lm.shoulders(pose)
    origin, scale = masked_median(middle, real), masked_median(across.norm(dim=-1), real)
    return origin, scale.clamp(min=SMALLEST)


def bridged(values: Tensor, real: Tensor, gap: float | None) -> tuple[Tensor, Tensor]:
    """What is missing, from the nearest frames before and after: values ``(B, T, ...)``, real ``(B, T)`` to both again.

    Between two real frames a straight line, beyond the first and last their values. Trust ``(B, T)`` is 1 at a real
    frame and fades with the distance from one, to 1/e over ``gap`` frames; a part never found is 0, with no trust.
    Without a ``gap`` nothing is bridged, and what is missing is 0.
    """
    frames, wide = real.shape[1], (*real.shape, *(1,) * (values.dim() - 2))
    if gap is None:
        return values * real.view(wide), real.to(values)
    clock = torch.arange(frames, device=real.device).expand_as(real)
    past = torch.ones(frames, frames, dtype=torch.bool, device=real.device).tril()  # (T, T): [t, s] is s <= t
    # The last real frame so far, -1 before the first, and the next one; ONNX has no cumulative maximum
    before = clock.masked_fill(~real, -1)[:, None].masked_fill(~past, -1).amax(-1)  # (B, T)
    after = clock.masked_fill(~real, frames)[:, None].masked_fill(~past.T, frames).amin(-1)
    before, after = torch.where(before < 0, after, before), torch.where(after == frames, before, after)

    def at(index: Tensor) -> Tensor:
        return values.gather(1, index.clamp(0, frames - 1).view(wide).expand_as(values))

    share = ((clock - before) / (after - before).clamp(min=1)).clamp(0, 1).view(wide)
    away = torch.minimum((clock - before).abs(), (after - clock).abs())
    trust = torch.exp(-away / gap) * real.any(1, keepdim=True)
    return (at(before) * (1 - share) + at(after) * share) * (trust > 0).view(wide), trust


def changed(x: Tensor, lag: int, real: Tensor | None = None) -> Tensor:
    """How far ``x (..., T, C)`` went in ``lag`` frames, centred: ``(..., T, C)``.

    It is 0 at the ends, and where one of the two frames is not ``real (..., T, 1)``, 1 or 0 (None: all are).
    """
    frames = x.shape[-2]
    lag = min(lag, frames)
    step = x[..., lag:, :] - x[..., : frames - lag, :]
    if real is not None:
        step = step * (real[..., lag:, :] * real[..., : frames - lag, :])
    return nn.functional.pad(step, (0, 0, lag // 2, lag - lag // 2))


def signing(heights: Tensor, seen: Tensor) -> Tensor:
    """The frames from where a hand has risen to where the last one sinks, spread over the length of the clip.

    Clips are cut by whoever recorded them: some hold the sign alone, some mostly rest. A hand is raised where it is
    above ``RAISED`` of the height that the clip comes to, so that signs made low count as well as high ones.

    Args:
        heights: of the higher hand above the hips, ``(B, T)``.
        seen: whether there is a body, bool ``(B, T)``.

    Returns:
        Which frame to look at, int64 ``(B, T)``, ascending; every frame of a clip in which no hand is raised.
    """
    frames = seen.shape[1]
    heights = heights.clamp(min=0) * seen
    raised = heights > RAISED * heights.amax(1, keepdim=True)  # (B, T)
    raised |= ~raised.any(1, keepdim=True)
    first = raised.to(torch.int8).argmax(1, keepdim=True)  # (B, 1)
    last = frames - 1 - raised.flip(1).to(torch.int8).argmax(1, keepdim=True)
    share = torch.linspace(0, 1, frames, device=seen.device)
    return (first + share * (last - first)).round().long()
