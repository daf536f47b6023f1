"""Body and hands in the body frame, in many views, so that the same sign of two signers gives similar numbers."""

from __future__ import annotations

from itertools import accumulate, pairwise

import torch
from torch import Tensor

from isl import landmarks as lm
from isl.config.options import positive, whole
from isl.features.feature_set import Features
from isl.features.measure import body_frame, bridge_gaps, changed, points, signing
from isl.features.trajectory import NUMBERS, of_hands
from isl.features.views import ViewDropout
from isl.skeleton import Skeleton, consecutive, points_of

BODY_POINTS = (*lm.HEAD, lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER, *lm.ARMS)
ROOTS, TIPS = ([finger[end] for finger in lm.FINGERS] for end in (0, -1))
THUMB, INDEX, MIDDLE, _, LITTLE = TIPS
# Pairs of hand points whose distances describe the handshape, however the hand is turned: the stretch of every finger,
# the thumb to each tip, and the spread of neighbouring tips.
SPANS = (
    *((lm.WRIST, tip) for tip in TIPS),
    *zip([lm.THUMB_JOINT, *ROOTS[1:]], TIPS, strict=True),
    *((THUMB, tip) for tip in TIPS[1:]),
    *pairwise(TIPS[1:]),
)
# Places of articulation (nose, eyes, ears, mouth, shoulders), and the hand points that touch them
PLACES = (*lm.HEAD, lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER)
TOUCHING = (lm.WRIST, lm.MIDDLE_ROOT, THUMB, INDEX, MIDDLE)
# Triangles whose signed areas show which side of the hand faces the camera, and the position of the thumb
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
# The pairs of hand points whose differences are computed: those of SPANS, then two sides of each of FACETS
EDGES = (*SPANS, *((b, a) for a, b, _ in FACETS), *((c, a) for a, _, c in FACETS))
HIPS = 1.6  # shoulder widths from the shoulders down to hanging hands


def nearness(one: Tensor, other: Tensor, present: Tensor) -> Tensor:
    """Returns the nearness of points to other points.

    It is 1 in contact, 0.14 at a distance of one shoulder width, and 0 far away or if the points are missing.

    Shapes: ``(..., P, 2)``, ``(..., Q, 2)`` and ``(...)`` to ``(..., P * Q)``.
    """
    x, y = (one[..., i, None] - other[..., None, :, i] for i in range(2))  # (..., P, Q)
    return (torch.exp(-2 * (x * x + y * y).sqrt()) * present[..., None, None]).flatten(-2)


def difference_matrix() -> Tensor:
    """Returns the matrix ``(21, E)`` whose product with a hand's points, ``(2, 21)``, are its ``EDGES``, ``(2, E)``."""
    matrix = torch.zeros(lm.LEFT_HAND.points, len(EDGES))
    for column, (start, end) in enumerate(EDGES):
        matrix[start, column], matrix[end, column] = 1, -1
    return matrix


def spans_and_areas(own: Tensor, differences: Tensor) -> Tensor:
    """Returns the lengths of ``SPANS`` and the signed areas of ``FACETS``: ``(..., 21, 2)`` to ``(..., numbers)``."""
    x, y = (own.mT @ differences).unbind(-2)  # (..., E) each
    x0, x1, x2 = x.split([len(SPANS), len(FACETS), len(FACETS)], -1)
    y0, y1, y2 = y.split([len(SPANS), len(FACETS), len(FACETS)], -1)
    return torch.cat([(x0 * x0 + y0 * y0).sqrt(), x1 * y2 - y1 * x2], -1)


def flatten_hands(hands: Tensor) -> Tensor:
    """Flattens both hands, left first, into columns per frame: ``(B, 2, T, ...)`` to ``(B, T, columns)``."""
    return hands.transpose(1, 2).flatten(2)


class BodyHands(Features):
    """Body and hands in the body frame, in views with overlapping information.

    For every frame: ``arms`` (with head and shoulders) and ``hands`` in the body frame (origin between the shoulders,
    unit the shoulder width, corrected for the aspect); ``presence``, the trust in each hand's landmarks; ``shape``,
    each hand relative to its wrist, in units of its size; ``spans``, distances and areas within each hand;
    ``contact``, the nearness of the hands to the face, the shoulders and each other; ``motion`` of arms and hands over
    ``lag`` frames; ``trajectory``, each hand's movement relative to its own extent and speed; and, as an option,
    ``lips``. Points lower than ``floor`` shoulder widths are moved up to it, since landmarks of arms at rest, or
    outside the picture, are guesses.

    Args:
        gap_filling: frames over which the trust in a missing hand falls to 1/e. A missing hand is interpolated between
            its last and its next shape, at the pose's wrist. None: a missing hand is 0.
        lag: frames between the two ends of a motion; 2, since clips of 30 frames contain each frame twice.
        floor: lowest y in the body frame; larger values are clamped to it.
        dominant: mirror clips in which the left hand does more, so that left- and right-handed signers look alike.
        body_frame: False measures from the picture's middle, in units of its height.
        presence, shape, spans, contact, motion, trajectory: False leaves the view out, for an ablation.
        lips: add the contour of the lips, relative to the mouth's middle; 0 if no face was found.
        trim: cut the clip to the frames from the first to the last raised hand, see ``signing``.
        view_dropout: the probability that a view is missing in a training clip, see ``ViewDropout``.

    Source: our own; body and hand frames as in SignBart (2025), motion as in the Kaggle ISLR 2023 winner.
    """

    version = 3
    framewise = False
    differences: Tensor

    def __init__(
        self,
        gap_filling: float | None = 8,
        lag: int = 2,
        floor: float = 1.3,
        dominant: bool = True,
        body_frame: bool = True,
        presence: bool = True,
        shape: bool = True,
        spans: bool = True,
        contact: bool = True,
        motion: bool = True,
        trajectory: bool = True,
        lips: bool = False,
        trim: bool = True,
        view_dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.gap_filling = None if gap_filling is None else positive(gap_filling, "features.gap_filling")
        self.lag, self.floor = whole(lag, "features.lag", least=1), positive(floor, "features.floor")
        self.dominant, self.body_frame, self.trim = dominant, body_frame, trim
        self.reads_face = bool(lips)
        hand = 2 * 2 * lm.LEFT_HAND.points  # x and y of both hands
        views = {
            "arms": 2 * len(BODY_POINTS),
            "hands": hand,
            "presence": 2 * bool(presence),
            "shape": hand * bool(shape),
            "spans": 2 * (len(SPANS) + len(FACETS)) * bool(spans),
            "contact": (2 * len(TOUCHING) * len(PLACES) + len(TOUCHING) ** 2) * bool(contact),
            "motion": (2 * len(lm.ARMS) + hand) * bool(motion),
            "trajectory": 2 * NUMBERS * bool(trajectory),
            "lips": 2 * len(lm.LIPS) * bool(lips),
        }
        self.views = {view: width for view, width in views.items() if width}
        self.size = sum(self.views.values())
        self.view_dropout = ViewDropout(self.views, view_dropout)
        self.register_buffer("differences", difference_matrix(), persistent=False)

    @property
    def skeleton(self) -> Skeleton:
        """Returns the columns of the points of body and hands in the body frame, the hand's frame, and in motion."""
        arms, body = points_of(lm.POSE, lm.ARMS), points_of(lm.POSE, BODY_POINTS)
        hands = [point for part in HAND_PARTS for point in points_of(part)]
        start = dict(zip(self.views, accumulate(self.views.values(), initial=0), strict=False))
        views = [consecutive(body, start["arms"]) | consecutive(hands, start["hands"])]
        for view, which in (("shape", hands), ("motion", arms + hands)):
            if view in start:
                views.append(consecutive(which, start[view]))
        return Skeleton.of(views)

    def forward(self, landmarks: Tensor, aspect: Tensor) -> Tensor:
        """Raw landmarks ``(B, T, 1662)`` (or 258, without lips) and aspect ``(B,)`` to ``(B, T, size)``."""
        seen = lm.is_found(landmarks, lm.POSE)  # (B, T)
        present = torch.stack([lm.is_found(landmarks, part) for part in HAND_PARTS], 1)  # (B, 2, T), left first
        pose = points(landmarks, lm.POSE, aspect)  # (B, T, 33, 2)
        hands = torch.stack([points(landmarks, part, aspect) for part in HAND_PARTS], 1)  # (B, 2, T, 21, 2)
        origin, scale = self.measure(pose, seen, aspect)  # (B, 1, 1, 2), (B, 1, 1, 1)
        body = (pose[:, :, list(BODY_POINTS)] - origin) / scale
        hands = (hands - origin[:, None]) / scale[:, None]
        if self.dominant:
            body, hands, present = self.right_handed(body, hands, present)
        heights = HIPS - body[:, :, WRIST_ROWS, 1].amin(-1)  # (B, T), of the higher hand; y points down
        low, high = body.new_tensor([-3.0, -3.0]), body.new_tensor([3.0, self.floor])
        body = bridge_gaps(body.clamp(low, high), seen, self.gap_filling)[0]
        hands, trust = self.fill_lost_hands(hands.clamp(low, high), present, body)
        own = hands - hands[..., :1, :]
        size = own.square().sum(-1).mean(-1, keepdim=True).add(1e-4).sqrt()  # (B, 2, T, 1), the RMS radius
        own = own / size[..., None]
        views = {
            "arms": body.flatten(2),
            "hands": flatten_hands(hands),
            "presence": flatten_hands(trust[..., None]),
            "shape": flatten_hands(own),
            "spans": flatten_hands(spans_and_areas(own, self.differences)),
            "contact": self.touch(body, hands, trust > 0),
            "motion": torch.cat(
                [
                    self.measure_motion(body[:, :, -len(lm.ARMS) :]).flatten(2),
                    flatten_hands(self.measure_motion(hands)),
                ],
                -1,
            ),
        }
        frames = signing(heights, seen)  # (B, T)
        if "trajectory" in self.views:
            views["trajectory"] = flatten_hands(of_hands(hands, own, trust > 0, frames))
        if "lips" in self.views:
            face = lm.is_found(landmarks, lm.FACE)[..., None, None]
            lips = (points(landmarks, lm.FACE, aspect)[:, :, list(lm.LIPS)] - origin) / scale
            views["lips"] = ((lips - lips.mean(2, keepdim=True)) * face).flatten(2) * 5
        x = torch.cat([views[view] for view in self.views], -1)  # (B, T, size)
        if self.trim:  # trimmed last, so that motion is computed at the original speed
            clip = torch.arange(x.shape[0], device=x.device)[:, None]  # len(x) would fix the batch of an ONNX file
            x = x.flatten(0, 1).index_select(0, (frames + clip * x.shape[1]).flatten()).view_as(x)
        dropped: Tensor = self.view_dropout(x)
        return dropped

    def measure(self, pose: Tensor, seen: Tensor, aspect: Tensor) -> tuple[Tensor, Tensor]:
        """Returns the origin ``(B, 1, 1, 2)`` and the unit ``(B, 1, 1, 1)`` of all points."""
        if self.body_frame:
            origin, scale = body_frame(pose, seen)
        else:
            origin, scale = torch.stack([aspect, torch.ones_like(aspect)], -1) / 2, torch.ones_like(aspect)
        return origin.view(-1, 1, 1, 2), scale.view(-1, 1, 1, 1)

    def right_handed(self, body: Tensor, hands: Tensor, present: Tensor) -> tuple[Tensor, ...]:
        """Mirrors the clips in which the left hand does more: it is found more often and held higher."""
        wrists = body[:, :, WRIST_ROWS, 1]  # (B, T, 2), y down
        effort = present.to(body).mean(2) + (self.floor - wrists).clamp(0.0, self.floor).mean(1)  # (B, 2)
        left = (effort[:, 0] > effort[:, 1]).view(-1, 1, 1, 1)
        flip = body.new_tensor([-1.0, 1.0])
        return (
            torch.where(left, body[:, :, BODY_MIRROR] * flip, body),
            torch.where(left[..., None], hands.flip(1) * flip, hands),
            (left[..., 0] & present.flip(1)) | (~left[..., 0] & present),  # onnxruntime has no ``where`` of booleans
        )

    def fill_lost_hands(self, hands: Tensor, present: Tensor, body: Tensor) -> tuple[Tensor, Tensor]:
        """Fills in lost hands: ``(B, 2, T, 21, 2)`` and found ``(B, 2, T)`` to the hands and the trust ``(B, 2, T)``.

        Detectors lose fast and blurred hands, depending on the camera. The pose still contains their wrists.
        """
        wrist = body[:, :, WRIST_ROWS].transpose(1, 2)[:, :, :, None]  # (B, 2, T, 1, 2)
        rigid, trust = bridge_gaps((hands - wrist).flatten(0, 1), present.flatten(0, 1), self.gap_filling)
        trust = trust.unflatten(0, (-1, 2))
        return (rigid.unflatten(0, (-1, 2)) + wrist) * (trust > 0)[..., None, None], trust

    def touch(self, body: Tensor, hands: Tensor, real: Tensor) -> Tensor:
        """Returns the nearness of both hands to the face and shoulders, and to each other: ``(B, T, columns)``."""
        tips = hands[..., list(TOUCHING), :]  # (B, 2, T, tips, 2)
        places = body[:, None, :, PLACE_ROWS]  # (B, 1, T, places, 2)
        left, right = tips.unbind(1)
        return torch.cat([flatten_hands(nearness(tips, places, real)), nearness(left, right, real.all(1))], -1)

    def measure_motion(self, xy: Tensor) -> Tensor:
        """Returns the change of points over ``lag`` frames, scaled to four frames: ``(..., T, P, 2)`` to the same."""
        return changed(xy.flatten(-2), self.lag).unflatten(-1, xy.shape[-2:]) * (4 / self.lag)
