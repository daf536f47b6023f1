"""Detection of near copies: another number type, a few frames fewer, the same video encoded or extracted again.

Two takes of a sign differ everywhere, by more than a hundredth of the picture; two files of one take agree frame by
frame. Clips are compared twice: as a whole at 16 equal times, so that the number of frames does not matter, and around
their most distinctive frames, so that an end that was cut off does not matter. Both comparisons search neighbours in a
few principal components, which keep most of the distance, and look at the neighbours alone in full.
"""

from __future__ import annotations

import tempfile
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from hashlib import blake2b
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


class Traces(Sequence[Floats]):
    """The traces of many clips, in a temporary file that is mapped into memory."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - deleted with this object
        self._ends = array("q", [0])  # in frames

    def append(self, own: Floats) -> None:
        self._file.write(np.ascontiguousarray(own, np.float32).data)
        self._ends.append(self._ends[-1] + len(own))

    def __len__(self) -> int:
        return len(self._ends) - 1

    @cached_property
    def _frames(self) -> Floats:
        self._file.flush()
        return np.memmap(self._file, np.float32, "r").reshape(-1, 2 * len(POINTS)).view(np.ndarray)

    def __getitem__(self, i: Any) -> Any:
        start, end = self._ends[i], self._ends[i + 1]
        return self._frames[start:end]


def near_copies(traces: Sequence[Floats]) -> Indices:
    """Returns for each clip the index of the first clip that is nearly the same, (N,): its own index if there is none.

    Clips without movement or without a person are never counted as copies. What is computed of all clips is kept in
    temporary files (``_stored``), so that the memory hardly grows with their number.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    spans = [float(np.ptp(own, axis=0).max(initial=0)) for own in traces]
    moving = np.array([i for i, span in enumerate(spans) if 10 * NEAR < span < FAR], np.int64)
    marks = b"".join(blake2b(traces[i].tobytes(), digest_size=16).digest() for i in moving)
    _, first, equal = np.unique(np.frombuffer(marks, "V16"), return_index=True, return_inverse=True)
    equals = np.stack([moving, moving[first][equal]], 1)  # each clip, and the first of those that are the same
    takes = np.array([*_same_takes(traces, moving[np.sort(first)])], np.int64).reshape(-1, 2)
    one, other = np.concatenate([equals, takes]).T
    graph = coo_array((np.ones(len(one), bool), (one, other)), shape=(len(traces),) * 2)
    _, group = connected_components(graph, directed=False)
    _, leader = np.unique(group, return_index=True)
    return leader[group].astype(np.int64)


def _same_takes(traces: Sequence[Floats], clips: Indices) -> Iterator[tuple[int, int]]:
    """Yields pairs of the ``clips``, indices of ``traces``, that are of one take."""
    if len(clips) < 2:
        return
    whole = _stored(_at(own, np.linspace(0, len(own) - 1, TIMES))[None] for own in map(traces.__getitem__, clips))
    for i, j in _neighbours(whole):
        same = _is_near(np.abs(whole[i] - whole[j]).mean(1))
        yield from zip(clips[i[same]].tolist(), clips[j[same]].tolist(), strict=True)
    peaks = [_peaks(traces[i]) for i in clips]
    place = np.concatenate(peaks)
    owner = np.repeat(clips, [len(own) for own in peaks])
    windows = _stored((_at(traces[i], at[:, None] + AROUND) for i, at in zip(clips, peaks, strict=True)))
    for a, b in _neighbours(windows):
        for i, j, shift in zip(owner[a].tolist(), owner[b].tolist(), (place[b] - place[a]).tolist(), strict=True):
            if i != j and any(_agree(traces[i], traces[j], shift + step) for step in (0, -1, 1)):
                yield i, j


def _stored(parts: Iterable[Floats]) -> Floats:
    """Returns the concatenation of arrays ``(n, K, 14)``, mapped from a temporary file."""
    with tempfile.TemporaryFile() as file:
        for part in parts:
            file.write(np.ascontiguousarray(part, np.float32).data)
        file.flush()
        return np.memmap(file, np.float32, "r").reshape(-1, *part.shape[1:]).view(np.ndarray)


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
    mean = flat.mean(0)
    blocks = [slice(start, start + CLIPS) for start in range(0, len(rows), CLIPS)]
    _, axes = np.linalg.eigh(sum((flat[block] - mean).T @ (flat[block] - mean) for block in blocks))
    few = np.empty((len(rows), min(COMPONENTS, len(mean))))  # of float64, as the tree has them, so that it copies none
    for block in blocks:
        few[block] = (flat[block] - mean) @ axes[:, -COMPONENTS:]
    tree, radius = cKDTree(few), 1.5 * NEAR * np.sqrt(flat.shape[1])
    for block in blocks:
        neighbours = tree.query_ball_point(few[block], radius)
        one = np.repeat(np.arange(len(rows))[block], [len(near) for near in neighbours])
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
