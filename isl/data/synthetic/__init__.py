"""Generated signs: a dataset without a download, for a first run, for tests and for experiments about signers.

These signs are invented and belong to no real language. Generated words (signs.py) are signed (motion.py) by generated
signers (signer.py) with a body (figure.py) and stored as a landmarker would report them (tracker.py). A good score here
is no evidence about real recordings; a method that fails here will fail on recordings too.
"""

from __future__ import annotations

import hashlib
from itertools import product
from typing import NamedTuple

import numpy as np

from isl.config.options import whole
from isl.console import command_line
from isl.data.clips import Clips
from isl.data.synthetic.figure import body
from isl.data.synthetic.motion import clip
from isl.data.synthetic.signer import Signer, drawn
from isl.data.synthetic.signs import VOCABULARY, Array, SyntheticSign
from isl.data.synthetic.tracker import track
from isl.errors import InputError
from isl.landmarks import Floats

MOST = 100_000  # clips: nine minutes to make, 40 GB in memory


def perform(
    word: SyntheticSign, signer: Signer, rng: np.random.Generator, shape: Array | None = None
) -> tuple[Floats, float]:
    """Generates one take of an invented word: its frames ``(T, 1662)`` and its length in seconds.

    ``shape (11,)`` replaces the hand shape of ``word``.
    """
    course = clip(word, signer, rng, shape)
    posed = body(course, signer, rng)
    frames = track(posed.mirror() if signer.left_handed else posed, course.seconds, signer, rng)
    return frames, len(frames) / signer.fps


class Take(NamedTuple):
    """One generated clip of the word ``label``."""

    label: int
    name: str  # without the word
    group: str
    aspect: float
    frames: Floats  # (T, 1662)
    seconds: float


def collect(words: list[str], takes: list[Take]) -> Clips:
    """Returns the takes, in their order, as a dataset."""
    return Clips(
        words=words,
        frames=np.concatenate([take.frames for take in takes]),
        start=np.cumsum([0, *(len(take.frames) for take in takes)], dtype=np.int64),
        label=np.array([take.label for take in takes], np.int64),
        name=[f"{words[take.label]}/{take.name}" for take in takes],
        aspect=np.array([take.aspect for take in takes], np.float32),
        seconds=np.array([take.seconds for take in takes], np.float32),
        digest=[hashlib.blake2b(take.frames.data, digest_size=16).hexdigest() for take in takes],
        columns={"group": [take.group for take in takes]},
    )


class SyntheticClips:
    """``words`` words signed ``clips`` times by each of ``signers`` signers; groups are signers.

    The signs are invented and belong to no real language. All clips are determined by ``seed``. A clip depends on its
    word, signer and take alone, so that a larger set contains the smaller ones.

    Raises:
        InputError: a number is out of range.
    """

    notice = (
        "These are generated signs by generated signers: scores say that everything works, nothing about people.\n"
        f"For recordings: {command_line('train')} data=folder data.root=<folder with a folder a word>"
    )

    def __init__(self, words: int = 12, signers: int = 6, clips: int = 8, seed: int = 0) -> None:
        self.words = whole(words, "data.words", 2)
        if words > len(VOCABULARY):
            raise InputError(f"data.words={words}: the vocabulary of generated signs ends at {len(VOCABULARY)}")
        self.signers = whole(signers, "data.signers", 1)
        self.clips = whole(clips, "data.clips", 1)
        if (count := words * signers * clips) > MOST:
            raise InputError(f"data.clips={clips}: {count:,} clips of all words and signers; at most {MOST:,} are made")
        self.seed = whole(seed, "data.seed", 0)

    def load(self) -> Clips:
        """Generate the dataset, in about 5 ms per clip."""
        words = sorted(VOCABULARY[: self.words], key=lambda word: word.name)
        signers = [drawn(number, self.seed) for number in range(self.signers)]
        rows = list(product(range(self.words), range(self.signers), range(self.clips)))
        takes = []
        for label, number, take in rows:
            rng = np.random.default_rng([self.seed, 2, VOCABULARY.index(words[label]), number, take])
            signer, who = signers[number], f"signer{number + 1:02d}"
            takes.append(Take(label, f"{who}_{take:02d}", who, signer.aspect, *perform(words[label], signer, rng)))
        return collect([word.name for word in words], takes)
