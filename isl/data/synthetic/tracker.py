"""Landmarks of a generated body as a tracker would report them: camera projection, jitter, guesses and losses."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from isl import landmarks as lm
from isl.data.synthetic.figure import Body
from isl.data.synthetic.motion import drift, rotate
from isl.data.synthetic.signer import Signer
from isl.data.synthetic.signs import Array

DEPTH = 2.0  # factor by which the pose model overestimates depth


def project(points: Array, signer: Signer, place: Array) -> Array:
    """Projects world points (T, P, 3) to x, y of the picture (0 to 1) and depth in picture widths."""
    seen = rotate(points.astype(np.float32), signer.view)  # float32 for speed, as a face has many points
    near = signer.distance / (signer.distance + seen[..., 2:])  # closer points look larger
    seen[..., :2] = seen[..., :2] * near + place.astype(np.float32) / signer.scale
    seen *= np.float32(signer.scale) / np.array([signer.aspect, 1.0, signer.aspect], dtype=np.float32)
    return seen


def add_jitter(points: Array, amount: float, seconds: Array, signer: Signer, rng: np.random.Generator) -> Array:
    """Adds a tracker's errors to points (T, P, 3): jitter of each point, and a drift of all points together."""
    noise = rng.standard_normal(points.shape, dtype=np.float32)
    noise += 0.7 * drift(rng, seconds, 3.0, 3)[:, None].astype(np.float32)
    noise *= signer.jitter * amount * np.array([1 / signer.aspect, 1.0, 2.0], dtype=np.float32)
    return np.asarray(points + noise)


def guess_pose(pose: Array, seconds: Array, signer: Signer, rng: np.random.Generator) -> Array:
    """Returns the pose (T, 33, 4) of the picture's points (T, 33, 3); points outside get errors and low visibility."""
    outside = np.abs(pose[..., :2] - 0.5).max(-1) - 0.5  # (T, 33): above 0 beyond the picture
    astray = drift(rng, seconds, 1.0, 3 * lm.POSE.points).reshape(pose.shape)
    guess = 0.15 * np.clip(outside, 0, 0.5)[..., None] * astray
    doubt = 14 * (outside + 0.1) - 5 + 0.5 * drift(rng, seconds, 1.0, lm.POSE.points)
    hips = pose[:, [lm.LEFT_HIP, lm.RIGHT_HIP], 2].mean(1)[:, None]  # depth is measured from here
    points = np.concatenate([pose[..., :2], DEPTH * (pose[..., 2] - hips)[..., None]], axis=-1)
    points = add_jitter(points, 1.0, seconds, signer, rng) + guess
    return np.concatenate([points, 1 / (1 + np.exp(np.clip(doubt, -50, 50)))[..., None]], axis=-1)


def lose_hands(hand: Array, seconds: Array, signer: Signer, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """Returns True for frames (T,) without a hand (T, 21, 3): outside the picture, at its border, fast, by chance."""
    inside = ((hand[..., :2] > 0) & (hand[..., :2] < 1)).all(-1).mean(-1)  # the part of the hand that is in the picture
    velocity = np.gradient(hand.mean(1)[:, :2] * (signer.aspect, 1.0), seconds, axis=0)
    speed = np.linalg.norm(velocity, axis=-1) / signer.scale  # shoulder widths per second
    luck = drift(rng, seconds, 5.0, 1)[:, 0]
    return np.asarray((inside < 0.45) | (luck + 0.35 * speed + 2 * (1 - inside) > 3.1 - 0.9 * signer.losses))


def track(body: Body, seconds: Array, signer: Signer, rng: np.random.Generator) -> lm.Floats:
    """Returns the frames (T, 1662) of a clip as a landmarker would store them."""
    place = signer.centre + rng.normal(0, 0.008, 2) + 0.003 * drift(rng, seconds, 0.5, 2)[:, None]  # (T, 1, 2)
    pose, face, left, right = (project(points, signer, place) for points in body)
    stored = np.zeros((len(seconds), lm.FRAME_SIZE), dtype=np.float32)
    lm.POSE.of(stored)[:] = guess_pose(pose, seconds, signer, rng)

    face[..., 2] -= face[..., 2].mean(1)[:, None]
    lm.FACE.of(stored)[:] = add_jitter(face, 0.4, seconds, signer, rng)
    stored[drift(rng, seconds, 4.0, 1)[:, 0] > 2.75, lm.FACE.slice] = 0

    gone = [lose_hands(hand, seconds, signer, rng) for hand in (left, right)]
    apart = np.linalg.norm((left - right).mean(1)[:, :2] * (signer.aspect, 1.0), axis=-1) / signer.scale
    confused = (apart < 0.3) & (drift(rng, seconds, 3.0, 1)[:, 0] > 0.8)  # hands overlap: only one is found
    gone[int(rng.integers(2))] |= confused
    for part, hand, missing in ((lm.LEFT_HAND, left, gone[0]), (lm.RIGHT_HAND, right, gone[1])):
        hand[..., 2] -= hand[:, :1, 2]  # depth is measured from the wrist
        part.of(stored)[:] = add_jitter(hand, 0.8, seconds, signer, rng)
        stored[missing, part.slice] = 0
    return stored
