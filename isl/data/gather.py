"""Reads all clips of a dataset once, writes their frames to a file and collects their facts."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import numpy as np

from isl import console
from isl.data.cache import Facts
from isl.data.formats.contract import ReadAs
from isl.data.formats.parsed import forget
from isl.data.formats.reading import Reading
from isl.data.labels import with_labels
from isl.data.layout import ClipPath, read_reading
from isl.data.oddities import ClipOddities
from isl.data.reading_options import survey_sources
from isl.data.table import NAME as TABLE
from isl.data.table import read_table
from isl.errors import InputError

AT_ONCE = 32  # clips that are read before they are written; limits the memory of a first start
THREADS = 4
OWN = ("group", "split")  # columns that a clip has from its file or from its table


def write_clips(root: Path, sources: list[ClipPath], options: ReadAs, out: BinaryIO) -> Facts:
    """Append the frames of every readable clip to ``out`` and return the facts that are needed without the frames."""
    table = read_table(root / TABLE)
    sources, remarks = with_labels(root, sources)
    own = [name for name in OWN if any(getattr(source, name) for source in sources)]
    named = sorted({*own, *(column for row in table.values() for column in row.columns)})
    surveyed = survey_sources(sources, options)
    facts: Facts = {key: [] for key in ("aspect", "seconds", "unreadable")}
    facts["columns"] = {column: [] for column in named}
    oddities = ClipOddities()
    for source, clip in console.progress(read_clips(sources, surveyed.read_as), f"Reading {root}", len(sources)):
        if isinstance(clip, InputError):
            facts["unreadable"].append(str(clip))
            continue
        data = np.ascontiguousarray(clip.frames, np.float32)
        out.write(data.data)
        oddities.add(source, data)
        facts["aspect"].append(clip.aspect)
        facts["seconds"].append(clip.seconds)
        row = table.of(source.word, source.clip)
        cells = (row.columns if row else {}) | {name: getattr(source, name) for name in OWN}
        for column in named:
            facts["columns"][column].append(cells.get(column, ""))
    forget()
    names, digests = oddities.names, oddities.digests
    leader, near = oddities.near_copies()
    facts |= {"name": names, "length": oddities.lengths}
    facts["digest"] = [digests[first] for first in leader]  # no split puts near copies on two sides
    facts["remarks"] = [*surveyed.remarks, *remarks]
    if near:
        facts["remarks"].append(
            f"{len(near)} of {len(names)} clips are nearly the same as another, such as {names[near[0]]} of "
            f"{names[leader[near[0]]]}; every split keeps them together"
        )
    facts["remarks"] += oddities.lines()
    return facts


def read_clips(sources: list[ClipPath], read_as: ReadAs) -> Iterator[tuple[ClipPath, Reading | InputError]]:
    """Yields each clip with its reading, or with the reason why it can't be read; some are read at once."""

    def read(source: ClipPath) -> Reading | InputError:
        try:
            return read_reading(source, read_as)
        except InputError as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        for first in range(0, len(sources), AT_ONCE):
            some = sources[first : first + AT_ONCE]
            yield from zip(some, pool.map(read, some), strict=True)
