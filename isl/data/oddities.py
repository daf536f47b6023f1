"""Oddities of a dataset's clips: missing frames, clips far too short or too long, clips without a person."""

from __future__ import annotations

import hashlib
import math

import numpy as np
import numpy.typing as npt

from isl.data.copies import Indices, Traces, near_copies, trace
from isl.data.layout import FRAME_FILE, ClipPath
from isl.landmarks import Floats, without_face

SHORT = 1 / 3  # part of the median length; a shorter clip was probably stopped early
LONG = 4  # median lengths; a longer clip probably shows several signs
PADDED, FEWEST = 1 / 3, 8  # part of a clip, and frames, that are repeated at its end if it was padded
SEVERAL = "perhaps several signs; infer.py segment=true finds them, and a table with start and end cuts them"
FILLED = (
    "many equal frames at the end, as of clips that were filled up to one length: cut them off, or the sign is only a "
    "part of the time"
)
GAP = "numbers of frames are missing in between, so that the sign jumps"
NAMED = 3  # clips that a line names


class ClipOddities:
    """Collects the clips of a dataset as they are read, and finds copies and oddities among them."""

    def __init__(self) -> None:
        self.sources: list[ClipPath] = []
        self.lengths: list[int] = []
        self.digests: list[str] = []  # checksums, equal for clips of the same body and hands in every frame
        self._traces = Traces()
        self._empty: list[str] = []
        self._padded: list[str] = []

    def add(self, source: ClipPath, clip: Floats) -> None:
        """Adds a clip ``(T, 1662)``, contiguous."""
        self.sources.append(source)
        self.lengths.append(len(clip))
        body = without_face(clip)
        hashed = body if body.any() else clip  # the face is five sixths of the numbers
        self.digests.append(hashlib.blake2b(hashed.data, digest_size=16).hexdigest())
        self._traces.append(trace(clip))
        if not clip.any():
            self._empty.append(source.name)
        elif is_padded(clip):
            self._padded.append(source.name)

    @property
    def names(self) -> list[str]:
        return [source.name for source in self.sources]

    def near_copies(self) -> tuple[Indices, list[int]]:
        """Returns for each clip the first that is nearly the same, (N,), and the clips that are not exactly it."""
        leader = near_copies(self._traces)
        return leader, [i for i, first in enumerate(leader) if self.digests[i] != self.digests[first]]

    def lines(self) -> list[str]:
        """Returns a line for each kind of oddity, with the first clips that have it."""
        middle = float(np.median(self.lengths)) if self.lengths else 0.0
        lengths = np.array(self.lengths)
        than = f"than the others, whose middle length is {middle:g} frames"
        kinds = {
            GAP: [source.name for source in self.sources if has_gap(source)],
            f"far shorter {than}": self._names_of(lengths < SHORT * middle),
            f"far longer {than}: {SEVERAL}": self._names_of(lengths > LONG * middle),
            "nobody in any frame": self._empty,
            FILLED: self._padded,
        }
        return [f"{_named(names)}: {kind}" for kind, names in kinds.items() if names]

    def _names_of(self, chosen: npt.NDArray[np.bool_]) -> list[str]:
        return [self.sources[i].name for i in np.flatnonzero(chosen)]


def is_padded(clip: Floats) -> bool:
    """Returns True if a clip that moves ends with many equal frames."""
    count = math.ceil(max(FEWEST, PADDED * len(clip)))
    ends_still = len(clip) > count and bool((clip[-count:] == clip[-1]).all())
    return ends_still and bool((clip[:-count] != clip[-1]).any())


def has_gap(source: ClipPath) -> bool:
    """Returns True if numbers are missing between a clip's first and last frame file."""
    if not source.frames:
        return False
    numbers = [int(match[1]) for name in source.frames if (match := FRAME_FILE.fullmatch(name))]
    return numbers[-1] - numbers[0] + 1 != len(numbers)


def _named(names: list[str]) -> str:
    others = f" and {len(names) - NAMED} other clips" if len(names) > NAMED else ""
    return f"{', '.join(names[:NAMED])}{others}"
