"""A dataset in memory: the frames of all clips in one array, and one entry of facts per clip."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from isl.data.cache import check_whole
from isl.landmarks import CLIP_FRAMES, Floats, sample_indices, without_face

if TYPE_CHECKING:
    from torch import Tensor

TIMES = "times"  # a column of clips.csv: number of times that an epoch has the clip; empty means once
SHARE = "share"  # a column of several sources' clips: name of the source and its part of an epoch, "greetings 0.42"


class Batch(NamedTuple):
    """A batch of the data module, as networks are trained on it."""

    landmarks: Tensor  # (B, 60, 1662) float32, raw MediaPipe image coordinates; (B, 60, 258) without the face
    label: Tensor  # (B,) int64, an index into `Clips.words`
    aspect: Tensor  # (B,) float32, width over height of the clip's picture; 1 where unknown


@dataclass(frozen=True)
class Clips:
    """A dataset in memory, or mapped from the cache: N clips of any length, their frames one after another."""

    words: list[str]  # ordered by name; `label` is an index into this list, and checkpoints keep the order
    frames: Floats  # (sum of all lengths, 1662)
    start: npt.NDArray[np.int64]  # (N + 1,): clip i is frames[start[i]:start[i + 1]]
    label: npt.NDArray[np.int64]  # (N,)
    name: list[str]  # (N,): "<word>/<clip>", as on disk, without the suffix
    aspect: Floats  # (N,): width over height of the picture; 1 where unknown
    seconds: Floats  # (N,): length in time; NaN where unknown
    digest: list[str]  # (N,): a checksum of the clip's frames, equal for copies of one clip
    columns: dict[str, list[str]] = field(default_factory=dict)  # further columns of clips.csv, "" where empty
    unstable: list[str] = field(default_factory=list)  # words whose clips are not all the same movement
    mapped_body: Floats | None = None  # `body`, where it is mapped from the cache
    shapeless: npt.NDArray[np.bool_] | None = None  # (N,): True where the aspect is unknown; None: all are known

    def __len__(self) -> int:
        return len(self.label)

    @cached_property
    def body(self) -> Floats:
        """The frames without the face mesh, ``(sum of all lengths, 258)``: a sixth of the numbers."""
        return without_face(self.frames) if self.mapped_body is None else self.mapped_body

    def assumptions(self, chosen: npt.NDArray[np.int64]) -> list[str]:
        """Returns a line for each fact of the ``chosen`` clips that is unknown and assumed, with its option."""
        lines = []
        if self.shapeless is not None and (count := int(self.shapeless[chosen].sum())):
            lines.append(f"width over height of the pictures of {count} clips is unknown: 1 is assumed (data.aspect=)")
        if count := int(np.isnan(self.seconds[chosen]).sum()):
            what = "2 seconds are assumed" if count == len(chosen) else "the others' median is assumed"
            lines.append(f"length in time of {count} clips is unknown: {what} (data.seconds=)")
        return lines

    def clip(self, i: int) -> Floats:
        """Returns clip ``i`` as it was stored: ``(T, 1662)``."""
        check_whole(self.frames)
        return self.frames[self.start[i] : self.start[i + 1]]

    def batch(self, indices: npt.ArrayLike, face: bool = True) -> Batch:
        """Returns the clips at ``indices``, each resampled to 60 frames, as one batch; with or without the face."""
        import torch  # here, so that a folder that is missing is refused without it

        frames = self.frames if face else self.body
        check_whole(frames)
        chosen = np.asarray(indices, dtype=np.int64)
        first, length = self.start[chosen], np.diff(self.start)[chosen]
        rows = first[:, None] + np.stack([sample_indices(n, CLIP_FRAMES) for n in length])  # (B, 60)
        return Batch(
            landmarks=torch.from_numpy(np.asarray(frames[rows])),
            label=torch.from_numpy(self.label[chosen]),
            aspect=torch.from_numpy(self.aspect[chosen]),
        )


def any_changed(sources: Iterable[object]) -> bool:
    """Returns True if the files of a source were changed since it was loaded. Generated clips have no files."""
    return any(source.changed() for source in sources if hasattr(source, "changed"))
