"""`.pose`: the format of the sign-language-processing tools. Needs the extra `formats` (pose-format)."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from isl.data.formats.contract import Format, RawClip, load_extra
from isl.errors import InputError
from isl.landmarks import FACE, LEFT_HAND, PARTS, POSE, RIGHT_HAND, Floats

COMPONENTS = {
    POSE: "POSE_LANDMARKS",
    FACE: "FACE_LANDMARKS",
    LEFT_HAND: "LEFT_HAND_LANDMARKS",
    RIGHT_HAND: "RIGHT_HAND_LANDMARKS",
}
VERSION = 0.2


def read_pose(path: Path, key: str = "") -> RawClip:
    """Reads MediaPipe's four components of the first person, in pixels. Points of confidence 0 count as not found."""
    library = load_extra("pose_format", "pose-format", "a .pose file, which needs")
    try:
        pose = library.Pose.read(path.read_bytes())
        dimensions = pose.header.dimensions
        data = np.asarray(pose.body.data.filled(0), np.float64)[:, 0]  # (T, points, 2 or 3)
        confidence = np.asarray(pose.body.confidence)[:, 0]  # (T, points)
    except Exception as error:  # damaged or foreign bytes may raise any exception
        raise InputError(f"a damaged .pose file ({type(error).__name__})") from None
    parts, start = {}, 0
    for component in pose.header.components:
        end = start + len(component.points)
        for part, name in COMPONENTS.items():
            if component.name == name:
                points, seen = data[:, start:end], confidence[:, start:end, None]
                if points.shape[1] < part.points:
                    raise InputError(
                        f"a .pose file with {points.shape[1]} of the {part.points} points of {part.name}: reduced, "
                        "which cannot be undone; take the one that was not reduced"
                    )
                if points.shape[2] == 2:
                    points = np.concatenate([points, np.zeros_like(points[..., :1])], -1)
                parts[part] = np.concatenate([points, seen], -1) if part is POSE else points * (seen > 0)
        start = end
    if not parts:
        names = ", ".join(component.name for component in pose.header.components)
        raise InputError(f"a .pose file of {names}, and not of MediaPipe Holistic")
    size = (float(dimensions.width), float(dimensions.height))
    return RawClip(parts, float(pose.body.fps) or None, size, in_pixels=True)


def write_pose(path: Path, clip: Floats, fps: float | None, aspect: float | None) -> None:
    """Writes the four components, x and y in pixels of a picture 1,000 high, z unchanged, as this format's tools do."""
    library = load_extra("pose_format", "pose-format", "a .pose file, which needs")
    from pose_format.numpy import NumPyPoseBody
    from pose_format.pose_header import PoseHeader, PoseHeaderComponent, PoseHeaderDimensions

    height = 1000
    width = round(height * (aspect or 1.0))
    points, seen, components = [], [], []
    for part in PARTS:
        own = part.of(clip).astype(np.float64)
        points.append(own[..., :3] * (width, height, 1))
        present = own[..., :3].any((1, 2))[:, None].repeat(part.points, 1)
        seen.append(own[..., 3] if part is POSE else present)
        names = [f"{i}" for i in range(part.points)]
        components.append(PoseHeaderComponent(COMPONENTS[part], names, [], [(0, 0, 0)], "XYZC"))
    header = PoseHeader(VERSION, PoseHeaderDimensions(width, height, 0), components)
    body = NumPyPoseBody(fps or 25.0, np.concatenate(points, 1)[:, None], np.concatenate(seen, 1)[:, None])
    with path.open("wb") as file:
        library.Pose(header, body).write(file)


def _fits(head: bytes) -> bool:
    """Returns True if ``head`` has a version, 0.0 to 0.2, as a float, then picture sizes and a component's name."""
    return head[:4] in (np.float32(v).tobytes() for v in (0.0, 0.1, 0.2)) and b"_" in head[10:64]


FORMAT = Format(".pose", (".pose",), _fits, read_pose, write=write_pose)
