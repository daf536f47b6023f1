"""From a body to what a landmarker reports of it: the camera's picture, jitter, guesses and losses."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from isl import landmarks as lm
from isl.data.synthetic.body import Body
from isl.data.synthetic.motion import drift, rotated
from isl.data.synthetic.signer import Signer
from isl.data.synthetic.words import Array

DEPTH = 2.0  # the pose model overstates how far things stand out


def pictured(points: Array, signer: Signer, place: Array) -> Array:
    """World points (T, P, 3) as x, y of the picture (0 to 1) and depth in picture widths."""
    seen = rotated(points.astype(np.float32), signer.view)  # a face has many points: half the bytes, half the time
    near = signer.distance / (signer.distance + seen[..., 2:])  # what is closer looks larger
    seen[..., :2] = seen[..., :2] * near + place.astype(np.float32) / signer.scale
    seen *= np.float32(signer.scale) / np.array([signer.aspect, 1.0, signer.aspect], dtype=np.float32)
    return seen


def lost(hand: Array, seconds: Array, signer: Signer, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """In which frames (T,) a hand (T, 21, 3) is lost: outside the picture, at its border, too fast, or by bad luck."""
    inside = ((hand[..., :2] > 0) & (hand[..., :2] < 1)).all(-1).mean(-1)  # the part of the hand that is in the picture
    velocity = np.gradient(hand.mean(1)[:, :2] * (signer.aspect, 1.0), seconds, axis=0)
    speed = np.linalg.norm(velocity, axis=-1) / signer.scale  # shoulder widths a second
    luck = drift(rng, seconds, 5.0, 1)[:, 0]
    return np.asarray((inside < 0.45) | (luck + 0.35 * speed + 2 * (1 - inside) > 3.1 - 0.9 * signer.losses))


def tracked(body: Body, seconds: Array, signer: Signer, rng: np.random.Generator) -> lm.Floats:
    """The frames (T, 1662) of a clip as a landmarker would store them."""
    frames = len(seconds)
    place = signer.centre + rng.normal(0, 0.008, 2) + 0.003 * drift(rng, seconds, 0.5, 2)[:, None]  # (T, 1, 2)
    pose, face, left, right = (pictured(points, signer, place) for points in body)

    def jittered(points: Array, amount: float) -> Array:
        noise = rng.standard_normal(points.shape, dtype=np.float32)
        noise += 0.7 * drift(rng, seconds, 3.0, 3)[:, None].astype(np.float32)  # a part wanders as a whole as well
        noise *= signer.jitter * amount * np.array([1 / signer.aspect, 1.0, 2.0], dtype=np.float32)
        return np.asarray(points + noise)

    stored = np.zeros((frames, lm.FRAME_SIZE), dtype=np.float32)

    outside = np.abs(pose[..., :2] - 0.5).max(-1) - 0.5  # (T, 33): above 0 beyond the picture
    hips = pose[:, [lm.LEFT_HIP, lm.RIGHT_HIP], 2].mean(1)
    depth = DEPTH * (pose[..., 2] - hips[:, None])
    guess = (
        np.clip(outside, 0, 0.5)[..., None] * 0.15 * drift(rng, seconds, 1.0, lm.POSE.points * 3).reshape(frames, -1, 3)
    )
    seen = 1 / (1 + np.exp(np.clip(14 * (outside + 0.1) - 5 + 0.5 * drift(rng, seconds, 1.0, lm.POSE.points), -50, 50)))
    points = jittered(np.concatenate([pose[..., :2], depth[..., None]], axis=-1), 1.0) + guess
    lm.POSE.of(stored)[:] = np.concatenate([points, seen[..., None]], axis=-1)

    middle = face[..., 2].mean(1)[:, None]
    face[..., 2] -= middle
    lm.FACE.of(stored)[:] = jittered(face, 0.4)
    stored[drift(rng, seconds, 4.0, 1)[:, 0] > 2.75, lm.FACE.slice] = 0

    gone = [lost(hand, seconds, signer, rng) for hand in (left, right)]
    apart = np.linalg.norm((left - right).mean(1)[:, :2] * (signer.aspect, 1.0), axis=-1) / signer.scale
    confused = (apart < 0.3) & (drift(rng, seconds, 3.0, 1)[:, 0] > 0.8)  # one hand before the other: one is found
    gone[int(rng.integers(2))] |= confused
    for part, hand, missing in ((lm.LEFT_HAND, left, gone[0]), (lm.RIGHT_HAND, right, gone[1])):
        hand[..., 2] -= hand[:, :1, 2]
        part.of(stored)[:] = jittered(hand, 0.8)
        stored[missing, part.slice] = 0
    return stored
