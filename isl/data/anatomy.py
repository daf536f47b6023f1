"""Anatomy of landmarks: the face lies at the pose's nose, each hand at its wrist, eyes and mouth around the nose."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import permutations

import numpy as np
import numpy.typing as npt

from isl import landmarks as lm
from isl.data.formats.contract import Array, Parts, RawClip
from isl.data.formats.reading import is_missing, parts_of
from isl.data.formats.shapes import blocks_of, usual_order
from isl.landmarks import FACE, LEFT_HAND, NOSE, POSE, RIGHT_HAND, WRIST, Part

CLEARLY = 0.15  # least difference in misfit by which another order must fit better; the misfit is at most 1
FITS = 0.4  # largest misfit of an accepted order
AWAY = 0.6  # misfit of a part that is not at its place
WIDER = 3.0  # factor by which hands and faces become wider if their numbers are arranged rightly; of sound files 1.5
THIN = 0.02  # extent of a body across, as a part of that along it; of recordings it is over 0.1
MOST_OF = 0.7  # share of the clips or frames that must agree before anything is corrected
WRISTS = {LEFT_HAND: lm.LEFT_WRIST, RIGHT_HAND: lm.RIGHT_WRIST}

Order = tuple[Part, ...]


@lru_cache(128)
def found_parts(clip: RawClip, order: Order | None) -> Parts:
    """Returns the parts of a clip, with zeros for missing ones. Kept for the further checks of the same survey."""
    parts = parts_of(clip, "", order)
    return {part: np.nan_to_num(np.where(is_missing(own)[:, None, None], 0, own)) for part, own in parts.items()}


def agree(votes: list[bool]) -> bool:
    """Returns True if most of the votes, at least one, are True."""
    return bool(votes) and sum(votes) >= MOST_OF * len(votes)


def misfit(clip: RawClip, order: Order | None) -> float:
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


def own_origins(samples: list[RawClip], order: Order | None) -> int:
    """Returns the number of hands whose wrist is the origin in all frames of a clip that have the hand."""
    clips = [found_parts(clip, order) for clip in samples]
    hands = [parts[hand][..., :2] for parts in clips for hand in WRISTS if hand in parts]
    present = [points[points.any((1, 2))] for points in hands]
    return sum(len(points) > 0 and not points[:, WRIST].any() for points in present)


def best_order(samples: list[RawClip]) -> Order | None:
    """Returns the order that fits clearly better than the usual one; None if there is none."""
    arrays = [clip for clip in samples if not isinstance(clip.values, dict)]
    if not arrays or len({clip.values.shape[1:] for clip in arrays}) > 1:  # type: ignore[union-attr]
        return None
    shape = arrays[0].values.shape  # type: ignore[union-attr]
    usual = usual_order(blocks_of(shape, None, ""), shape)
    as_usual = np.array([misfit(clip, usual) for clip in arrays])
    judged = ~np.isnan(as_usual)
    if not judged.any() or float(as_usual[judged].mean()) <= CLEARLY:  # no order can fit clearly better
        return None
    others = (order for order in permutations(usual) if order != usual)
    costs = {usual: as_usual} | {order: np.array([misfit(clip, order) for clip in arrays]) for order in others}
    mean = {order: float(np.nan_to_num(cost[judged], nan=1.0).mean()) for order, cost in costs.items()}
    best = min(mean, key=lambda order: (round(mean[order], 6), order != usual))
    fits = mean[usual] - mean[best] > CLEARLY and mean[best] < FITS and not misplaced_parts(arrays, best)
    return best if fits else None


def are_in_blocks(samples: list[RawClip], order: Order | None) -> bool:
    """Returns True if files have all x of a part, or of a frame, before all y and all z, and not x, y, z of each point.

    They then fit a body clearly better when they are rearranged. Where there is no body, hands and faces become wider:
    if x and y of a point are two numbers of one kind, such as two x, all points are near a line.
    """
    flat = [clip for clip in samples if not isinstance(clip.values, dict) and clip.values.ndim == 2]
    if not flat:
        return False
    if POSE not in parts_of(flat[0], ""):
        return agree([_widens(clip) for clip in flat])
    usual, chosen = _mean_misfit(flat, None), _mean_misfit(flat, order)
    others = zip(*(tuple(_rearranged(clip)) for clip in flat), strict=True) if usual > CLEARLY else ()
    return any(_mean_misfit(clips, None) < min(FITS, usual - CLEARLY, chosen) for clips in others)


def _mean_misfit(clips: Iterable[RawClip], order: Order | None) -> float:
    return float(np.nan_to_num([misfit(clip, order) for clip in clips], nan=1.0).mean())


def _rearranged(clip: RawClip) -> Iterator[RawClip]:
    """Yields a clip point by point: as its file has all x, all y, all z of each part; and as it has them of a frame."""
    values = np.asarray(clip.values)
    blocks, columns = blocks_of(values.shape, None, ""), np.arange(values.shape[1])
    axes = [(i, axis) for i, (_, _, dims) in enumerate(blocks) for axis in range(dims)]
    for stored in (axes, sorted(axes, key=lambda place: place[1])):
        ends = np.cumsum([blocks[i][1] for i, _ in stored])
        own = dict(zip(stored, np.split(columns, ends[:-1]), strict=True))
        parts = [np.stack([own[i, axis] for axis in range(dims)], -1).ravel() for i, (_, _, dims) in enumerate(blocks)]
        yield replace(clip, values=values[:, np.concatenate(parts)])


def _widens(clip: RawClip) -> bool:
    """Returns True if a hand or a face is far wider in a rearranged clip than as its file has it."""
    stored = {part: _width(points) for part, points in parts_of(clip, "").items()}
    others = [{part: _width(points) for part, points in parts_of(other, "").items()} for other in _rearranged(clip)]
    return any(own[part] > WIDER * width for own in others for part, width in stored.items())  # False for NaN


def _width(points: Array) -> float:
    """Returns the extent of a part across, as a share of that along it, in the middle of the frames that have it."""
    points = points[~is_missing(points)]
    if not len(points) or points.shape[2] == 2:  # x and y alone may look as narrow
        return math.nan
    extent = np.linalg.svd(np.nan_to_num(points - points.mean(1, keepdims=True))[..., :2], compute_uv=False)  # (T, 2)
    return float(np.median(extent[:, 1] / np.maximum(extent[:, 0], 1e-9)))


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
