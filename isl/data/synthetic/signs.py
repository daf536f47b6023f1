"""The vocabulary of the generated signs: hand shapes, orientations, places, paths, and the words built from them.

These signs are invented and belong to no real language. They are built from the parameters that linguists use to
describe a sign: hand shape, orientation, place, movement and the role of the other hand (Stokoe, Sign Language
Structure, 1960). Each word is named after its parameters, so that a confusion matrix shows which parameters the network
confuses. None of them stands for a word of any sign language.

All vectors are those of the right hand of a right-handed signer, seen by a camera: x to the signer's left, y down,
z away from the camera, in shoulder widths of an average signer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

# Knuckle and curl (0 straight, 1 bent) of index, middle, ring and little finger; spread; thumb out, thumb folded in
_SHAPES = {
    "flat": "0 0  0 0  0 0  0 0   0.1  0.2 0",
    "five": "0 0  0 0  0 0  0 0   1.0  1.0 0",
    "fist": "1 1  1 1  1 1  1 1   0.0  0.0 1",
    "point": "0 0  1 1  1 1  1 1   0.0  0.0 1",
    "vee": "0 0  0 0  1 1  1 1   0.9  0.0 1",
    "claw": "0.3 0.7  0.3 0.7  0.3 0.7  0.3 0.7   0.8  0.8 0.2",
    "pinch": "0.7 0.5  0.1 0.1  0 0  0 0   0.5  0.5 0.7",
    "thumb": "1 1  1 1  1 1  1 1   0.0  1.0 0",
    "relaxed": "0.25 0.3  0.3 0.3  0.35 0.35  0.4 0.4   0.2  0.4 0.2",
}
SHAPES: dict[str, Array] = {name: np.array([float(n) for n in row.split()]) for name, row in _SHAPES.items()}  # (11,)

# Direction of the fingers, direction of the palm
_TURNS = {
    "up-out": "0.1 -1 -0.2   0 0 -1",
    "up-in": "0.3 -1 0   0 0 1",
    "up-across": "0.1 -1 -0.2   1 0 0",
    "across-in": "1 -0.3 -0.1   0 0 1",
    "across-down": "1 0 -0.3   0 1 0",
    "forward-down": "0.3 -0.3 -1   0 1 -0.3",
    "forward-up": "0.4 -0.2 -1   0 -1 -0.3",
    "forward-across": "0.2 -0.3 -1   1 0 0",
    "hanging": "0.1 1 -0.1   1 0 0.3",
}
TURNS: dict[str, Array] = {
    name: np.array([float(n) for n in row.split()]).reshape(2, 3) for name, row in _TURNS.items()
}

# Place of the middle of the hand: "face" from the nose in head sizes, "trunk" from the middle of the shoulders
PLACES: dict[str, tuple[Literal["face", "trunk"], tuple[float, float, float]]] = {
    "forehead": ("face", (-0.12, -0.30, -0.15)),
    "cheek": ("face", (-0.28, 0.05, -0.05)),
    "chin": ("face", (-0.05, 0.30, -0.20)),
    "shoulder": ("trunk", (0.36, 0.10, -0.30)),
    "chest": ("trunk", (-0.02, 0.38, -0.30)),
    "neutral": ("trunk", (-0.28, 0.46, -0.50)),
    "side": ("trunk", (-0.70, 0.08, -0.40)),
}

Path = Literal["tap", "out", "down", "up", "away", "arc", "circle", "shake", "nod", "twist"]
OtherHand = Literal["", "both", "turns", "base"]  # at rest, as the first hand, half a cycle later, held below it


@dataclass(frozen=True)
class SyntheticSign:
    """One invented sign, of no real language. ``repeats`` counts the strokes of its path; ``size`` scales the path."""

    shape: str
    place: str
    path: Path
    turn: str
    other: OtherHand = ""
    repeats: int = 1
    size: float = 1.0
    remark: str = ""  # added to the name if the other parameters are those of another word

    @property
    def name(self) -> str:
        return "-".join(filter(None, (self.shape, self.place, self.path, self.other, self.remark)))


# The order matters: `words=12` takes the first twelve. Neighbours are often minimal pairs: one parameter differs.
VOCABULARY = (
    SyntheticSign("point", "forehead", "tap", "up-in", repeats=2),
    SyntheticSign("point", "chin", "tap", "up-in", repeats=2),  # the place
    SyntheticSign("flat", "chest", "circle", "across-in", repeats=2),
    SyntheticSign("fist", "chest", "circle", "across-in", repeats=2),  # the hand shape
    SyntheticSign("flat", "side", "shake", "up-out", repeats=3),
    SyntheticSign("flat", "side", "down", "up-out"),  # the path
    SyntheticSign("flat", "side", "shake", "across-down", repeats=3, remark="lying"),  # the orientation
    SyntheticSign("five", "neutral", "nod", "forward-down", repeats=2),
    SyntheticSign("five", "neutral", "nod", "forward-down", "both", repeats=2),  # the other hand
    SyntheticSign("fist", "neutral", "tap", "forward-across", "base", repeats=2),
    SyntheticSign("vee", "shoulder", "away", "across-in", size=1.4),
    SyntheticSign("claw", "chest", "away", "across-in", "both"),
    # Harder pairs, which differ only in the course of the movement or the turn of the palm
    SyntheticSign("five", "neutral", "nod", "forward-down", "turns", repeats=2),
    SyntheticSign("flat", "side", "twist", "up-out", repeats=3),
    SyntheticSign("point", "chin", "twist", "up-in", repeats=2),
    SyntheticSign("flat", "neutral", "arc", "forward-up"),
    SyntheticSign("flat", "neutral", "arc", "forward-down", remark="turned"),
    SyntheticSign("thumb", "neutral", "up", "forward-across"),
    SyntheticSign("thumb", "neutral", "up", "forward-across", "base"),
    SyntheticSign("flat", "chin", "out", "up-in"),
    SyntheticSign("vee", "chin", "out", "up-in"),
    SyntheticSign("pinch", "cheek", "tap", "up-across", repeats=2),
    SyntheticSign("pinch", "neutral", "down", "forward-down", "both"),
    SyntheticSign("five", "forehead", "away", "up-out"),
)


def path(kind: Path, progress: Array, cycles: int, late: float = 0.0) -> tuple[Array, Array]:
    """Maps ``progress`` (T,), 0 to 1, to the hand's offsets from its place (T, 3) and its turns about the arm (T,).

    ``late`` shifts a repeated path by a part of its cycle. Offsets are in shoulder widths, turns in radians.
    """
    angle = 2 * np.pi * (cycles * progress + late)
    swing, leave = np.sin(angle), (1 - np.cos(angle)) / 2  # there and back: around the place, away from it
    once = progress * progress * (3 - 2 * progress)  # from 0 to 1 with a smooth start and stop
    still = np.zeros_like(progress)
    offsets: dict[Path, tuple[Array, Array, Array]] = {  # x, y, z
        "tap": (-0.2 * leave, 0.25 * leave, -0.3 * leave),
        "out": (-0.1 * once, 0.4 * once, -0.5 * once),
        "down": (still, 0.45 * (once - 0.5), still),
        "up": (still, -0.45 * (once - 0.5), still),
        "away": (-0.5 * once, 0.1 * once, still),
        "arc": (-0.5 * (once - 0.5), -0.3 * np.sin(np.pi * once), still),
        "circle": (0.25 * swing, -0.25 * np.cos(angle), still),
        "shake": (0.3 * swing, still, still),
        "nod": (still, 0.35 * swing, still),
        "twist": (still, still, still),
    }
    return np.stack(offsets[kind], axis=-1), 1.4 * swing if kind == "twist" else still
