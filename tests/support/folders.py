"""Folders of generated clips on disk, as a user would have them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from isl.data.synthetic import SyntheticClips


def save_clips(root: Path, words: int = 4, signers: int = 2, clips: int = 2, seed: int = 9) -> Path:
    """Writes generated clips as ``<root>/<word>/<signer>_<take>.npy`` and returns ``root``.

    With three words in a vocabulary of generated signs, the fourth one is another sign.
    """
    made = SyntheticClips(words, signers, clips, seed).load()
    for i, name in enumerate(made.name):
        path = root / f"{name}.npy"
        path.parent.mkdir(parents=True, exist_ok=True)
        np.save(path, np.asarray(made.clip(i)))
    return root
