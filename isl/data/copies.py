"""Detection of near copies: another number type, one frame fewer, the same video encoded or extracted again.

Two takes of a sign differ everywhere, by more than a hundredth of the picture. Two files of one take agree frame by
frame, perhaps shifted by a few frames. The most distinctive frame of each clip is therefore searched among all frames,
and only clips with a similar frame are compared as a whole. This avoids comparing each clip with all others.
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
NEAR = 0.003  # largest mean difference of a coordinate between frames of one take, as a part of the picture
CANDIDATES = 24  # similar frames that are examined for each clip


def trace(clip: Floats) -> Floats:
    """Returns x and y of the seven points of the upper body that distinguish takes, ``(T, 14)``."""
    return POSE.of(clip)[:, POINTS, :2].reshape(len(clip), -1)


def near_copies(traces: list[Floats]) -> npt.NDArray[np.int64]:
    """Returns for each clip the index of the first clip that is nearly the same, (N,): its own index if there is none.

    Clips without movement or without a person are never counted as copies.
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
    for i, neighbour in zip(moving, neighbours, strict=True):
        at = _liveliest(traces[i])[0]
        for other in neighbour[neighbour < len(owner)]:
            j, shift = int(owner[other]), int(place[other]) - at
            if j != i and _same_take(traces[i], traces[j], shift):
                a, b = sorted((_root(leader, i), _root(leader, j)))
                leader[b] = a
    return np.array([_root(leader, i) for i in range(len(traces))], np.int64)


def _liveliest(own: Floats) -> tuple[int, Floats]:
    """Returns index and values of the frame farthest from the clip's mean, the least similar to other clips' frames."""
    at = int(np.argmax(np.abs(own - own.mean(0)).sum(1)))
    return at, own[at]


def _same_take(one: Floats, other: Floats, shift: int) -> bool:
    """Returns True if ``one[t]`` is nearly ``other[t + shift]`` over most of both clips."""
    start, end = max(0, -shift), min(len(one), len(other) - shift)
    if end - start < 0.8 * max(len(one), len(other)):
        return False
    apart = np.abs(one[start:end] - other[start + shift : end + shift]).mean(0)  # (14,)
    return float(apart.mean()) < NEAR and float(apart.max()) < 2 * NEAR


def _root(leader: npt.NDArray[np.int64], i: int) -> int:
    while leader[i] != i:
        i = int(leader[i])
    return i
