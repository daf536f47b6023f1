"""A drawn person with all 1,662 numbers, upright and not mirrored, who must pass every check of the geometry."""

from __future__ import annotations

import numpy as np

from isl.landmarks import FACE, FRAME_SIZE, LEFT_HAND, PARTS, POSE, RIGHT_HAND, Floats

HEAD = 0.25  # height of the nose in the picture
JOINTS = {
    0: (0.5, HEAD),
    11: (0.62, 0.5),
    12: (0.38, 0.5),
    13: (0.7, 0.7),
    14: (0.3, 0.7),
    23: (0.58, 0.95),
    24: (0.42, 0.95),
}
WRISTS = {15: (0.6, 0.55), 16: (0.4, 0.55)}


def person_clip(seed: int, frames: int = 12) -> Floats:
    """Returns a clip ``(frames, 1662)`` of a person who faces the camera and moves both hands."""
    rng = np.random.default_rng(seed)
    stands = rng.normal(0, 0.02, 2)
    clip = np.zeros((frames, FRAME_SIZE), np.float32)
    pose = rng.normal(0.5, 0.02, (1, POSE.points, 4)).repeat(frames, 0)
    pose[:, 1:11, :2] = np.array([0.5, HEAD]) + rng.normal(0, 0.02, (10, 2))
    for joint, place in (JOINTS | WRISTS).items():
        pose[:, joint, :2] = place
    moves = np.sin(np.linspace(0, rng.uniform(4, 9), frames) + seed)[:, None] * rng.uniform(0.04, 0.08)
    pose[:, [15, 16], 1] += moves
    pose[:, 25:, 1] = 1.3
    pose[..., 3] = rng.uniform(0.9, 1, POSE.points)
    POSE.of(clip)[:] = pose
    face = np.concatenate(
        [rng.normal(0, 0.03, (FACE.points, 2)) + np.array([0.5, HEAD]), rng.normal(0, 0.01, (FACE.points, 1))], 1
    )
    face[1] = 0.5, HEAD, -0.05
    FACE.of(clip)[:] = face
    for hand, wrist in ((LEFT_HAND, 15), (RIGHT_HAND, 16)):
        shape = rng.normal(0, 0.02, (hand.points, 3))
        shape[0] = 0
        points = shape + np.concatenate([pose[:, wrist, None, :2], np.zeros((frames, 1, 1))], 2)
        hand.of(clip)[:] = points + rng.normal(0, 0.001, points.shape)
    for part in PARTS:
        part.of(clip)[..., :2] += stands
    return clip


def random_clip(rng: np.random.Generator, frames: int) -> Floats:
    """Returns a clip ``(frames, 1662)`` of noise in which head, shoulders and wrists are where a person has them."""
    clip = rng.uniform(size=(frames, FRAME_SIZE)).astype(np.float32)
    pose, face = POSE.of(clip), FACE.of(clip)
    pose[:, :11, :2] = np.array([0.5, HEAD]) + 0.1 * (pose[:, :11, :2] - 0.5)
    for joint in (11, 12):
        pose[:, joint, :2] = JOINTS[joint]
    face[:, 1, :2] = pose[:, 0, :2]
    for hand, wrist in ((LEFT_HAND, 15), (RIGHT_HAND, 16)):
        hand.of(clip)[:, 0, :2] = pose[:, wrist, :2]
    return clip
