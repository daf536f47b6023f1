"""Anatomy of landmarks: the face lies at the pose's nose, each hand at its wrist, eyes and mouth around the nose."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt

from isl import landmarks as lm
from isl.data.formats.contract import Array, Parts, RawClip
from isl.data.formats.reading import is_missing, parts_of
from isl.landmarks import FACE, LEFT_HAND, NOSE, POSE, RIGHT_HAND, WRIST, Part

AWAY = 0.6  # misfit of a part that is not at its place
THIN = 0.02  # extent of a body across, as a part of that along it; of recordings it is over 0.1
MOST_OF = 0.7  # share of the clips or frames that must agree before anything is corrected
WRISTS = {LEFT_HAND: lm.LEFT_WRIST, RIGHT_HAND: lm.RIGHT_WRIST}

Order = tuple[Part, ...]


def found_parts(clip: RawClip, order: Order | None) -> Parts:
    """Returns the parts of a clip, with zeros for missing ones."""
    parts = parts_of(clip, "", order)
    return {part: np.nan_to_num(np.where(is_missing(own)[:, None, None], 0, own)) for part, own in parts.items()}


def agree(votes: list[bool]) -> bool:
    """Returns True if most of the votes, at least one, are True."""
    return bool(votes) and sum(votes) >= MOST_OF * len(votes)


def misfit(clip: RawClip, order: Order) -> float:
    """Returns the misfit of the parts in this order, 0 to 1: their distance from their place, in shoulder widths."""
    costs = list(_costs(clip, order).values())
    return float(np.nanmean(np.concatenate(costs))) if costs else float("nan")


def _costs(clip: RawClip, order: Order | None) -> dict[str, npt.NDArray[np.float64]]:
    """Returns for each part, by name, its misfit in the frames with a pose; the head stands for the pose's own points.

    It is NaN where the part is missing or relative to its own origin. There are no parts if no frame has a pose.
    """
    parts = found_parts(clip, order)
    pose = parts[POSE]
    seen = pose[..., :2].any((1, 2))
    if not seen.any():
        return {}
    pose = pose[seen]
    width = np.linalg.norm(pose[:, lm.LEFT_SHOULDER, :2] - pose[:, lm.RIGHT_SHOULDER, :2], axis=-1)
    tall = np.linalg.norm(
        (pose[:, lm.LEFT_SHOULDER, :2] + pose[:, lm.RIGHT_SHOULDER, :2]) / 2 - pose[:, NOSE, :2], axis=-1
    )
    scale = np.maximum(np.maximum(width, tall), 1e-9)
    costs = {"head": np.where(_head_together(pose, scale), 0.0, 1.0)}
    if pose.shape[2] == POSE.dims:
        costs["visibility"] = np.where(((pose[..., 3] > -0.01) & (pose[..., 3] < 1.01)).all(1), 0.0, 1.0)
    if FACE in parts:
        costs["face"] = _distance(parts[FACE][seen], lm.NOSE_RIDGE[0], pose[:, NOSE], scale)
    for hand, own in WRISTS.items():
        if hand in parts:
            costs[hand.name.replace("_", " ")] = _distance(parts[hand][seen], WRIST, pose[:, own], scale)
    return costs


def misplaced_parts(samples: list[RawClip], order: Order | None) -> list[str]:
    """Returns the names of the parts that are not at their place in most of the clips that have them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a part that is missing in a whole clip has no mean
        means = [{name: float(np.nanmean(cost)) for name, cost in _costs(clip, order).items()} for clip in samples]
    names = dict.fromkeys(name for own in means for name in own if name != "visibility")
    costs = {name: [own[name] for own in means if name in own and not np.isnan(own[name])] for name in names}
    return [name for name, values in costs.items() if agree([value > AWAY for value in values])]


def has_own_origin(clip: RawClip, hand: Part, order: Order | None) -> bool:
    """Returns True if the hand's wrist is the origin in all frames that have the hand."""
    points = found_parts(clip, order).get(hand, np.zeros((1, 1, 2)))[..., :2]
    present = points.any((1, 2))
    return bool(present.any()) and not points[present, WRIST].any()


def _head_together(pose: Array, scale: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Returns True where eyes, ears and mouth are within a shoulder width of the nose, and the body is not a line."""
    head = np.linalg.norm(pose[:, 1 : lm.LEFT_SHOULDER, :2] - pose[:, :1, :2], axis=-1).max(1)
    around = pose[..., :2] - pose[..., :2].mean(1, keepdims=True)
    across = np.linalg.svd(around, compute_uv=False)  # (T, 2): extent along the body, and across
    return (head < 0.75 * scale) & (across[:, 1] > THIN * across[:, 0])


def _distance(points: Array, which: int, target: Array, scale: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Returns the distance of a part's point from its place, 0 to 1; NaN if the part is missing or relative to it."""
    point = points[:, which, :2]
    far = np.minimum(np.linalg.norm(point - target[:, :2], axis=-1) / scale, 1.0)
    return np.where(point.any(-1), far, np.nan)
