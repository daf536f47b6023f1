"""A dataset in memory: the frames of all clips in one array, and one entry of facts per clip."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import numpy.typing as npt

from isl.data.cache import check_whole
from isl.data.vocabulary import spelling
from isl.landmarks import CLIP_FRAMES, Floats, sample_indices, without_face

if TYPE_CHECKING:
    from torch import Tensor

Mask = npt.NDArray[np.bool_]

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
    digest: list[str]  # (N,): a checksum, equal for copies of one clip
    columns: dict[str, list[str]] = field(default_factory=dict)  # further columns of clips.csv, "" where empty
    unstable: list[str] = field(default_factory=list)  # words whose clips are not all the same movement
    mapped_body: Floats | None = None  # `body`, where it is mapped from the cache
    shapeless: Mask | None = None  # (N,): True where the aspect is unknown; None: all are known

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


def check_folders(*sources: object) -> None:
    """Raises ``InputError`` if a source's folder is missing; reads no clip. Generated clips have no folder."""
    for source in sources:
        if hasattr(source, "check"):
            source.check()


def join(first: Clips, *others: Clips) -> Clips:
    """Joins several datasets into one.

    Words with the same spelling (``thank_you``, ``Thankyou``) become one word, under the name that came first. The
    words of ``first`` keep their labels; new words follow in their own order, and so do clips. Columns that a dataset
    lacks are empty for its clips.
    """
    parts = (first, *others)
    words = list(first.words)
    place = {spelling(word): label for label, word in enumerate(words)}
    labels = []
    for part in parts:
        for word in part.words:
            if spelling(word) not in place:
                place[spelling(word)] = len(words)
                words.append(word)
        index = np.array([place[spelling(word)] for word in part.words], np.int64)
        labels.append(index[part.label])
    lengths = np.concatenate([np.diff(part.start) for part in parts])
    named = sorted({column for part in parts for column in part.columns})
    mapped = [part.mapped_body for part in parts if part.mapped_body is not None]
    return Clips(
        words=words,
        frames=np.concatenate([part.frames for part in parts]),
        start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        label=np.concatenate(labels),
        name=[name for part in parts for name in part.name],
        aspect=np.concatenate([part.aspect for part in parts]),
        seconds=np.concatenate([part.seconds for part in parts]),
        digest=[digest for part in parts for digest in part.digest],
        columns={
            column: [cell for part in parts for cell in part.columns.get(column, [""] * len(part))] for column in named
        },
        unstable=list(dict.fromkeys(word for part in parts for word in part.unstable)),
        mapped_body=np.concatenate(mapped) if len(mapped) == len(parts) else None,
        shapeless=_joined([(part.shapeless, len(part)) for part in parts]),
    )


def only(clips: Clips, chosen: Mask) -> Clips:
    """Returns the clips where ``chosen (N,)`` is True, with their words; ``clips`` unchanged if all are chosen.

    The frames are copied, so that the other clips need no memory.
    """
    if chosen.all():
        return clips
    kept = np.flatnonzero(chosen)
    present = np.unique(clips.label[kept])
    label = np.full(len(clips.words), -1, np.int64)
    label[present] = np.arange(len(present))
    lengths = np.diff(clips.start)[kept]
    rows = [clips.clip(i) for i in kept]
    return replace(
        clips,
        words=[clips.words[i] for i in present],
        frames=np.concatenate(rows) if rows else clips.frames[:0],
        start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        label=label[clips.label[kept]],
        name=[clips.name[i] for i in kept],
        aspect=clips.aspect[kept],
        seconds=clips.seconds[kept],
        digest=[clips.digest[i] for i in kept],
        columns={column: [cells[i] for i in kept] for column, cells in clips.columns.items()},
        unstable=[word for word in clips.unstable if word in {clips.words[i] for i in present}],
        mapped_body=None,
        shapeless=None if clips.shapeless is None else clips.shapeless[kept],
    )


def _joined(masks: Sequence[tuple[Mask | None, int]]) -> Mask | None:
    """Returns masks one after another; None stands for a mask of zeros of the given length."""
    if all(mask is None for mask, _ in masks):
        return None
    return np.concatenate([np.zeros(count, bool) if mask is None else mask for mask, count in masks])
