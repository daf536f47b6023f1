"""Reads all clips of a dataset once, writes their frames to a file and collects their facts."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import BinaryIO

import numpy as np

from isl import console
from isl.data.cache import Facts
from isl.data.copies import near_copies, trace
from isl.data.formats.contract import ReadAs
from isl.data.formats.parsed import forget
from isl.data.formats.reading import Reading
from isl.data.labels import with_labels
from isl.data.layout import ClipPath, read_reading
from isl.data.oddities import find_oddities, is_padded
from isl.data.reading_options import survey_sources
from isl.data.table import NAME as TABLE
from isl.data.table import read_table
from isl.errors import InputError
from isl.landmarks import Floats

AT_ONCE = 32  # clips that are read before they are written; limits the memory of a first start
THREADS = 4


def write_clips(root: Path, sources: list[ClipPath], options: ReadAs, out: BinaryIO) -> Facts:
    """Append the frames of every readable clip to ``out`` and return the facts that are needed without the frames."""
    table = read_table(root / TABLE)
    named = sorted({column for row in table.values() for column in row.columns})
    if any(source.group for source in sources) and "group" not in named:
        named.append("group")
    if any(source.split for source in sources) and "split" not in named:
        named.append("split")
    sources, remarks = with_labels(root, sources)
    surveyed = survey_sources(sources, options)
    facts: Facts = {key: [] for key in ("name", "length", "aspect", "seconds", "digest", "unreadable")}
    facts["columns"] = {column: [] for column in named}
    facts["remarks"] = [*surveyed.remarks, *remarks]
    traces: list[Floats] = []
    empty: list[str] = []
    padded: list[str] = []
    for source, clip in console.progress(_read(sources, surveyed.read_as), f"Reading {root}", len(sources)):
        if isinstance(clip, InputError):
            facts["unreadable"].append(str(clip))
            continue
        data = np.ascontiguousarray(clip.frames, np.float32)
        out.write(data.data)
        facts["name"].append(source.name)
        facts["length"].append(len(data))
        facts["aspect"].append(clip.aspect)
        facts["seconds"].append(clip.seconds)
        facts["digest"].append(hashlib.blake2b(data.data, digest_size=16).hexdigest())
        traces.append(trace(data))
        if not data.any():
            empty.append(source.name)
        if is_padded(data):
            padded.append(source.name)
        row = table.of(source.word, source.clip)
        for column in named:
            own = {"group": source.group, "split": source.split}.get(column, "")
            facts["columns"][column].append((row.columns.get(column, "") if row else "") or own)
    forget()
    _join_copies(facts, traces)
    length = dict(zip(facts["name"], facts["length"], strict=True))
    facts["remarks"] += find_oddities([source for source in sources if source.name in length], length, empty, padded)
    return facts


def _join_copies(facts: Facts, traces: list[Floats]) -> None:
    """Give clips that are nearly the same one digest, so that no split puts them on two sides."""
    leader = near_copies(traces)
    digest = facts["digest"]
    near = [i for i, first in enumerate(leader) if digest[i] != digest[first]]
    facts["digest"] = [digest[first] for first in leader]
    if near:
        example = f"{facts['name'][near[0]]} of {facts['name'][leader[near[0]]]}"
        facts["remarks"].append(
            f"{len(near)} of {len(leader)} clips are nearly the same as another, such as {example}; "
            "every split keeps them together"
        )


def _read(sources: list[ClipPath], read_as: ReadAs) -> Iterator[tuple[ClipPath, Reading | InputError]]:
    def read(source: ClipPath) -> Reading | InputError:
        try:
            return read_reading(source, read_as)
        except InputError as error:
            return error

    with ThreadPoolExecutor(THREADS) as pool:
        for first in range(0, len(sources), AT_ONCE):
            some = sources[first : first + AT_ONCE]
            yield from zip(some, pool.map(read, some), strict=True)
