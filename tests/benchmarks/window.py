"""Draws the picture of the live window in the README, from a generated signer: no person is in it.

python tests/benchmarks/window.py .github/window.png
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from isl.data.synthetic import perform
from isl.data.synthetic.signer import drawn
from isl.data.synthetic.signs import VOCABULARY
from isl.live.picture import compose
from isl.recognition.screen_state import ScreenState
from isl.sentence import Rules
from isl.vision.overlay import png


def window() -> np.ndarray:
    """The picture, RGB: a generated signer in the middle of a sign, and what the window writes beside him."""
    frames, _ = perform(VOCABULARY[3], drawn(1, 0), np.random.default_rng(0))
    words = ("Mother", "Sick", "Hospital")
    state = ScreenState(
        state="accepted",
        top=(("Hospital", 0.96), ("Doctor", 0.02), ("Bed", 0.01), ("Home", 0.01), ("Sick", 0.0)),
        words=words,
        sentence=Rules().write(words).text,
        fps=28.0,
    )
    room = np.linspace(90, 60, 480)[:, None, None] * np.array([0.9, 1.0, 1.1])
    frame = np.broadcast_to(room, (480, 640, 3)).astype(np.uint8)
    return compose(frame, frames[len(frames) // 2], state)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(png(window()))
