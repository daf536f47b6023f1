"""Names of columns in tables of labels: other tools' names count as isl's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from isl.vision.cut import FRAMES, SECONDS, Cut, parse_cut

# Ours, and the names of others; of several in one table the first listed here is used
ALIASES: dict[str, tuple[str, ...]] = {
    "path": ("path", "file", "filename", "file_name", "filepath", "file_path", "video", "video_path", "video_file",
             "input", "clip_path"),
    "word": ("word", "sign", "gloss", "label", "class", "word_name", "annotation"),
    "clip": ("clip", "sequence_id", "clip_id", "sample_id", "video_id"),
    "group": ("group", "signer", "signer_id", "participant_id", "participant", "person", "subject", "subject_id"),
    "split": ("split", "subset", "set", "partition"),
    "start": ("start_time", "start_seconds", "start_sec", "start_s", "start", "begin", "begin_time", "from"),
    "end": ("end_time", "end_seconds", "end_sec", "end_s", "end", "stop", "to"),
    "start_frame": ("start_frame", "frame_start", "first_frame"),
    "end_frame": ("end_frame", "frame_end", "last_frame"),
    "start_ms": ("start_ms", "begin_ms"),
    "end_ms": ("end_ms", "stop_ms"),
    "fps": ("fps", "frame_rate", "framerate"),
}  # fmt: skip
IN_SECONDS = ("start_time", "start_seconds", "start_sec", "start_s")  # names that say the unit


def spelled(column: str) -> str:
    """Returns a column's name for comparison: ``Start time`` is ``start_time``."""
    return "_".join(column.strip().lower().replace("-", " ").replace("_", " ").split())


def recognised(header: Sequence[str]) -> dict[str, str]:
    """Returns the table's own column for each of isl's columns that it has."""
    columns = {spelled(column): column for column in reversed(header)}
    names = {}
    for ours, theirs in ALIASES.items():
        name = next((name for name in theirs if name in columns), None)
        if name is not None:
            names[ours] = columns[name]
    return names


def cells_of(row: Mapping[str, str | None], columns: Mapping[str, str]) -> dict[str, str]:
    """Returns a row by isl's names of columns; an empty text for a column that the table does not have."""
    return {ours: (row.get(columns[ours]) or "").strip() if ours in columns else "" for ours in ALIASES}


def cut_of(cells: dict[str, str], columns: dict[str, str], where: str) -> Cut | None:
    """Returns the cut of a row, from its columns of seconds, milliseconds or frames; None if it has none.

    Raises:
        InputError: a time is malformed.
    """
    unit = SECONDS if spelled(columns.get("start", "")) in IN_SECONDS else ""
    cut = parse_cut(cells["start"], cells["end"], unit, where)
    cut = cut if cut and cut.unit else parse_cut(cells["start_frame"], cells["end_frame"], FRAMES, where) or cut
    return cut or parse_cut(cells["start_ms"], cells["end_ms"], SECONDS, where, scale=0.001)
