"""Names of columns in tables of labels: other tools' names count as isl's own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from isl.vision.cut import FRAMES, SECONDS, Cut, parse_cut

# Ours, and the names of others; of several in one table the first listed here is used
ALIASES: dict[str, tuple[str, ...]] = {
    "path": ("path", "file", "filename", "file_name", "filepath", "file_path", "video", "video_path", "video_file",
             "video_name", "input", "clip_path", "relative_path"),
    "word": ("word", "sign", "gloss", "label", "class", "word_name", "class_name", "sign_name", "annotation",
             "category"),
    "clip": ("clip", "sequence_id", "clip_id", "sample_id", "video_id"),
    "group": ("group", "signer", "signer_id", "participant_id", "participant", "person", "subject", "subject_id"),
    "split": ("split", "subset", "set", "partition", "fold_name"),
    "fps": ("fps", "frame_rate", "framerate"),
}  # fmt: skip
# Times are written as <edge> <unit> in any order: start_time, begin_ms, first_frame, Begin Time - ss.msec
EDGES = {
    **dict.fromkeys(("start", "begin", "beginning", "from", "onset"), "start"),
    **dict.fromkeys(("end", "stop", "to", "until", "finish"), "end"),
    **dict.fromkeys(("duration", "length"), "duration"),
}
FILLERS = {"mm", "t", "at", "of", "the", "point", "sign", "gloss", "clip", "segment"}
FRAME_EDGES = {"first": "start", "last": "end"}  # beside the word "frame" alone
UNITS = {
    **dict.fromkeys(("ms", "msec", "msecs", "millis", "millisecond", "milliseconds"), "ms"),
    **dict.fromkeys(("frame", "frames"), "frame"),
    **dict.fromkeys(("s", "ss", "sec", "secs", "second", "seconds", "time", "hh"), "seconds"),
}
READ = {"seconds": (SECONDS, 1.0), "frame": (FRAMES, 1.0), "ms": (SECONDS, 0.001), "": ("", 1.0)}  # the surest first


def spelled(column: str) -> str:
    """Returns a column's name for comparison: ``Start time`` and ``startTime`` are ``start_time``."""
    apart = re.sub("(?<=[a-z])(?=[A-Z])", " ", column).replace("_", " ")
    return "_".join(re.findall(r"\w+", apart.lower()))


def recognised(header: Sequence[str]) -> dict[str, str]:
    """Returns the table's own column for each of isl's columns that it has, such as ``word``, ``start_ms``, ``end``."""
    columns = {spelled(column): column for column in reversed(header)}
    names = {}
    for ours, theirs in ALIASES.items():
        name = next((name for name in theirs if name in columns), None)
        if name is not None:
            names[ours] = columns[name]
    for name, column in columns.items():
        offset_ends = any("onset" in other.split("_") for other in columns)
        if edge := _edge(name.split("_"), {"offset": "end"} if offset_ends else {}):
            names[edge] = column
    _pair(names)
    return names


def _pair(names: dict[str, str]) -> None:
    """Give an edge without a unit the other's, and drop edges that have no other: a table must not be half read.

    The duration is the other edge of a start that has no end; beside an end it is perhaps that of the whole recording.
    """
    for unit in ("seconds", "frame", "ms"):
        for edge in ("start", "end", "duration"):
            if (edge in names) and any(_named(other, unit) in names for other in ("start", "end")):
                names.setdefault(_named(edge, unit), names.pop(edge))
    units = [unit for unit in READ if _named("start", unit) in names]
    ends = [unit for unit in READ if _named("end", unit) in names]
    for unit in READ:
        if unit not in units or unit in ends:
            names.pop(_named("duration", unit), None)
        if ends and unit in units and unit not in ends and _named("duration", unit) not in names:
            del names[_named("start", unit)]
        if units and unit in ends and unit not in units:
            del names[_named("end", unit)]


def _edge(words: list[str], more: dict[str, str]) -> str | None:
    """Returns ``start``, ``end`` or ``duration`` with the unit that a column's name states; None for another column."""
    units = {UNITS[word] for word in words if word in UNITS}
    rest = [word for word in words if word not in UNITS and word not in FILLERS]
    edges = EDGES | more | (FRAME_EDGES if "frame" in units else {})
    if len(rest) != 1 or rest[0] not in edges:
        return None
    unit = "seconds" if {"ss", "s"} & set(words) else next((unit for unit in ("ms", "frame") if unit in units), None)
    return _named(edges[rest[0]], unit or ("seconds" if units else ""))


def _named(edge: str, unit: str) -> str:
    return f"{edge}_{unit}" if unit else edge


def cells_of(row: Mapping[str, str | None], columns: Mapping[str, str]) -> dict[str, str]:
    """Returns a row by isl's names of columns; an empty text for a usual column that the table does not have."""
    return dict.fromkeys(ALIASES, "") | {ours: (row.get(theirs) or "").strip() for ours, theirs in columns.items()}


def cut_of(cells: Mapping[str, str], where: str) -> Cut | None:
    """Returns the cut of a row, from its columns of seconds, frames or milliseconds; None if it has none.

    Raises:
        InputError: a time is malformed.
    """
    for name, (unit, scale) in READ.items():
        start, end, duration = (cells.get(_named(edge, name), "") for edge in ("start", "end", "duration"))
        if cut := parse_cut(start, end, unit, where, scale, duration):
            return cut
    return None
