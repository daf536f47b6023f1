"""Generated signs outside the vocabulary, for the background. They are invented and belong to no real language."""

from __future__ import annotations

from typing import get_args

import numpy as np

from isl.config.options import whole
from isl.data.clips import Clips
from isl.data.synthetic import Take, collect, perform
from isl.data.synthetic.signer import drawn
from isl.data.synthetic.signs import PLACES, SHAPES, TURNS, Array, Path, SyntheticSign


class OtherSigns:
    """``signs`` invented signs, which belong to no real language, with ``takes`` takes of each, each by another signer.

    Each sign has its own hand shape: each finger is taken from one of two known shapes, then bent a little. Place, turn
    of the palm, path and role of the other hand are random. All clips are determined by ``seed``; a larger set contains
    the smaller ones.

    Raises:
        InputError: a number is out of range.
    """

    def __init__(self, signs: int = 300, takes: int = 4, seed: int = 0) -> None:
        self.signs = whole(signs, "background.synthetic.signs", 1)
        self.takes = whole(takes, "background.synthetic.takes", 1)
        self.seed = whole(seed, "background.synthetic.seed")

    def load(self) -> Clips:
        """Generate the signs, in about 6 ms per clip."""
        takes = []
        for sign in range(self.signs):
            word, shape = invented(np.random.default_rng([self.seed, 3, sign]))
            for take in range(self.takes):
                rng = np.random.default_rng([self.seed, 4, sign, take])
                number = int(rng.integers(1_000_000))
                signer, who = drawn(number, self.seed), f"generated{number:06d}"
                takes.append(Take(sign, who, who, signer.aspect, *perform(word, signer, rng, shape)))
        return collect([f"generated {sign:04d}" for sign in range(self.signs)], takes)


def invented(rng: np.random.Generator) -> tuple[SyntheticSign, Array]:
    """Returns an invented sign and its hand shape ``(11,)``, see ``isl.data.synthetic.signs.SHAPES``."""
    shapes = [name for name in SHAPES if name != "relaxed"]
    one, other = (SHAPES[str(name)] for name in rng.choice(shapes, 2))
    shape = np.where(rng.random(len(one)) < 0.5, one, other)
    if rng.random() < 0.7:
        shape = np.clip(shape + rng.normal(0, 0.12, len(shape)), 0, 1)
    word = SyntheticSign(
        shape="relaxed",  # a name of the vocabulary; `shape` replaces it
        place=str(rng.choice(list(PLACES))),
        path=str(rng.choice(get_args(Path))),  # type: ignore[arg-type]
        turn=str(rng.choice(list(TURNS))),
        other=str(rng.choice(["", "", "both", "turns", "base"])),  # type: ignore[arg-type]
        repeats=int(rng.integers(1, 4)),
        size=float(rng.choice([0.5, 1.0, 1.0, 1.6])),
    )
    return word, shape
