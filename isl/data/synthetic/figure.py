"""A body from the course of the hands: arms by inverse kinematics, hands from finger bones, head and face."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np

from isl import landmarks as lm
from isl.data.synthetic.motion import FACE_FRONT, Clip, Course, drift, rotate, unit
from isl.data.synthetic.signer import Signer
from isl.data.synthetic.signs import Array

HEAD_POINTS = slice(lm.NOSE, lm.LEFT_SHOULDER)
STUBS = (17, 5, 2)  # hand points that the pose repeats after each wrist: roots of little finger, index, thumb

# Head points of the pose around the nose: nose; eye inner, middle, outer of the left and the right; ears; mouth corners
_HEAD = np.array(
    [(0.0, 0.0, -0.1)]
    + [(side * x, -0.10, 0.02) for side in (1, -1) for x in (0.06, 0.105, 0.15)]
    + [(side * 0.21, -0.04, 0.35) for side in (1, -1)]
    + [(side * 0.085, 0.12, 0.0) for side in (1, -1)]
)
# Legs: knees, ankles, heels, toes, as (x, y below the hips); a webcam does not show them and the tracker guesses
_LEGS = np.array([(0.33, 1.15), (0.32, 2.2), (0.33, 2.35), (0.28, 2.5)])


class Body(NamedTuple):
    """Points in shoulder widths, x to the picture's right, y down, z away from the camera; (T, points, 3) each."""

    pose: Array
    face: Array
    left_hand: Array
    right_hand: Array

    def mirror(self) -> Body:
        flip = np.array([-1.0, 1.0, 1.0])
        return Body(
            self.pose[:, lm.POSE_MIRROR] * flip,
            self.face[:, lm.FACE_MIRROR] * flip,
            self.right_hand * flip,
            self.left_hand * flip,
        )


@cache
def face_mesh() -> Array:
    """Builds a simple face, (468, 3), mirror-symmetric, in shoulder widths, with the tip of the nose near 0.

    Lips, eyes, brows and nose are at their usual places; the other points fill an ellipse evenly. No real mesh is used.
    """
    mesh = np.zeros((lm.FACE.points, 3))
    placed = np.zeros(lm.FACE.points, dtype=bool)

    def put(points: tuple[int, ...], x: Array, y: Array) -> None:
        mesh[list(points), 0], mesh[list(points), 1], placed[list(points)] = x, y, True

    round_lips = np.pi * (1 - np.arange(20) / 10)  # from the right corner over the upper lip
    for ring, width, height in ((lm.LIPS[:20], 0.085, 0.045), (lm.LIPS[20:], 0.07, 0.015)):
        put(ring, width * np.cos(round_lips), 0.13 - height * np.sin(round_lips))
    lower, upper = np.pi * np.arange(9) / 8, np.pi * np.arange(1, 8) / 8  # from the outer corner inwards
    lids_x = np.concatenate([-np.cos(lower), -np.cos(upper)])
    lids_y = np.concatenate([np.sin(lower), -np.sin(upper)])
    along = np.tile(np.linspace(-1, 1, 5), 2)
    arch = np.repeat([-0.155, -0.175], 5) - 0.02 * (1 - along**2)
    for side, eye, brow in ((1, lm.EYES[:16], lm.BROWS[:10]), (-1, lm.EYES[16:], lm.BROWS[10:])):
        put(eye, side * (-0.105 + 0.045 * lids_x), -0.10 + 0.018 * lids_y)
        put(brow, side * (-0.115 + 0.06 * along), arch)
    nose = np.array([1, 4, 3, 3, 0, -2, -8.5, -11, -4, -6]) / 100
    put(lm.NOSE_RIDGE, np.array([0, 0, -0.035, 0.035, 0, 0, 0, 0, 0, 0]), nose)

    points = np.arange(lm.FACE.points)
    middle = points[(points == lm.FACE_MIRROR) & ~placed]
    mesh[middle, 1] = np.linspace(-0.3, 0.25, len(middle))
    right = points[(points < lm.FACE_MIRROR) & ~placed]
    k = np.arange(len(right)) + 0.5
    radius, angle = np.sqrt(k / len(right)), np.pi * ((k * 0.618034) % 1.0)
    mesh[right, 0], mesh[right, 1] = -0.24 * radius * np.sin(angle), -0.025 - 0.275 * radius * np.cos(angle)
    mesh[lm.FACE_MIRROR[right]] = mesh[right] * [-1, 1, 1]

    inside = 1 - (mesh[:, 0] / 0.25) ** 2 - ((mesh[:, 1] + 0.025) / 0.285) ** 2
    mesh[:, 2] = 0.2 - 0.22 * np.sqrt(np.clip(inside, 0, 1))
    mesh[list(lm.NOSE_RIDGE), 2] -= np.array([10, 6, 4, 4, 10, 9, 1, 0, 6, 4]) / 100
    return mesh.astype(np.float32)


def hand_points(course: Course, length: float) -> Array:
    """Returns the 21 points of a right hand around its wrist, (T, 21, 3): each finger is a chain of three bones."""
    u, n = course.fingers[:, None], course.palm[:, None]  # (T, 1, 3)
    v = np.cross(u, n)  # towards the thumb
    bends, spread, thumb = np.split(course.shape, [8, 9], axis=1)  # (T, 8), (T, 1), (T, 2)
    out, fold = thumb[:, :1, None], thumb[:, 1:, None]  # (T, 1, 1)
    points = np.zeros((len(u), lm.LEFT_HAND.points, 3))

    sideways = np.array([0.14, 0.02, -0.10, -0.21])[:, None]  # roots of index to little finger, in hand lengths
    forward = np.array([0.50, 0.51, 0.48, 0.43])[:, None]
    root = forward * u + sideways * v  # (T, 4, 3)
    fan = (0.05 + 0.25 * spread) * np.array([1.0, 0.2, -0.6, -1.3])  # (T, 4)
    ahead = np.cos(fan)[..., None] * u + np.sin(fan)[..., None] * v
    knuckle, curl = bends[:, ::2] * 1.4, bends[:, 1::2]  # (T, 4): radians, and 0 (straight) to 1 (bent)
    bones = np.array([0.95, 1.0, 0.93, 0.75])[:, None] * np.array([0.24, 0.14, 0.11])  # (4, 3)
    points[:, [finger[0] for finger in lm.FINGERS[1:]]] = root
    joint, flexion = root, knuckle
    for bone in range(3):
        direction = np.cos(flexion)[..., None] * ahead + np.sin(flexion)[..., None] * n
        joint = joint + bones[:, bone, None] * direction
        points[:, [finger[bone + 1] for finger in lm.FINGERS[1:]]] = joint
        flexion = flexion + curl * (1.7, 1.0, 0.0)[bone]

    thumb_root = 0.12 * u + 0.10 * v + 0.03 * n
    opened = (0.75 - 0.25 * out) * u + (0.35 + 0.45 * out) * v + 0.2 * n
    closed = 0.6 * u - 0.3 * v + 0.65 * n
    base = unit(0.6 * u + (0.4 + 0.25 * out) * v + (0.2 + 0.2 * fold) * n)
    tip = unit(opened + fold * (closed - opened))
    steps = np.stack([thumb_root, 0.2 * base, 0.16 * unit(base + tip), 0.13 * tip], axis=2)[:, 0]  # (T, 4, 3)
    points[:, list(lm.FINGERS[0])] = steps.cumsum(1)
    return points * length


def arm(course: Course, shoulder: Array, signer: Signer) -> tuple[Array, Array, Array]:
    """Returns elbow (T, 3), wrist (T, 3) and hand (T, 21, 3) of a right arm with shoulder ``shoulder`` (T, 3)."""
    wrist = course.centre - 0.5 * signer.hand * course.fingers
    reach = wrist - shoulder
    far = np.linalg.norm(reach, axis=-1, keepdims=True)
    upper, fore = signer.upper_arm, signer.forearm
    length = np.clip(far, abs(upper - fore) + 0.05, 0.985 * (upper + fore))  # distance that the two bones can reach
    ahead = reach / np.maximum(far, 1e-6)
    wrist = shoulder + ahead * length
    cosine = (upper**2 + length**2 - fore**2) / (2 * upper * length)
    hang = np.array([-0.5, 1.0, 0.35])  # elbows hang outwards and back
    aside = unit(hang - ahead * (ahead @ hang)[:, None])
    elbow = shoulder + upper * (cosine * ahead + np.sqrt(np.clip(1 - cosine**2, 0, 1)) * aside)
    return elbow, wrist, wrist[:, None] + hand_points(course, signer.hand)


def body(clip: Clip, signer: Signer, rng: np.random.Generator) -> Body:
    """Returns the signer's whole body in every frame, right-handed; mirror it for a left-handed signer."""
    frames = len(clip.seconds)
    sway = 0.015 * drift(rng, clip.seconds, 0.6, 3)  # (T, 3)
    pose = np.zeros((frames, lm.POSE.points, 3))
    half, flip = signer.shoulders / 2, np.array([-1.0, 1.0, 1.0])
    hands = []
    for side, course, first in ((1, clip.right, lm.RIGHT_SHOULDER), (-1, clip.left, lm.LEFT_SHOULDER)):
        mirror = np.array([1.0, 1.0, 1.0]) if side == 1 else flip
        lifted = np.clip(0.5 - course.centre[:, 1:2], 0, 1.2) * [0.04, -0.05, 0.0]  # a raised arm lifts its shoulder
        shoulder = np.array([-half, 0, 0]) + lifted
        elbow, wrist, hand = (points * mirror for points in arm(course, shoulder, signer))
        hands.append(hand)
        # Left and right points alternate in the pose, so that the next joint of a side is two points later
        pose[:, first], pose[:, first + 2], pose[:, first + 4] = shoulder * mirror, elbow, wrist
        for stub, point in enumerate(STUBS):
            pose[:, first + 6 + 2 * stub] = hand[:, point]
        pose[:, first + lm.LEFT_HIP - lm.LEFT_SHOULDER] = np.array([-0.36 * signer.shoulders, signer.trunk, 0]) * mirror
        legs = np.array([(-x, signer.trunk + y, 0.1) for x, y in _LEGS]) * mirror
        pose[:, lm.LEFT_HIP + 2 + (side == 1) :: 2] = legs

    turn = 0.05 * drift(rng, clip.seconds, 0.8, 3)  # (T, 3): the head nods, turns and leans a little
    nose = np.array([0, -signer.neck, FACE_FRONT])
    throat = np.array([0, -0.15, -0.1])
    pose[:, HEAD_POINTS], face = (
        throat + rotate(points * signer.head + nose - throat, turn) for points in (_HEAD, face_mesh())
    )
    shift = sway[:, None]
    return Body(pose + shift, face + shift, hands[1] + shift, hands[0] + shift)
