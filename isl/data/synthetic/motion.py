"""Motion of both hands for an invented word and a signer: position, orientation and hand shape over time."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from isl.data.synthetic.signer import Signer
from isl.data.synthetic.signs import PLACES, SHAPES, TURNS, Array, SyntheticSign, path

FACE_FRONT = -0.38  # z of the nose's root: the head is in front of the shoulders
BASE = (0.12, 0.78, -0.62)  # place of the held hand, in the right hand's coordinates


class Course(NamedTuple):
    """One hand over T frames, in the coordinates of a right hand; the left hand's course is mirrored later."""

    centre: Array  # (T, 3): the middle of the hand
    fingers: Array  # (T, 3): unit vectors along the hand
    palm: Array  # (T, 3): unit vectors out of the palm
    shape: Array  # (T, 11), see signs.SHAPES


class Clip(NamedTuple):
    seconds: Array  # (T,): the time of each frame
    right: Course
    left: Course


def drift(rng: np.random.Generator, seconds: Array, hertz: float, size: int) -> Array:
    """Returns smooth noise of unit variance, ``(T, size)``: sums of eight waves of at most ``hertz``."""
    angle = 2 * np.pi * seconds[:, None] * rng.uniform(0.2, 1.0, 8) * hertz
    waves = np.concatenate([np.sin(angle), np.cos(angle)], axis=1)  # (T, 16)
    return np.asarray(waves @ rng.normal(0, np.sqrt(1 / 8), (16, size)))


def unit(vectors: npt.NDArray[Any]) -> Array:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def rotate(points: Array, about: Array) -> Array:
    """Turns points by rotation vectors (Rodrigues): ``(..., P, 3)`` and ``(..., 3)`` to ``(..., P, 3)``."""
    angle = np.linalg.norm(about, axis=-1)[..., None, None]
    x, y, z = np.moveaxis(about, -1, 0) / np.maximum(angle[..., 0, 0], 1e-9)
    still = np.zeros_like(x)
    cross = np.stack([still, -z, y, z, still, -x, -y, x, still], axis=-1).reshape(*x.shape, 3, 3)
    turn = np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * (cross @ cross)
    return np.asarray(points @ np.swapaxes(turn, -1, -2).astype(points.dtype))


def ease(progress: Array) -> Array:
    """Maps progress 0 to 1 to that of a hand at rest at both ends (minimum jerk, Flash and Hogan 1985)."""
    p = np.clip(progress, 0, 1)
    return np.asarray(p**3 * (10 - 15 * p + 6 * p * p))


def place(word: SyntheticSign, signer: Signer) -> Array:
    """Returns the place of the word for this signer, (3,)."""
    origin, offset = PLACES[word.place]
    if origin == "face":
        return np.array([0, -signer.neck, FACE_FRONT]) + np.array(offset) * signer.head + signer.shift
    return np.array(offset) * (signer.shoulders, signer.trunk / 1.4, 1.0) + signer.shift


def clip(word: SyntheticSign, signer: Signer, rng: np.random.Generator, shape: Array | None = None) -> Clip:
    """Generates one take: rest, reach, sign, return, rest, with small random variations.

    ``shape (11,)`` replaces the hand shape of ``word``.
    """
    named = SHAPES[word.shape] if shape is None else shape
    tempo = signer.speed * np.exp(rng.normal(0, 0.05))
    stroke = 0.5 + 0.4 * word.repeats
    lengths = np.array([rng.uniform(0, 0.1), 0.35, stroke, 0.35, rng.uniform(0, 0.1)])
    lengths[1:4] *= np.exp(rng.normal(0, 0.07, 3)) / tempo
    ends = lengths.cumsum()
    seconds = np.arange(max(8, round(ends[-1] * signer.fps))) / signer.fps  # (T,)
    raised = ease((seconds - ends[0]) / lengths[1]) * ease((ends[3] - seconds) / lengths[3])  # 0 at rest, 1 signing
    progress = np.clip((seconds - ends[1]) / lengths[2], 0, 1)
    progress = progress + rng.normal(0, 0.03) * np.sin(2 * np.pi * progress)  # an uneven rhythm

    size = word.size * signer.amplitude * np.exp(rng.normal(0, 0.06))
    target = place(word, signer) + rng.normal(0, 0.015, 3)
    tilt = signer.tilt + rng.normal(0, 0.04, 3)
    firm = 1 - signer.slack * rng.uniform(0.6, 1.2)

    def course(weight: Array, goal: Array, shape: Array, turn: str, late: float, moves: bool) -> Course:
        offset, twist = path(word.path, progress, word.repeats, late)
        offset, twist = offset * size * moves, twist * moves
        fingers, palm = rotate(unit(TURNS[turn]), tilt)
        hang, inward = TURNS["hanging"]
        w = weight[:, None]
        along = unit(unit(hang) * (1 - w) + fingers * w)  # (T, 3)
        out = rotate((inward * (1 - w) + palm * w)[:, None], along * twist[:, None])[:, 0]
        out = unit(out - along * (out * along).sum(-1, keepdims=True))
        still = signer.rest - [signer.shoulders / 2, 0, 0]
        held = SHAPES["relaxed"] * (1 - firm) + shape * firm
        centre = still * (1 - w) + (goal + offset) * w + 0.012 * drift(rng, seconds, 1.5, 3)
        return Course(centre, along, out, SHAPES["relaxed"] * (1 - w) + held * w)

    right = course(raised, target, named, word.turn, 0.0, True)
    if word.other in ("both", "turns"):
        late = 0.5 if word.other == "turns" else 0.0
        left = course(raised, target + rng.normal(0, 0.02, 3), named, word.turn, late, True)
    elif word.other == "base":
        left = course(raised, np.array(BASE) + signer.shift, SHAPES["flat"], "across-in", 0.0, False)
    else:
        left = course(raised * signer.echo, target, SHAPES["relaxed"], "across-in", 0.0, False)
    return Clip(seconds, right, left)
