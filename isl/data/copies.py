"""Clips that are nearly the same: another number type, a frame shorter, the same video encoded or extracted again.

Two takes of a sign differ everywhere, by more than a hundredth of the picture. Two files of one take agree frame by
frame, perhaps shifted by a few frames. So the middle frame of each clip is looked up among all frames, and a pair of
clips that has it in common is compared as a whole: no clip is compared with all others.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from isl.landmarks import (
    LEFT_ELBOW,
    LEFT_SHOULDER,
    LEFT_WRIST,
    NOSE,
    POSE,
    RIGHT_ELBOW,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
    Floats,
)

POINTS = (NOSE, LEFT_SHOULDER, RIGHT_SHOULDER, LEFT_ELBOW, RIGHT_ELBOW, LEFT_WRIST, RIGHT_WRIST)
NEAR = 0.003  # mean distance of a coordinate between frames of one take, in pictures
CANDIDATES = 24  # frames that are looked at for each clip


def trace(clip: Floats) -> Floats:
    """The seven points of the upper body that tell takes apart, ``(T, 14)``."""
    return POSE.of(clip)[:, POINTS, :2].reshape(len(clip), -1)


def near_copies(traces: list[Floats]) -> npt.NDArray[np.int64]:
    """For each clip the first one that it is nearly the same as, (N,): itself where there is none.

    Clips that show no movement or nobody are copies of none.
    """
    from scipy.spatial import cKDTree

    leader = np.arange(len(traces))
    moving = [i for i, own in enumerate(traces) if own.any() and float(np.ptp(own, axis=0).max(initial=0)) > 10 * NEAR]
    if len(moving) < 2:
        return leader
    lengths = [len(traces[i]) for i in moving]
    owner, place = np.repeat(moving, lengths), np.concatenate([np.arange(n) for n in lengths])
    radius = NEAR * np.sqrt(traces[0].shape[1])
    tree = cKDTree(np.concatenate([traces[i] for i in moving]))
    middles = np.stack([_liveliest(traces[i])[1] for i in moving])
    _, neighbours = tree.query(middles, k=min(CANDIDATES, len(owner)), distance_upper_bound=2 * radius)
    for i, found in zip(moving, neighbours, strict=True):
        at = _liveliest(traces[i])[0]
        for other in found[found < len(owner)]:
            j, shift = int(owner[other]), int(place[other]) - at
            if j != i and _same_take(traces[i], traces[j], shift):
                a, b = sorted((_root(leader, i), _root(leader, j)))
                leader[b] = a
    return np.array([_root(leader, i) for i in range(len(traces))], np.int64)


def _liveliest(own: Floats) -> tuple[int, Floats]:
    """The frame farthest from the clip's mean, which is the least like the frames of others."""
    at = int(np.argmax(np.abs(own - own.mean(0)).sum(1)))
    return at, own[at]


def _same_take(one: Floats, other: Floats, shift: int) -> bool:
    """Whether ``one[t]`` is ``other[t + shift]`` for most of the two."""
    start, end = max(0, -shift), min(len(one), len(other) - shift)
    if end - start < 0.8 * max(len(one), len(other)):
        return False
    apart = np.abs(one[start:end] - other[start + shift : end + shift]).mean(0)  # (14,)
    return float(apart.mean()) < NEAR and float(apart.max()) < 2 * NEAR


def _root(leader: npt.NDArray[np.int64], i: int) -> int:
    while leader[i] != i:
        i = int(leader[i])
    return i
