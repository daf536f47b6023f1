"""`.json`: MediaPipe's results as programs and browsers write them, and INCLUDE's published keypoints."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from isl.data.formats.contract import NAMES, Array, Format, Member, RawClip, recording_facts
from isl.data.formats.parsed import remembered
from isl.errors import InputError
from isl.landmarks import LEFT_HAND, LEFT_WRIST, POSE, RIGHT_HAND, RIGHT_WRIST, WRIST, Part

FRAMES = ("frames", "landmarks", "data", "keypoints")
INCLUDE = ("pose_x", "pose_y", "hand1_x", "hand1_y", "hand2_x", "hand2_y")
# "pose", "poseLandmarks", "pose_landmarks", "left_hand", "leftHandLandmarks", ...
SPELLINGS = {re.sub("[^a-z]", "", name): part for name, part in NAMES.items()}


def read_json(path: Path, key: str = "") -> RawClip:
    """Reads a list of frames, each with its parts by name, or one of INCLUDE's records."""
    content = remembered(path, _content) if key else _content(path)
    if _is_include(content):
        return _include_clip(content)
    if isinstance(content, list) and content and _is_include(content[0]):
        if not key:
            raise InputError(f"a JSON file of {len(content)} clips; put it into the dataset's own folder, data.root=")
        return _include_clip(content[int(key)])
    facts = content if isinstance(content, dict) else {}
    frames = next((content[name] for name in FRAMES if name in content), None) if facts else content
    if not isinstance(frames, list) or not frames:
        raise InputError("a JSON file without a list of frames")
    if not all(isinstance(frame, dict) for frame in frames):
        return RawClip(_numbers(frames))
    parts_found = [_parts(frame) for frame in frames]
    parts = {
        part: _stacked(part, [frame.get(part) for frame in parts_found]) for part in {p for f in parts_found for p in f}
    }
    if not parts:
        raise InputError(f"a JSON file whose frames have {', '.join(list(frames[0])[:6])}, none of which is a part")
    return RawClip(parts, *recording_facts(facts))


def members(path: Path) -> list[Member] | None:
    """Returns the clips of a list of INCLUDE's records."""
    content = remembered(path, _content)
    if not (isinstance(content, list) and content and _is_include(content[0])):
        return None
    return [Member(str(i), str(record["label"]), str(record["uid"])) for i, record in enumerate(content)]


def _content(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError):
        raise InputError("a damaged JSON file") from None


def _numbers(frames: list[Any]) -> Array:
    try:
        return np.array(frames, np.float64)
    except (TypeError, ValueError, OverflowError):
        raise InputError("a JSON file whose frames or points are not rows of numbers of one length") from None


def _parts(frame: Mapping[str, Any]) -> dict[Part, Array]:
    """Returns the parts of a frame that were found, each ``(points, dims)``."""
    if isinstance(frame.get("landmarks"), dict):
        frame = frame["landmarks"]
    parts_found = {}
    for name, points in frame.items():
        part = SPELLINGS.get(re.sub("[^a-z]|landmarks?|keypoints?", "", name.lower()))
        if part is None or not points or "world" in name.lower():
            continue
        if not isinstance(points, list):
            raise InputError(f"a JSON file with {str(points)[:40]!r} as {name}, which is not a list of points")
        if len(points) == 1 and isinstance(points[0], list) and isinstance(next(iter(points[0]), None), (dict, list)):
            points = points[0]  # the Tasks API has a list of people; the first one is taken
        parts_found[part] = _numbers([_point(point, name) for point in points])
    return parts_found


def _point(point: Any, name: str) -> list[float]:
    if isinstance(point, dict):
        values: list[Any] = [point.get(axis) for axis in ("x", "y", "z", "visibility")]
        values = values[:3] if values[3] is None else values
    else:
        values = point if isinstance(point, list) else []
    if not 2 <= len(values) <= 4 or not all(isinstance(value, (int, float)) for value in values):
        raise InputError(f"a JSON file with {str(point)[:40]!r} among the points of {name}, which is not x, y, z")
    return values


def _stacked(part: Part, frames: list[Array | None]) -> Array:
    """Returns the points of all frames; NaN where a frame has none."""
    shapes = {points.shape for points in frames if points is not None}
    if len(shapes) != 1 or min(shapes)[0] < part.points:
        raise InputError(f"a JSON file with {sorted(shapes)} points of {part.name}, which has {part.points}")
    shape = shapes.pop()
    return np.stack([np.full(shape, np.nan) if points is None else points for points in frames])


def _is_include(record: Any) -> bool:
    return isinstance(record, dict) and all(name in record for name in INCLUDE)


def _include_clip(record: Mapping[str, Any]) -> RawClip:
    """Returns points of x and y. Each hand is the left or right one by the nearer wrist of the pose."""
    try:
        pose, one, other = (
            np.stack([np.array(record[f"{name}_{axis}"], np.float64) for axis in "xy"], -1)
            for name in ("pose", "hand1", "hand2")
        )
    except (TypeError, ValueError, OverflowError):
        raise InputError("a JSON record whose points are not rows of numbers of one length") from None
    if pose.ndim != 3 or pose.shape[1] <= RIGHT_WRIST or {one.shape[1], other.shape[1]} != {LEFT_HAND.points}:
        raise InputError(f"a JSON record with points {pose.shape}, {one.shape} and {other.shape}")
    full = np.zeros((len(pose), POSE.points, POSE.dims))
    full[:, : pose.shape[1], :2] = np.nan_to_num(pose)
    full[:, : pose.shape[1], 3] = ~np.isnan(pose[..., 0])
    left, right = pose[:, LEFT_WRIST], pose[:, RIGHT_WRIST]
    one, other = (np.where(hand.any((1, 2))[:, None, None], hand, np.nan) for hand in (one, other))

    def misfit(*hands: Array) -> Array:
        far = (hand[:, WRIST] - wrist for hand, wrist in zip(hands, (left, right), strict=True))
        return np.nansum([np.linalg.norm(away, axis=-1) for away in far], 0)

    swapped = (misfit(other, one) < misfit(one, other))[:, None, None]
    hands = {LEFT_HAND: np.where(swapped, other, one), RIGHT_HAND: np.where(swapped, one, other)}
    return RawClip({POSE: full, **hands}, *recording_facts(record))


FORMAT = Format(
    "JSON", (".json",), lambda head: head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"["), read_json, members
)
