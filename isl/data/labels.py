"""Facts of ``clips.csv`` that decide what a clip is: the part of its file, its signer, its side of a split."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from isl.data.layout import ClipPath, rate_of, raw_clip
from isl.data.table import NAME, read_table, unused_columns
from isl.errors import InputError
from isl.vision.cut import with_unit


def with_labels(root: Path, sources: list[ClipPath]) -> tuple[list[ClipPath], str]:
    """Returns the clips with their rows' cuts, and a remark if the unit of the cuts was estimated, else "".

    Raises:
        InputError: ``clips.csv`` is malformed.
    """
    table = read_table(root / NAME)
    labelled = [
        replace(source, cut=row.cut or source.cut, fps=row.fps, seconds=row.seconds)
        if (row := table.of(source.word, source.clip))
        else source
        for source in sources
    ]

    def length(i: int) -> tuple[int, float | None] | None:
        try:
            raw = raw_clip(labelled[i])
        except InputError:  # reading it says why
            return None
        values = next(iter(raw.values.values())) if isinstance(raw.values, dict) else raw.values
        rate = rate_of(labelled[i], len(values), raw.fps)
        return len(values), len(values) / rate if rate else None

    cuts, remark = with_unit([source.cut for source in labelled], None, length)
    return [replace(source, cut=cut) for source, cut in zip(labelled, cuts, strict=True)], remark


def table_remarks(root: Path, remark: str) -> list[str]:
    """Returns remarks on ``clips.csv``: the estimated unit of its cuts, and columns that are not used."""
    lines = [f"{NAME}: {remark}; name the columns start_time and end_time, or start_frame and end_frame"] * bool(remark)
    if unused := unused_columns(root / NAME):
        lines.append(f"{NAME}: columns that are not used: {', '.join(unused)}")
    return lines
