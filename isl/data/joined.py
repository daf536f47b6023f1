"""Joining of several datasets into one, and selection of clips from a dataset."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from isl.data.clips import Clips
from isl.data.vocabulary import spelling

Mask = npt.NDArray[np.bool_]


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
        columns={column: [cell for part in parts for cell in _column(part, column)] for column in named},
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


def _joined(parts: Sequence[tuple[Mask | None, int]]) -> Mask | None:
    if all(mask is None for mask, _ in parts):
        return None
    return np.concatenate([np.zeros(count, bool) if mask is None else mask for mask, count in parts])


def _column(clips: Clips, column: str) -> Sequence[str]:
    return clips.columns.get(column, [""] * len(clips))
