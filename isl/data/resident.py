"""Clips in the memory of a GPU, so that an epoch copies none of them there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Sampler

from isl.data.clips import Batch, Clips
from isl.data.preparation import Preparation
from isl.data.splits.groups import Indices
from isl.landmarks import CLIP_FRAMES, sample_indices

SHARE = 0.5  # of a GPU's free memory that the clips may take; the rest is for the training
AT_ONCE = 4096  # frames that are copied at a time, from the memory-mapped cache


class ResidentClips:
    """All clips on one device, with or without the face mesh. Batches equal those of ``Clips.batch``."""

    def __init__(self, clips: Clips, face: bool, device: torch.device) -> None:
        frames = clips.frames if face else clips.body
        self.device = device
        self.frames = torch.empty(frames.shape, dtype=torch.float32, device=device)  # (F, 1662) or (F, 258)
        for first in range(0, len(frames), AT_ONCE):
            self.frames[first : first + AT_ONCE] = torch.from_numpy(np.array(frames[first : first + AT_ONCE]))
        picked = lru_cache(None)(sample_indices)
        rows = [
            start + picked(int(n), CLIP_FRAMES) for start, n in zip(clips.start, np.diff(clips.start), strict=False)
        ]
        self.rows = torch.from_numpy(np.stack(rows)).to(device)  # (N, 60), indices of frames
        self.label = torch.from_numpy(clips.label).to(device)
        self.aspect = torch.from_numpy(clips.aspect).to(device)

    def batch(self, indices: Tensor) -> Batch:
        """Returns the clips at ``indices (B,)``, which lie on the device."""
        return Batch(self.frames[self.rows[indices]], self.label[indices], self.aspect[indices])


class ResidentLoader:
    """Iterates over batches of some clips in their order, or in that of ``sampler``, all on the device.

    The order of a whole epoch goes to the device at once.
    """

    def __init__(
        self,
        clips: ResidentClips,
        indices: Indices,
        batch_size: int,
        sampler: Sampler[int] | None,
        preparation: Preparation | None = None,
    ) -> None:
        self.clips, self.indices, self.batch_size, self.preparation = clips, indices, batch_size, preparation
        self.sampler = sampler  # Lightning tells it the epoch

    def __len__(self) -> int:
        return -(-(len(self.indices) if self.sampler is None else len(self.sampler)) // self.batch_size)  # type: ignore[arg-type]

    def __iter__(self) -> Iterator[Any]:
        return self.preparation.of(self._batches()) if self.preparation else self._batches()

    def _batches(self) -> Iterator[Batch]:
        order = self.indices if self.sampler is None else self.indices[np.fromiter(self.sampler, np.int64)]
        for chosen in torch.from_numpy(order).to(self.clips.device).split(self.batch_size):
            if len(chosen):
                yield self.clips.batch(chosen)


def fits(clips: Clips, face: bool, device: torch.device) -> bool:
    """Returns True if ``device`` is a GPU whose free memory holds all clips."""
    if device.type != "cuda":
        return False
    free, _ = torch.cuda.mem_get_info(device)
    return (clips.frames if face else clips.body).nbytes < SHARE * free
