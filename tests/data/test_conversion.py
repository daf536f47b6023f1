from __future__ import annotations

import os

import numpy as np
import pytest
from support.people import person_clip

from isl.data.conversion import convert
from isl.data.folder import FolderClips
from isl.data.formats.contract import AS_STORED
from isl.errors import InputError
from isl.landmarks import FACE, LEFT_HAND, POSE, RIGHT_HAND


@pytest.fixture
def twisted(tmp_path):
    """Three words in another order than ours, with a table."""
    root = tmp_path / "theirs"
    for word in ("Doctor", "Fever"):
        (root / word).mkdir(parents=True)
        for i in range(3):
            clip = person_clip(i)
            order = (FACE, POSE, LEFT_HAND, RIGHT_HAND)
            np.save(root / word / f"{i}.npy", np.concatenate([clip[:, part.slice] for part in order], 1))
    (root / "clips.csv").write_text("word,clip,group,fps,width,height\nDoctor,0,anna,25,640,480\n")
    return root


@pytest.mark.parametrize("kind", ["npy", "frames", "npz", "pose", "parquet"])
def test_a_converted_dataset_is_the_one_that_it_was_made_from(tmp_path, twisted, kind, capsys):
    written, remarks, failed = convert(twisted, tmp_path / "ours", kind, AS_STORED)
    assert (written, failed) == (6, []) and "data.order=[face,pose" in remarks[0]
    ours, theirs = FolderClips(str(tmp_path / "ours")).load(), FolderClips(str(twisted)).load()
    assert (ours.words, ours.name) == (theirs.words, theirs.name)
    np.testing.assert_allclose(ours.frames, theirs.frames, atol=2e-6)
    np.testing.assert_allclose(ours.aspect, theirs.aspect, rtol=1e-3)
    assert ours.columns["group"] == theirs.columns["group"]
    np.testing.assert_allclose(ours.seconds[0], theirs.seconds[0], rtol=1e-6)


def test_a_bad_clip_is_named_and_the_others_are_written(tmp_path, twisted):
    (twisted / "Fever" / "bad.npy").write_bytes(b"text")
    written, _, failed = convert(twisted, tmp_path / "ours", "npz", AS_STORED)
    assert written == 6 and len(failed) == 1 and "bad.npy: not a .npy file" in failed[0]


@pytest.mark.parametrize(
    ("source", "output", "kind", "reason"),
    [
        ("theirs", "ours", "zip", "format=zip: choose"),
        ("nowhere", "ours", "npy", "no such file or folder"),
        ("theirs", "theirs", "npy", "the input itself"),
        ("theirs", "theirs/clips.csv", "npy", "this is a file"),
    ],
)
def test_options_that_cannot_be_are_refused(tmp_path, twisted, source, output, kind, reason):
    with pytest.raises(InputError, match=reason):
        convert(tmp_path / source, tmp_path / output, kind, AS_STORED)


def test_a_pipe_is_refused_and_not_opened(tmp_path):
    os.mkfifo(tmp_path / "theirs.npy")
    with pytest.raises(InputError, match="a pipe, socket or device"):
        convert(tmp_path / "theirs.npy", tmp_path / "ours", "npy", AS_STORED)
