"""`.csv`: SPOTER's tables with one row per clip, and plain tables with one row of numbers per frame."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy as np

from isl.data.formats.contract import Array, Format, Member, Parts, RawClip, recording_facts
from isl.data.formats.parsed import remembered
from isl.errors import InputError
from isl.landmarks import FINGERS, LEFT_HAND, POSE, RIGHT_HAND, WRIST

# SPOTER's names (https://github.com/matyasbohacek/spoter); its neck is not a point of MediaPipe
BODY = {
    **{"nose": 0, "leftEye": 2, "rightEye": 5, "leftEar": 7, "rightEar": 8, "leftShoulder": 11, "rightShoulder": 12},
    **{"leftElbow": 13, "rightElbow": 14, "leftWrist": 15, "rightWrist": 16},
}
THUMB, *OTHERS = FINGERS
HAND = {"wrist": WRIST, **dict(zip(("thumbCMC", "thumbMP", "thumbIP", "thumbTip"), THUMB, strict=True))} | {
    f"{finger}{joint}": point
    for finger, points in zip(("index", "middle", "ring", "little"), OTHERS, strict=True)
    for joint, point in zip(("MCP", "PIP", "DIP", "Tip"), points, strict=True)
}
SIDES = {LEFT_HAND: ("left", "0"), RIGHT_HAND: ("right", "1")}


def read_csv(path: Path, key: str = "") -> RawClip:
    rows = remembered(path, _rows) if key else _rows(path)
    if "labels" in rows[0] or any(name.endswith("_X") for name in rows[0]):
        if not key and len(rows) > 2:
            raise InputError(f"a table of {len(rows) - 1} clips; put it into the dataset's own folder, data.root=")
        line = int(key or 0) + 1
        return _spoter_clip(dict(zip(rows[0], rows[line], strict=False)), line + 1)
    start = 0 if _is_number(rows[0][0]) else 1
    try:
        return RawClip(np.array(rows[start:], np.float64))
    except ValueError:
        raise InputError("a table that is neither SPOTER's nor a row of numbers a frame") from None


def members(path: Path) -> list[Member] | None:
    """Returns the clips of SPOTER's table; its labels are numbers, or words if somebody replaced them."""
    rows = remembered(path, _rows)
    if not any(name.endswith("_X") for name in rows[0]) or "labels" not in rows[0]:
        return None
    column = rows[0].index("labels")
    labels = [row[column].strip() if column < len(row) else "" for row in rows[1:]]
    return [Member(str(i), label, f"{i:05d}") for i, label in enumerate(labels)]


def _rows(path: Path) -> list[list[str]]:
    csv.field_size_limit(1 << 28)
    try:
        text = path.read_text(encoding="utf-8-sig")
        rows = [row for row in csv.reader(io.StringIO(text)) if row]
    except (UnicodeDecodeError, csv.Error):
        raise InputError("a table that cannot be read as UTF-8 text") from None
    if len(rows) < 2:
        raise InputError("a table without rows")
    return rows


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _spoter_clip(record: dict[str, str], line: int) -> RawClip:
    """Returns points of x and y; SPOTER writes 0 for a point that was not found."""
    nose = _series(record, "nose", line)
    pose = np.zeros((len(nose), POSE.points, POSE.dims))
    for name, point in BODY.items():
        pose[:, point, :2] = _series(record, name, line)
        pose[:, point, 3] = pose[:, point, :2].any(-1)
    parts: Parts = {POSE: pose}
    for part, sides in SIDES.items():
        parts[part] = np.zeros((len(nose), part.points, 2))
        for name, point in HAND.items():
            side = next((s for s in sides if f"{name}_{s}_X" in record), sides[0])
            parts[part][:, point] = _series(record, f"{name}_{side}", line)
    return RawClip(parts, *recording_facts(record))


def _series(record: dict[str, str], name: str, line: int) -> Array:
    """Returns x and y of one point, ``(T, 2)``."""
    try:
        return np.stack([np.array(json.loads(record[f"{name}_{axis}"]), np.float64) for axis in "XY"], -1)
    except (KeyError, TypeError, ValueError):
        raise InputError(f"a table of SPOTER's kind whose line {line} has no list of numbers for {name}") from None


def _fits(head: bytes) -> bool:
    """Returns True if ``head`` is text with a comma in its first line."""
    first = head.split(b"\n", 1)[0]
    return b"," in first and not any(byte < 9 for byte in head) and head[:1] not in (b"{", b"[")


FORMAT = Format("CSV", (".csv",), _fits, read_csv, members)
