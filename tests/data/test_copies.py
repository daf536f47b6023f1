from __future__ import annotations

import numpy as np
import pytest
from support.people import person_clip

from isl.data.copies import near_copies, trace
from isl.data.folder import FolderClips
from isl.data.splits.splitters import Stratified

TAKES = [person_clip(seed, 30) for seed in range(6)]
COPIES = {
    "float16": lambda clip: clip.astype(np.float16),
    "noise": lambda clip: np.where(clip != 0, clip + np.random.default_rng(0).normal(0, 0.001, clip.shape), 0),
    "a frame shorter": lambda clip: clip[1:],
    "cut at the end": lambda clip: clip[:-3],
    "cut at both ends": lambda clip: clip[2:-2],
    "extracted again, with twice as many frames": lambda clip: clip.repeat(2, 0)[:-1] / 2 + clip.repeat(2, 0)[1:] / 2,
}


@pytest.mark.parametrize("name", COPIES)
def test_a_copy_that_is_nearly_the_same_is_found(name):
    clips = [*TAKES, COPIES[name](TAKES[2]).astype(np.float32)]
    assert near_copies([trace(clip) for clip in clips]).tolist() == [0, 1, 2, 3, 4, 5, 2]


def test_takes_of_one_sign_are_no_copies(isl18):
    clips = [np.load(path).astype(np.float32) for path in sorted(isl18.glob("Hello/*.npy"))]
    assert near_copies([trace(clip) for clip in clips]).tolist() == list(range(60))
    assert near_copies([]).tolist() == [] and near_copies([trace(TAKES[0])]).tolist() == [0]
    still = [np.zeros_like(trace(TAKES[0]))] * 3
    assert near_copies(still).tolist() == [0, 1, 2]


def test_copies_are_found_among_hundreds_of_similar_takes_of_a_word(isl18):
    rng = np.random.default_rng(0)
    signed = [trace(np.load(path).astype(np.float32)) for path in sorted(isl18.glob("Hello/*.npy"))[:12]]
    takes = [
        signed[i % 12] + np.float32(0.01) * np.linspace(rng.normal(size=14), rng.normal(size=14), 30).astype(np.float32)
        for i in range(1200)
    ]
    assert near_copies(takes).tolist() == list(range(1200))
    copies = [takes[i].astype(np.float16).astype(np.float32)[i % 2 :] for i in range(0, 1200, 10)]
    assert near_copies(takes + copies)[1200:].tolist() == list(range(0, 1200, 10))


def test_identical_clips_are_one_group_however_many():
    assert near_copies([trace(TAKES[i % 2]) for i in range(3000)]).tolist() == [0, 1] * 1500


def test_numbers_that_are_no_landmarks_have_no_copies():
    wild = [np.where(trace(take) != 0, trace(take) * np.float32(1e30), 0) for take in TAKES[:2] * 2]
    assert near_copies([*wild, trace(TAKES[2]), trace(TAKES[2])[1:]]).tolist() == [0, 1, 2, 3, 4, 4]


def test_every_split_keeps_copies_together_and_reports_them(tmp_path, capsys):
    for word in ("Doctor", "Fever"):
        (tmp_path / word).mkdir()
        for i in range(10):
            clip = person_clip(i + 20 * (word == "Fever"), 30)
            np.save(tmp_path / word / f"{i}.npy", clip)
            np.save(tmp_path / word / f"{i}_half.npy", clip.astype(np.float16)[1:])
    clips = FolderClips(str(tmp_path)).load()
    assert "20 of 40 clips are nearly the same as another" in capsys.readouterr().err
    for seed in range(5):
        split = Stratified(seed)(clips)
        side = {int(i): name for name in ("train", "val", "test") for i in getattr(split, name)}
        for i in range(0, 40, 2):
            assert side[i] == side[i + 1]
