"""Faults of a camera and of a landmarker: pictures, times and landmarks that no right one gives."""

from __future__ import annotations

import numpy as np
from support.signing import RESTING

from isl.landmarks import FRAME_SIZE

RNG = np.random.default_rng(0)
PICTURES = {
    "black": np.zeros((48, 64, 3), np.uint8),
    "white": np.full((48, 64, 3), 255, np.uint8),
    "noise": RNG.integers(0, 256, (48, 64, 3), np.uint8),
    "one pixel": np.zeros((1, 1, 3), np.uint8),
    "a line": np.zeros((2, 900, 3), np.uint8),
    "a column": np.zeros((900, 2, 3), np.uint8),
    "empty": np.zeros((0, 64, 3), np.uint8),
    "huge": np.zeros((2160, 3840, 3), np.uint8),
    "larger": np.zeros((96, 128, 3), np.uint8),
    "upright": np.zeros((128, 96, 3), np.uint8),
    "grey": np.zeros((48, 64), np.uint8),
    "with opacity": np.zeros((48, 64, 4), np.uint8),
    "of fractions": np.full((48, 64, 3), np.nan, np.float32),
    "no picture": None,
    "text": "picture",
    "in pieces": RNG.integers(0, 256, (64, 48, 3), np.uint8).swapaxes(0, 1)[::-1],
}
TIMES = {  # seconds from the frame before
    "back a little": -0.5, "back to the start": -1e9, "far ahead": 3600.0, "for ever": np.inf, "never": np.nan,
    "at once": 0.0, "a pause": 5.0,
}  # fmt: skip
LANDMARKS = {
    "not a number": np.full(FRAME_SIZE, np.nan, np.float32),
    "infinite": np.full(FRAME_SIZE, np.inf, np.float32),
    "far out": np.full(FRAME_SIZE, 1e30, np.float32),
    "one not a number": np.where(np.arange(FRAME_SIZE) == 700, np.nan, RESTING),
    "too few": np.zeros(3, np.float32),
    "too many": np.zeros((2, FRAME_SIZE), np.float32),
    "none": None,
    "words": np.array(["no"] * FRAME_SIZE),
}
# Fifty of them, each kind several times, in another order each time
KINDS = [*PICTURES, *TIMES, *LANDMARKS]
FAULTS = [KINDS[i] for i in RNG.permutation(np.tile(np.arange(len(KINDS)), 2))][:50]
