"""Datasets for tests: folders of generated clips as a user would have them, clips that are only names, tables."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from isl.data.clips import Clips
from isl.data.folder import FolderClips
from isl.data.synthetic import SyntheticClips
from isl.errors import InputError
from isl.landmarks import FRAME_SIZE


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


def clips_of(names: list[str], digest: list[str] | None = None, columns: dict[str, list[str]] | None = None) -> Clips:
    """Returns clips with these names, "<word>/<clip>", of one empty frame each."""
    words = sorted({name.split("/")[0] for name in names})
    count = len(names)
    return Clips(
        words=words,
        frames=np.zeros((count, FRAME_SIZE), np.float32),
        start=np.arange(count + 1),
        label=np.array([words.index(name.split("/")[0]) for name in names], np.int64),
        name=names,
        aspect=np.ones(count, np.float32),
        seconds=np.full(count, np.nan, np.float32),
        digest=digest or [str(i) for i in range(count)],
        columns=columns or {},
    )


def load(root: Path, **options: object) -> Clips:
    """Returns the clips of a folder."""
    return FolderClips(str(root), **options).load()  # type: ignore[arg-type]


def message(root: Path | None, **options: object) -> str:
    """Returns the message with which a folder is refused."""
    with pytest.raises(InputError) as caught:
        FolderClips(None if root is None else str(root), **options).load()  # type: ignore[arg-type]
    return str(caught.value)


def table(path: Path) -> dict[str, dict[str, str]]:
    """Returns the rows of a CSV file by "<word>/<clip>"; {} if it is absent."""
    if not path.is_file():
        return {}
    with path.open(newline="") as file:
        return {f"{row['word']}/{row['clip']}": row for row in csv.DictReader(file)}
