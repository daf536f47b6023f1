"""Facts of ``clips.csv`` about a clip: the part of its file that it is, its times, picture, signer, side of a split."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from isl.data.layout import ClipPath, rate_of, raw_clip
from isl.data.table import NAME, Row, read_table
from isl.errors import InputError
from isl.vision.cut import with_unit


def labelled(source: ClipPath, row: Row | None) -> ClipPath:
    """Returns the clip with the facts of its row; the unit of its cut may still be unknown."""
    if row is None:
        return source
    group, split = (row.columns.get(name) or getattr(source, name) for name in ("group", "split"))
    cut = row.cut or source.cut
    return replace(
        source, cut=cut, group=group, split=split, fps=row.fps or source.fps, seconds=row.seconds, aspect=row.aspect
    )


def with_labels(root: Path, sources: list[ClipPath]) -> tuple[list[ClipPath], list[str]]:
    """Returns the clips with the facts of their rows, and remarks on the table.

    There is a remark if the unit of the cuts was estimated, and one on columns that are not used.

    Raises:
        InputError: ``clips.csv`` is malformed.
    """
    table = read_table(root / NAME)
    clips = [labelled(source, table.of(source.word, source.clip)) for source in sources]

    def seconds(i: int) -> float:
        try:
            raw = raw_clip(clips[i])
        except InputError:  # reading it says why
            return math.inf
        values = next(iter(raw.values.values())) if isinstance(raw.values, dict) else raw.values
        rate = rate_of(clips[i], len(values), raw.fps)
        return len(values) / rate if rate else 0.0

    cuts, remark = with_unit([clip.cut for clip in clips], None, seconds)
    remarks = []
    if remark:
        remarks.append(f"{NAME}: {remark}; name the columns start_time and end_time, or start_frame and end_frame")
    if table.unused:
        remarks.append(f"{NAME}: columns that are not used: {', '.join(table.unused)}")
    return [clip if clip.cut == cut else replace(clip, cut=cut) for clip, cut in zip(clips, cuts, strict=True)], remarks
