"""Reading options for the files of a dataset: from the command line, and estimated from some of the clips."""

from __future__ import annotations

from typing import Any

import numpy as np

from isl.config.options import positive, switch
from isl.data.formats.contract import AS_STORED, RawClip, ReadAs
from isl.data.formats.reading import Reading
from isl.data.formats.shapes import parse_order
from isl.data.geometry import Survey, misplaced, survey
from isl.data.layout import ClipPath, as_reading, raw_clip
from isl.data.oddities import GAP, has_gap
from isl.errors import InputError

SURVEYED = 64  # clips that are examined, taken evenly from the dataset


def parse_read_as(
    order: Any = None, mirror: Any = False, turn: Any = 0, size: Any = None, centred: Any = False, prefix: str = "data."
) -> ReadAs:
    """Checks the options as they are named on the command line.

    Raises:
        InputError: a value is not allowed.
    """
    if turn not in (0, 90, 180, 270) or isinstance(turn, bool):
        raise InputError(f"{prefix}turn={turn}: give 0, 90, 180 or 270 degrees clockwise")
    picture = None
    if size is not None:
        if not isinstance(size, (list, tuple)) or len(size) != 2:
            raise InputError(f"{prefix}size={size}: give width and height in pixels, such as [640,480]")
        width, height = (positive(side, f"{prefix}size") for side in size)
        picture = (float(width), float(height))
    return ReadAs(
        None if order is None else parse_order(order, f"{prefix}order"),
        switch(mirror, f"{prefix}mirror"),
        int(turn),
        picture,
        switch(centred, f"{prefix}centred"),
    )


def survey_sources(sources: list[ClipPath], options: ReadAs = AS_STORED) -> Survey:
    """Estimates the reading options from some of the clips; clips that can't be read are skipped."""
    chosen = np.unique(np.linspace(0, len(sources) - 1, min(SURVEYED, len(sources))).round().astype(int))
    named: list[tuple[str, RawClip]] = []
    for i in chosen:
        try:
            named.append((sources[int(i)].name, raw_clip(sources[int(i)])))
        except InputError:
            continue
    surveyed = survey([raw for _, raw in named], options)
    if options != AS_STORED or len(named) < 2:
        return surveyed
    if strange := misplaced(named, surveyed.read_as):
        count = f"{len(strange)} of {len(named)} clips that were looked at differ from the others"
        return surveyed.adding(f"{count}, such as {strange[0]}; put them into a folder of their own")
    return surveyed


def read_clip(source: ClipPath, options: ReadAs = AS_STORED) -> tuple[Reading, tuple[str, ...]]:
    """Reads one clip, cut as its table says, and lists corrections and oddities.

    Raises:
        InputError: the clip can't be read, or doesn't hold landmarks.
    """
    raw = raw_clip(source)
    surveyed = survey([raw], options)
    gap = (GAP,) if has_gap(source) else ()
    return as_reading(raw, source, surveyed.read_as), (*surveyed.remarks, *gap)
