"""Measurements of a clip: the body frame, missing frames, motion, and the frames of the sign itself."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from isl import landmarks as lm

SMALLEST = 1e-3  # of a picture's height: the smallest shoulder width
RAISED = 0.4  # of the clip's greatest hand height: a lower hand is at rest or on its way


def masked_median(values: Tensor, real: Tensor) -> Tensor:
    """Returns the median over real frames: ``(B, T, ...)`` and bool ``(B, T)`` to ``(B, ...)``; 0 if none is real."""
    order = values.masked_fill(~real.view(*real.shape, *(1,) * (values.dim() - 2)), torch.inf).sort(1).values
    count = real.sum(1).view(-1, *(1,) * (values.dim() - 1))

    def at(rank: Tensor) -> Tensor:
        return order.gather(1, rank.clamp(min=0).expand(-1, 1, *values.shape[2:])).squeeze(1)

    # the mean of both middle values of an even number, since a mirror swaps the lower and the upper one
    return ((at((count - 1) // 2) + at(count // 2)) / 2).masked_fill(count.squeeze(1) == 0, 0.0)


def points(landmarks: Tensor, part: lm.Part, aspect: Tensor) -> Tensor:
    """Returns x and y of a part in picture heights: ``(B, T, 1662)`` and aspect ``(B,)`` to ``(B, T, points, 2)``."""
    xy = part.of(landmarks)[..., :2]
    return torch.stack([xy[..., 0] * aspect.view(-1, 1, 1), xy[..., 1]], -1)


def body_frame(pose: Tensor, real: Tensor) -> tuple[Tensor, Tensor]:
    """Returns the signer's position ``(B, 2)`` and size ``(B,)``, from pose ``(B, T, 33, 2)`` and found ``(B, T)``.

    These are the shoulders' midpoint and distance, as medians over the clip, which a shrug or a bad frame does not
    change.
    """
    middle, across = lm.shoulders(pose)
    origin, scale = masked_median(middle, real), masked_median(across.norm(dim=-1), real)
    return origin, scale.clamp(min=SMALLEST)


def bridge_gaps(values: Tensor, real: Tensor, gap: float | None) -> tuple[Tensor, Tensor]:
    """Interpolates missing frames: values ``(B, T, ...)`` and real ``(B, T)`` to values and trust ``(B, T)``.

    Between two real frames the interpolation is linear. Before the first and after the last real frame, that frame's
    values are repeated. Trust is 1 at a real frame and falls with the distance to the nearest one, to 1/e over ``gap``
    frames. A part that is never found has values 0 and trust 0. Without a ``gap``, missing frames are 0.
    """
    frames, wide = real.shape[1], (*real.shape, *(1,) * (values.dim() - 2))
    if gap is None:
        return values * real.view(wide), real.to(values)
    clock = torch.arange(frames, dtype=torch.int32, device=real.device).expand_as(real)  # half of the memory of int64
    past = torch.ones(frames, frames, dtype=torch.bool, device=real.device).tril()  # (T, T): [t, s] is s <= t
    # The last real frame up to t (-1 if none) and the next one from t on; ONNX has no cumulative maximum
    before = clock.masked_fill(~real, -1)[:, None].masked_fill(~past, -1).amax(-1)  # (B, T)
    after = clock.masked_fill(~real, frames)[:, None].masked_fill(~past.T, frames).amin(-1)
    before, after = torch.where(before < 0, after, before), torch.where(after == frames, before, after)

    def at(index: Tensor) -> Tensor:
        return values.gather(1, index.long().clamp(0, frames - 1).view(wide).expand_as(values))

    share = ((clock - before) / (after - before).clamp(min=1)).clamp(0, 1).view(wide)
    away = torch.minimum((clock - before).abs(), (after - clock).abs())
    trust = torch.exp(-away / gap) * real.any(1, keepdim=True)
    return (at(before) * (1 - share) + at(after) * share) * (trust > 0).view(wide), trust


def changed(x: Tensor, lag: int, real: Tensor | None = None) -> Tensor:
    """Returns the centred change of ``x (..., T, C)`` over ``lag`` frames: ``(..., T, C)``.

    It is 0 at both ends, and where one of the two frames is not real: ``real (..., T, 1)`` is 1 or 0 (None: all 1).
    """
    frames = x.shape[-2]
    lag = min(lag, frames)
    step = x[..., lag:, :] - x[..., : frames - lag, :]
    if real is not None:
        step = step * (real[..., lag:, :] * real[..., : frames - lag, :])
    return nn.functional.pad(step, (0, 0, lag // 2, lag - lag // 2))


def signing(heights: Tensor, seen: Tensor) -> Tensor:
    """Selects the frames from the first to the last raised hand, spread over the length of the clip.

    Recordings are cut differently: some contain the sign alone, others mostly rest. A hand counts as raised if its
    height is above ``RAISED`` times the greatest height in the clip, so that low signs are found as well as high ones.
    A stream has no greatest height yet: ``isl.recognition.hands`` compares with a fixed one instead.

    Args:
        heights: height of the higher hand above the hips, ``(B, T)``.
        seen: True where a body was found, bool ``(B, T)``.

    Returns:
        Indices of the selected frames, int64 ``(B, T)``, ascending; all frames of a clip in which no hand is raised.
    """
    frames = seen.shape[1]
    heights = heights.clamp(min=0) * seen
    raised = heights > RAISED * heights.amax(1, keepdim=True)  # (B, T)
    raised |= ~raised.any(1, keepdim=True)
    first = raised.to(torch.int8).argmax(1, keepdim=True)  # (B, 1)
    last = frames - 1 - raised.flip(1).to(torch.int8).argmax(1, keepdim=True)
    share = torch.linspace(0, 1, frames, device=seen.device)
    return (first + share * (last - first)).round().long()
