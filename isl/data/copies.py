"""Detection of near copies: another number type, a few frames fewer, the same video encoded or extracted again.

Two takes of a sign differ everywhere, by more than a hundredth of the picture; two files of one take agree frame by
frame. Clips are compared twice: as a whole at 16 equal times, so that the number of frames does not matter, and around
their most distinctive frames, so that an end that was cut off does not matter. Both comparisons search neighbours in a
few principal components, which keep most of the distance, and look at the neighbours alone in full.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

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
FAR = 100.0  # of picture widths: no landmarks
TIMES = 16  # of a whole clip
AROUND = np.arange(-3, 4)
PEAKS = 3  # distinctive frames of a clip
COMPONENTS = 16  # principal components of the search
CLIPS, PAIRS = 2048, 16384  # searched and compared at once; they limit the memory

Indices = npt.NDArray[np.int64]


def trace(clip: Floats) -> Floats:
    """Returns x and y of the seven points of the upper body that distinguish takes, ``(T, 14)``."""
    return POSE.of(clip)[:, POINTS, :2].reshape(len(clip), -1)


def near_copies(traces: list[Floats]) -> Indices:
    """Returns for each clip the index of the first clip that is nearly the same, (N,): its own index if there is none.

    Clips without movement or without a person are never counted as copies.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    spans = [float(np.ptp(own, axis=0).max(initial=0)) for own in traces]
    moving = [i for i, span in enumerate(spans) if 10 * NEAR < span < FAR]
    first: dict[bytes, int] = {}
    pairs = [(i, first.setdefault(traces[i].tobytes(), i)) for i in moving]
    distinct = sorted(first.values())
    pairs += [(distinct[i], distinct[j]) for i, j in _same_takes([traces[i] for i in distinct])]
    one, other = np.array(pairs, np.int64).reshape(-1, 2).T
    graph = coo_array((np.ones(len(one), bool), (one, other)), shape=(len(traces),) * 2)
    _, group = connected_components(graph, directed=False)
    _, leader = np.unique(group, return_index=True)
    return leader[group].astype(np.int64)


def _same_takes(traces: list[Floats]) -> Iterator[tuple[int, int]]:
    """Yields pairs of clips of one take."""
    if len(traces) < 2:
        return
    whole = np.stack([_at(own, np.linspace(0, len(own) - 1, TIMES)) for own in traces])  # (N, TIMES, 14)
    clips = np.arange(len(traces))
    for i, j in _neighbours(whole):
        apart = np.abs(whole[i] - whole[j]).mean(1)  # (pairs, 14)
        same = _is_near(apart)
        yield from zip(i[same].tolist(), j[same].tolist(), strict=True)
    peaks = [_peaks(own) for own in traces]
    place = np.concatenate(peaks)
    owner = np.repeat(clips, [len(own) for own in peaks])
    windows = np.concatenate([_at(own, at[:, None] + AROUND) for own, at in zip(traces, peaks, strict=True)])
    for a, b in _neighbours(windows):
        for i, j, shift in zip(owner[a].tolist(), owner[b].tolist(), (place[b] - place[a]).tolist(), strict=True):
            if i != j and any(_agree(traces[i], traces[j], shift + step) for step in (0, -1, 1)):
                yield i, j


def _at(own: Floats, places: npt.NDArray[Any]) -> Floats:
    """Returns the trace between frames, at ``places (..., K)``, (..., K, 14); before the first frame is the first."""
    places = np.clip(places, 0, len(own) - 1)
    below = places.astype(np.int64)
    part = (places - below)[..., None].astype(np.float32)
    result: Floats = own[below] * (1 - part) + own[np.minimum(below + 1, len(own) - 1)] * part
    return result


def _peaks(own: Floats) -> Indices:
    """Returns the frames farthest from the clip's mean, the farthest first: the least similar to others."""
    far = np.abs(own - own.mean(0)).sum(1)
    padded = np.pad(far, 1, constant_values=-1)
    at = np.flatnonzero((far > padded[:-2]) & (far >= padded[2:]))
    return at[np.argsort(-far[at], kind="stable")[:PEAKS]]


def _neighbours(rows: Floats) -> Iterator[tuple[Indices, Indices]]:
    """Yields pairs of indices of the ``rows (N, ..., 14)`` that are similar, in blocks."""
    from scipy.spatial import cKDTree

    flat = rows.reshape(len(rows), -1)
    centred = flat - flat.mean(0)
    _, axes = np.linalg.eigh(centred.T @ centred)
    few = centred @ axes[:, -COMPONENTS:]
    tree, radius = cKDTree(few), 1.5 * NEAR * np.sqrt(flat.shape[1])
    for start in range(0, len(rows), CLIPS):
        neighbours = tree.query_ball_point(few[start : start + CLIPS], radius)
        one = np.repeat(np.arange(start, start + len(neighbours)), [len(near) for near in neighbours])
        other = np.concatenate([np.asarray(near, np.int64) for near in neighbours])
        for part in range(0, len(one), PAIRS):  # crowded clips have many neighbours in a few components
            a, b = one[part : part + PAIRS], other[part : part + PAIRS]
            near = (a < b) & (np.square(flat[a] - flat[b]).sum(1) < radius**2)
            yield a[near], b[near]


def _agree(one: Floats, other: Floats, shift: int) -> bool:
    """Returns True if ``one[t]`` is nearly ``other[t + shift]`` over most of both clips."""
    start, end = max(0, -shift), min(len(one), len(other) - shift)
    if end - start < 0.8 * max(len(one), len(other)):
        return False
    return bool(_is_near(np.abs(one[start:end] - other[start + shift : end + shift]).mean(0)))


def _is_near(apart: Floats) -> npt.NDArray[np.bool_]:
    """Returns True where the mean differences of the 14 coordinates, (..., 14), are those of one take."""
    result: npt.NDArray[np.bool_] = (apart.mean(-1) < NEAR) & (apart.max(-1) < 2 * NEAR)
    return result
