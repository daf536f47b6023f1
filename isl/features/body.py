"""The raw numbers and the plain body frame: the baselines of all feature sets."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from isl import landmarks as lm
from isl.errors import InputError
from isl.features.feature_set import Features
from isl.features.measure import SMALLEST, body_frame
from isl.features.measure import points as part_points
from isl.skeleton import Skeleton, consecutive, points_of

# Groups of points that can be chosen as inputs: the part of the body, and the points of it
GROUPS: dict[str, tuple[lm.Part, tuple[int, ...]]] = {
    "nose": (lm.POSE, (lm.NOSE,)),
    "arms": (
        lm.POSE,
        (lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER, lm.LEFT_ELBOW, lm.RIGHT_ELBOW, lm.LEFT_WRIST, lm.RIGHT_WRIST),
    ),
    "upper_body": (lm.POSE, lm.UPPER_BODY),
    "lips": (lm.FACE, lm.LIPS),
    "eyes": (lm.FACE, lm.EYES),
    "brows": (lm.FACE, lm.BROWS),
    "left_hand": (lm.LEFT_HAND, tuple(range(lm.LEFT_HAND.points))),
    "right_hand": (lm.RIGHT_HAND, tuple(range(lm.RIGHT_HAND.points))),
}
HANDS = ("left_hand", "right_hand")
BODY = (lm.POSE, lm.LEFT_HAND, lm.RIGHT_HAND)


class RawFeatures(Features):
    """The 1,662 raw numbers, Insignia's input. They depend on the signer's position in the picture."""

    version = 1
    framewise = True

    def __init__(self) -> None:
        super().__init__()
        self.size = lm.FRAME_SIZE
        self.views = {part.name: part.size for part in lm.PARTS}

    @property
    def skeleton(self) -> Skeleton:
        """Returns the columns of the points of body and hands, without visibility and without the face mesh."""
        numbers = range(lm.FRAME_SIZE)
        return Skeleton.of(
            [{(part, i): numbers[part.slice][i * part.dims :][:3] for part in BODY for i in range(part.points)}]
        )

    def forward(self, landmarks: Tensor, aspect: Tensor) -> Tensor:
        """``(B, T, 1662)`` to ``(B, T, 1662)``."""
        return landmarks


class BodyFeatures(Features):
    """Chosen points in the body frame: the same if the signer is shifted, scaled or filmed in another aspect.

    x is first multiplied by the picture's aspect, so that both axes have the same unit. The origin is the midpoint of
    the shoulders and the unit is their distance, both as medians over the clip: a jittering shoulder does not move the
    origin, and the leaning of the body is kept. Missing points are zero in all views.

    Args:
        parts: names of ``GROUPS``, in the order of the features.
        hand_frames: add each hand relative to its own wrist, in units of its palm (wrist to root of the middle finger).
        motion: lags in frames; for each lag, the change of every point over it.
        presence: add a flag for each part that can be missing.

    Source: body and per-part frames as in SignBart (2025), motion channels as in the Kaggle ISLR 2023 winner.
    """

    version = 2
    framewise = False

    def __init__(
        self,
        parts: Sequence[str] = ("nose", "arms", "lips", *HANDS),
        hand_frames: bool = True,
        motion: Sequence[int] = (2,),
        presence: bool = True,
    ) -> None:
        super().__init__()
        unknown = [name for name in parts if str(name) not in GROUPS]
        if unknown or not parts:
            raise InputError(f"features.parts={list(parts)}: choose from {', '.join(GROUPS)}")
        if any(not isinstance(lag, int) or lag < 1 for lag in motion):
            raise InputError(f"features.motion={list(motion)}: lags are whole numbers of frames, 1 or more")
        self.parts = list(parts)
        self.hands = [name for name in HANDS if name in parts] if hand_frames else []
        self.reads_face = any(GROUPS[name][0] is lm.FACE for name in self.parts)
        self.motion = list(motion)
        self.presence = presence
        points = 2 * sum(len(GROUPS[name][1]) for name in self.parts)
        views = {
            "position": points,
            "motion": points * len(self.motion),
            "shape": 2 * lm.LEFT_HAND.points * len(self.hands),
            "presence": len(self.parts) * presence,
        }
        self.views = {view: width for view, width in views.items() if width}
        self.size = sum(self.views.values())

    @property
    def skeleton(self) -> Skeleton:
        """Returns the columns of the points of body and hands in the body frame, in motion, and in the hand's frame."""
        points = [point for name in self.parts for point in points_of(*GROUPS[name])]
        views = [consecutive(points, 2 * len(points) * i) for i in range(1 + len(self.motion))]
        own = [point for name in self.hands for point in points_of(*GROUPS[name])]
        if own:
            views.append(consecutive(own, 2 * len(points) * len(views)))
        return Skeleton.of([{point: at for point, at in view.items() if point[0] in BODY} for view in views])

    def forward(self, landmarks: Tensor, aspect: Tensor) -> Tensor:
        """``(B, T, 1662)`` and ``(B,)`` to ``(B, T, size)``."""
        origin, unit = body_frame(part_points(landmarks, lm.POSE, aspect), lm.is_found(landmarks, lm.POSE))
        lost = unit <= SMALLEST  # no person in the clip, or a signer seen from the side: use the picture's frame
        origin = torch.where(lost[:, None], torch.stack([aspect, torch.ones_like(aspect)], -1) / 2, origin)
        unit = torch.where(lost, torch.ones_like(unit), unit)
        origin, unit = origin[:, None, None], unit[:, None, None, None]  # (B, 1, 1, 2), (B, 1, 1, 1)
        body, own, here = [], [], []
        for name in self.parts:
            part, points = GROUPS[name]
            xy = part_points(landmarks, part, aspect)[:, :, list(points)]  # (B, T, P, 2)
            seen = lm.is_found(landmarks, part)[..., None, None]  # (B, T, 1, 1)
            body.append((xy - origin) / unit * seen)
            here.append(seen.expand(*xy.shape[:3], 1))
            if name in self.hands:
                own.append(_hand_frame(xy) * seen)
        position = torch.cat(body, 2)  # (B, T, sum P, 2)
        present = torch.cat(here, 2)  # (B, T, sum P, 1)

        channels = [position, *(_change(position, present, lag) for lag in self.motion), *own]
        flat = [channel.flatten(2) for channel in channels]
        if self.presence:
            flat.append(torch.cat([seen[:, :, 0] for seen in here], -1).to(landmarks.dtype))  # (B, T, parts)
        return torch.cat(flat, -1)  # (B, T, size)


def _hand_frame(xy: Tensor) -> Tensor:
    """Returns a hand ``(B, T, 21, 2)`` relative to its wrist, in units of its palm."""
    centred = xy - xy[:, :, lm.WRIST, None]
    palm = centred[:, :, lm.MIDDLE_ROOT, None].norm(dim=-1, keepdim=True)  # (B, T, 1, 1)
    return centred / palm.clamp_min(1e-3)


def _change(position: Tensor, present: Tensor, lag: int) -> Tensor:
    """Returns each point's change over ``lag`` frames; zero if either end is missing or lies before the clip."""
    moved = torch.zeros_like(position)
    moved[:, lag:] = (position[:, lag:] - position[:, :-lag]) * (present[:, lag:] & present[:, :-lag])
    return moved
