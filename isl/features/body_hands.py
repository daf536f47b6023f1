"""Body and hands in the signer's own measure, in many views: numbers in which another person's sign looks the same."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

from isl import landmarks as lm
from isl.options import positive, whole

BODY_POINTS = (*lm.HEAD, lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER, *lm.ARMS)
ROOTS, TIPS = ([finger[end] for finger in lm.FINGERS] for end in (0, -1))
THUMB, INDEX, MIDDLE, _, LITTLE = TIPS
# Pairs of hand points whose distance tells a hand's shape whichever way it is turned: every finger's stretch, the
# thumb to each tip, and the spread of neighbouring tips.
SPANS = (
    *((lm.WRIST, tip) for tip in TIPS),
    *zip([lm.THUMB_JOINT, *ROOTS[1:]], TIPS, strict=True),
    *((THUMB, tip) for tip in TIPS[1:]),
    *pairwise(TIPS[1:]),
)
# Where signs are made (nose, eyes, ears, mouth, shoulders), and with what
PLACES = (*lm.HEAD, lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER)
TOUCHING = (lm.WRIST, lm.MIDDLE_ROOT, THUMB, INDEX, MIDDLE)
# Triangles whose signed area tells which side of the hand is seen, and how the thumb lies
FACETS = (
    (lm.WRIST, ROOTS[1], ROOTS[4]),
    (lm.WRIST, THUMB, ROOTS[1]),
    (lm.WRIST, INDEX, LITTLE),
    (ROOTS[1], INDEX, MIDDLE),
    (lm.WRIST, THUMB, LITTLE),
)
HAND_PARTS = (lm.LEFT_HAND, lm.RIGHT_HAND)
BODY_MIRROR = [BODY_POINTS.index(int(lm.POSE_MIRROR[i])) for i in BODY_POINTS]
WRIST_ROWS = [BODY_POINTS.index(i) for i in (lm.LEFT_WRIST, lm.RIGHT_WRIST)]
PLACE_ROWS = [BODY_POINTS.index(i) for i in PLACES]
FIRST, SECOND = ([pair[end] for pair in SPANS] for end in range(2))
SMALLEST = 1e-3  # of a picture's height: no body is smaller


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
    left, right = pose[:, :, lm.LEFT_SHOULDER], pose[:, :, lm.RIGHT_SHOULDER]
    origin = masked_median((left + right) / 2, real)
    scale = masked_median((left - right).norm(dim=-1), real)
    return origin, scale.clamp(min=SMALLEST)


def bridged(values: Tensor, real: Tensor, gap: float) -> tuple[Tensor, Tensor]:
    """What is missing, from the nearest frames before and after: values ``(B, T, ...)``, real ``(B, T)`` to both again.

    Between two real frames a straight line, beyond the first and last their values. Trust ``(B, T)`` is 1 at a real
    frame and fades with the distance from one, to 1/e over ``gap`` frames; a part never found is 0, with no trust.
    """
    frames = real.shape[1]
    clock = torch.arange(frames, device=real.device).expand_as(real)
    before = clock.masked_fill(~real, -1).cummax(1).values  # the last real frame so far, -1 before the first
    after = clock.masked_fill(~real, frames).flip(1).cummin(1).values.flip(1)
    before, after = torch.where(before < 0, after, before), torch.where(after == frames, before, after)
    wide = (*real.shape, *(1,) * (values.dim() - 2))

    def at(index: Tensor) -> Tensor:
        return values.gather(1, index.clamp(0, frames - 1).view(wide).expand_as(values))

    share = ((clock - before) / (after - before).clamp(min=1)).clamp(0, 1).view(wide)
    away = torch.minimum((clock - before).abs(), (after - clock).abs())
    trust = torch.exp(-away / gap) * real.any(1, keepdim=True)
    return (at(before) * (1 - share) + at(after) * share) * (trust > 0).view(wide), trust


def nearness(one: Tensor, other: Tensor, known: Tensor) -> Tensor:
    """How near points are to others, 1 for contact, 0 from afar or unknown; a shoulder's width away is 0.14.

    Shapes: ``(B, T, P, 2)``, ``(B, T, Q, 2)`` and ``(B, T)`` to ``(B, T, P * Q)``.
    """
    apart = (one[:, :, :, None] - other[:, :, None]).norm(dim=-1)
    return (torch.exp(-2 * apart) * known[..., None, None]).flatten(2)


def facets(own: Tensor) -> Tensor:
    """Signed areas of a hand's triangles: ``(B, T, 21, 2)`` to ``(B, T, facets)``."""
    a, b, c = (own[:, :, [corner[i] for corner in FACETS]] for i in range(3))
    (x1, y1), (x2, y2) = (b - a).unbind(-1), (c - a).unbind(-1)
    return x1 * y2 - y1 * x2


class BodyHands(nn.Module):
    """Body and hands in the signer's own measure, each hand once more in its own frame, and their motion.

    For every frame: arms, head and shoulders, and both hands, in the body frame (origin between the shoulders, unit
    the shoulders' width, aspect undone); each hand from its wrist, in units of its size; distances inside each hand;
    motion of arms and hands over ``lag`` frames; whether each hand was found. x and y only: z is unstable. What
    hangs below ``floor`` shoulder widths rests there: landmarks of arms at rest, or outside the picture, are guesses.

    Args:
        gap: a missing hand keeps its last and next shape at the pose's wrist, with a trust that falls to 1/e over so
            many frames.
        lag: frames between the two ends of a motion; 2, since clips of 30 frames repeat each one.
        lips: add the contour of the lips, from the mouth's middle; 0 where no face was found.
        floor: lowest y in the body frame that is told apart.
        dominant: clips in which the left hand does more are seen in a mirror, so that both hands' signers look alike.
        shape, spans, contact, motion: each hand's own frame; distances and areas inside it; nearness of the hands to
            the face and each other; movement. Each can be left out for an ablation.

    Source: our own; body and hand frames as in SignBart (2025), motion as in the Kaggle ISLR 2023 winner.
    """

    def __init__(
        self,
        gap: float = 8,
        lag: int = 2,
        floor: float = 1.3,
        dominant: bool = True,
        shape: bool = True,
        spans: bool = True,
        contact: bool = True,
        motion: bool = True,
        lips: bool = False,
    ) -> None:
        super().__init__()
        self.gap, self.lag = positive(gap, "features.gap"), whole(lag, "features.lag", least=1)
        self.floor, self.dominant, self.lips = positive(floor, "features.floor"), dominant, lips
        self.shape, self.spans, self.contact, self.motion = shape, spans, contact, motion
        numbers = 2 * len(BODY_POINTS) + 2 * (2 * lm.LEFT_HAND.points + 1)
        numbers += 2 * 2 * lm.LEFT_HAND.points * shape + 2 * (len(SPANS) + len(FACETS)) * spans
        numbers += (2 * len(TOUCHING) * len(PLACES) + len(TOUCHING) ** 2) * contact
        self.size = numbers + (2 * len(lm.ARMS) + 2 * 2 * 21) * motion + 2 * len(lm.LIPS) * lips

    def forward(self, landmarks: Tensor, aspect: Tensor) -> Tensor:
        """Raw landmarks ``(B, T, 1662)`` and aspect ``(B,)`` to ``(B, T, size)``."""
        seen = lm.found(landmarks, lm.POSE)  # (B, T)
        there = torch.stack([lm.found(landmarks, part) for part in HAND_PARTS], -1)  # (B, T, 2)
        pose = points(landmarks, lm.POSE, aspect)  # (B, T, 33, 2)
        origin, scale = (value.view(len(pose), 1, 1, -1) for value in body_frame(pose, seen))
        body = (pose[:, :, list(BODY_POINTS)] - origin) / scale
        hands = torch.cat([points(landmarks, part, aspect) for part in HAND_PARTS], 2)
        hands = ((hands - origin) / scale).unflatten(2, (2, lm.LEFT_HAND.points))  # (B, T, 2, 21, 2), left first
        if self.dominant:
            body, hands, there = self.right_handed(body, hands, there)
        low = hands.new_tensor([-3.0, -3.0])
        high = hands.new_tensor([3.0, self.floor])
        body = bridged(body.clamp(low, high), seen, self.gap)[0]

        columns = [body.flatten(2)]
        moving = [self.moved(body[:, :, -len(lm.ARMS) :])]
        places, touching, known = body[:, :, PLACE_ROWS], [], []
        for side in range(2):
            # A detector loses fast and blurred hands, which ones is the camera's doing: the pose still has their wrist
            wrist = body[:, :, WRIST_ROWS[side], None]  # (B, T, 1, 2)
            rigid, trust = bridged(hands[:, :, side].clamp(low, high) - wrist, there[..., side], self.gap)
            real = trust > 0
            hand = (rigid + wrist) * real[..., None, None]  # (B, T, 21, 2)
            columns += [hand.flatten(2), trust[..., None]]
            own = hand - hand[:, :, :1]
            own = own / own.square().sum(-1).mean(-1).add(1e-4).sqrt()[..., None, None]  # RMS radius 1
            if self.shape:
                columns.append(own.flatten(2))
            if self.spans:
                columns += [(own[:, :, FIRST] - own[:, :, SECOND]).norm(dim=-1), facets(own)]
            if self.contact:
                columns.append(nearness(hand[:, :, list(TOUCHING)], places, real))
            touching.append(hand[:, :, list(TOUCHING)])
            known.append(real)
            moving.append(self.moved(hand))
        if self.contact:
            columns.append(nearness(touching[0], touching[1], known[0] & known[1]))
        if self.motion:
            columns += [motion.flatten(2) for motion in moving]
        if self.lips:
            face = lm.found(landmarks, lm.FACE)[..., None, None]
            lips = (points(landmarks, lm.FACE, aspect)[:, :, list(lm.LIPS)] - origin) / scale
            columns.append(((lips - lips.mean(2, keepdim=True)) * face).flatten(2) * 5)
        return torch.cat(columns, -1)

    def right_handed(self, body: Tensor, hands: Tensor, there: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Clips in which the left hand does more, mirrored. More: found more often, and held higher."""
        wrists = body[:, :, WRIST_ROWS, 1]  # (B, T, 2), y down
        effort = there.to(body).mean(1) + (self.floor - wrists).clamp(0, self.floor).mean(1)  # (B, 2)
        left = (effort[:, 0] > effort[:, 1])[:, None, None]
        flip = body.new_tensor([-1.0, 1.0])
        body = torch.where(left[..., None], body[:, :, BODY_MIRROR] * flip, body)
        hands = torch.where(left[..., None, None], hands.flip(2) * flip, hands)
        return body, hands, torch.where(left, there.flip(2), there)

    def moved(self, xy: Tensor) -> Tensor:
        """How far points went in ``lag`` frames, centred, 0 at the ends. ``(B, T, P, 2)`` to the same."""
        lag = min(self.lag, xy.shape[1])
        step = (xy[:, lag:] - xy[:, : xy.shape[1] - lag]) * (4 / lag)
        return nn.functional.pad(step, (0, 0, 0, 0, lag // 2, lag - lag // 2))
