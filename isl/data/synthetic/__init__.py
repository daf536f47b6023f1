"""Generated signs: a dataset with no download, for a first run, for tests and for experiments about signers.

Invented words (words.py), signed (motion.py) by invented people (signer.py) with a body (body.py), as a landmarker
would report it (tracker.py). What is easy here is no evidence about recordings; what fails here fails there too.
"""

from __future__ import annotations

import hashlib

import numpy as np

from isl.data.clips import Clips
from isl.data.synthetic.body import body
from isl.data.synthetic.motion import clip
from isl.data.synthetic.signer import Signer, drawn
from isl.data.synthetic.tracker import tracked
from isl.data.synthetic.words import VOCABULARY, Word
from isl.errors import InputError
from isl.landmarks import Floats


def performed(word: Word, signer: Signer, rng: np.random.Generator) -> tuple[Floats, float]:
    """One take of a word: its frames ``(T, 1662)`` and its length in seconds."""
    course = clip(word, signer, rng)
    posed = body(course, signer, rng)
    frames = tracked(posed.mirrored() if signer.left_handed else posed, course.seconds, signer, rng)
    return frames, len(frames) / signer.fps


class SyntheticClips:
    """``words`` words signed ``clips`` times by each of ``signers`` signers; groups are signers.

    Everything follows from ``seed``. A clip depends on its word, signer and take alone, so a larger set holds the
    smaller ones.

    Raises:
        InputError: a number is out of range.
    """

    def __init__(self, words: int = 12, signers: int = 6, clips: int = 8, seed: int = 0) -> None:
        for name, value, least, most in (
            ("words", words, 2, len(VOCABULARY)),
            ("signers", signers, 1, 99),
            ("clips", clips, 1, 99),
            ("seed", seed, 0, 2**63),
        ):
            if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
                raise InputError(f"data.{name}={value}: generated signs need a whole number from {least} to {most}")
        self.words, self.signers, self.clips, self.seed = words, signers, clips, seed

    def load(self) -> Clips:
        """Generate the set: about 5 ms a clip."""
        names = [word.name for word in VOCABULARY[: self.words]]
        order = sorted(names)
        signers = [drawn(number, self.seed) for number in range(self.signers)]
        takes = [
            (order.index(name), number, take, *performed(VOCABULARY[names.index(name)], signers[number], rng))
            for name in order
            for number in range(self.signers)
            for take in range(self.clips)
            for rng in [np.random.default_rng([self.seed, 2, names.index(name), number, take])]
        ]
        frames = [take[3] for take in takes]
        group = [f"signer{take[1] + 1:02d}" for take in takes]
        return Clips(
            words=order,
            frames=np.concatenate(frames),
            start=np.cumsum([0, *map(len, frames)], dtype=np.int64),
            label=np.array([take[0] for take in takes], dtype=np.int64),
            name=[f"{order[take[0]]}/{who}_{take[2]:02d}" for take, who in zip(takes, group, strict=True)],
            aspect=np.array([signers[take[1]].aspect for take in takes], dtype=np.float32),
            seconds=np.array([take[4] for take in takes], dtype=np.float32),
            digest=[hashlib.blake2b(clip, digest_size=16).hexdigest() for clip in frames],
            columns={"group": group},
        )
