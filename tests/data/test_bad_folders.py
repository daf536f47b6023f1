"""Files and folders that cannot be read are refused or skipped, each with its reason."""

from __future__ import annotations

import io
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.folders import load, message
from support.people import random_clip

from isl.data.folder import FolderClips
from isl.data.layout import clip_at
from isl.data.reading_options import read_clip
from isl.errors import InputError
from isl.landmarks import FRAME_SIZE

MakeDataset = Callable[..., Path]


def npy(array: np.ndarray, pickled: bool = False) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=pickled)
    return file.getvalue()


CLIPS = {"Doctor": ["a_0", "b_0"], "Fever": ["a_0", "b_0"], "Pain": ["a_0", "a_1", "a_2"]}
GOOD = random_clip(np.random.default_rng(0), 4)


ONE_NUMBER = np.arange(GOOD.size).reshape(GOOD.shape) == 2 * FRAME_SIZE + 9


BAD_FILES = {
    "width": (npy(GOOD[:, :1600]), "shape (4, 1600), but a frame has 1662 numbers"),
    "nan": (
        npy(np.where(np.arange(4 * FRAME_SIZE).reshape(4, -1) == 2 * FRAME_SIZE + 9, np.nan, GOOD)),
        "NaN or infinity in frame 2",
    ),
    "no frames": (npy(GOOD[:0]), "no frames"),
    "truncated": (npy(GOOD)[:-100], "truncated or damaged"),
    "header only": (npy(GOOD)[:40], "truncated or damaged"),
    "empty": (b"", "an empty file"),
    "pickle": (pickle.dumps([1, 2]), "no array of frames in it"),
    "objects": (npy(np.array([{}]), pickled=True), "objects that are not rows of numbers"),
    "text": (b"not an array", "not a .npy file"),
    "strings": (npy(np.array([["a"] * FRAME_SIZE])), "an array of <U1, not landmarks"),
    "complex": (npy(GOOD.astype(complex)), "an array of complex128, not landmarks"),
    "one frame": (npy(GOOD[0]), "one frame, not a clip; is its folder the clip, and data.root= one folder too deep?"),
    "volume": (npy(np.stack([GOOD, GOOD])), "shape (2, 4, 1662)"),
    "huge": (npy(GOOD).replace(b"(4, 1662)", b"(9999999999999, 1662)".ljust(9)), "truncated or damaged"),
}


@pytest.mark.parametrize("case", BAD_FILES)
def test_on_error_decides_whether_a_bad_clip_stops_or_is_skipped(
    make_dataset: MakeDataset, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    root = make_dataset(CLIPS)
    content, reason = BAD_FILES[case]
    (root / "Fever" / "bad.npy").write_bytes(content)
    text = message(root)
    assert f"{root / 'Fever' / 'bad.npy'}: " in text and reason in text and "data.on_error=skip" in text
    assert "\n" not in text
    capsys.readouterr()
    clips = load(root, on_error="skip")
    assert len(clips) == 7 and "Fever/bad" not in clips.name
    told = capsys.readouterr().err
    assert told.startswith("1 of 8 clips skipped: ") and str(root / "Fever" / "bad.npy") in told
    load(root, on_error="skip")  # from the cache, and said again
    assert "1 of 8 clips skipped" in capsys.readouterr().err


@given(st.binary(max_size=300), st.booleans())
def test_no_bytes_get_past_the_reader(tmp_path_factory: pytest.TempPathFactory, content: bytes, header: bool) -> None:
    path = tmp_path_factory.getbasetemp() / "any.npy"
    path.write_bytes(b"\x93NUMPY\x01\x00v\x00" + content if header else content)
    with pytest.raises(InputError, match=r"any\.npy"):
        read_clip(clip_at(path))


def test_many_unreadable_clips_are_counted(make_dataset: MakeDataset) -> None:
    root = make_dataset(CLIPS)
    for i in range(3):
        (root / "Pain" / f"a_{i}.npy").write_bytes(b"")
    assert message(root).startswith(f"3 of 7 clips can't be read, the first is {root / 'Pain' / 'a_0.npy'}: an empty")


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({}, "no frames"),
        ({"left.npy": GOOD[0]}, "holds frame_<i>.npy or <i>.npy"),
        ({"1.npy": GOOD[0], "frame_1.npy": GOOD[0]}, "a second frame 1"),
        ({"0.npy": GOOD[0], "1.npy": GOOD}, "4 frames, but a frame file holds one"),
        ({"0.npy": GOOD[0], "1.npy": GOOD[0, :10]}, "1.npy: shape (10,)"),
        ({"0.npy": GOOD[0], "1.npy": GOOD[0] * np.inf}, "NaN or infinity in frame 1"),
    ],
)
def test_bad_folder_of_frames_is_refused(make_dataset: MakeDataset, files: dict[str, np.ndarray], reason: str) -> None:
    root = make_dataset(CLIPS, layout="i")
    (root / "Pain" / "bad").mkdir()
    for name, frame in files.items():
        np.save(root / "Pain" / "bad" / name, frame)
    assert str(root / "Pain" / "bad") in message(root) and reason in message(root)
    assert len(load(root, on_error="skip")) == 7


def test_clip_that_is_file_and_folder_is_refused(make_dataset: MakeDataset) -> None:
    root = make_dataset({"a": ["1", "2"], "b": ["1", "2"]}, layout="i")
    np.save(root / "a" / "1.npy", GOOD)
    assert "1 exists both as a file and as a folder" in message(root)


def test_link_to_nowhere_is_an_unreadable_clip(make_dataset: MakeDataset) -> None:
    root = make_dataset()
    (root / "Pain" / "lost.npy").symlink_to(root / "nowhere.npy")
    assert "lost.npy: no such file or directory" in message(root)


def test_word_without_clips_is_refused(make_dataset: MakeDataset, tmp_path: Path) -> None:
    root = make_dataset({"one": ["a"], "two": ["a", "b"]}, root=tmp_path / "one")
    (root / "none").mkdir()
    assert f"{root / 'none'}: no clip that can be read; it needs <clip>.npy files" in message(root)
    root = make_dataset({"x": ["a"], "y": ["a", "b"]}, root=tmp_path / "left")
    (root / "x" / "a.npy").write_bytes(b"")
    assert f"{root / 'x'}: no clip that can be read" in message(root, on_error="skip")


def test_a_wrong_root_is_refused_with_the_steps_to_get_the_data(make_dataset: MakeDataset, tmp_path: Path) -> None:
    steps = "To get it:\n  1. ask"
    assert message(tmp_path / "no", help=steps) == f"data.root={tmp_path / 'no'}: no such folder\n{steps}"
    assert message(None, help=steps).startswith("data.root= is not set") and message(None, help=steps).endswith(steps)
    (tmp_path / "empty").mkdir()
    assert "no word folders" in message(tmp_path / "empty", help=steps)
    (tmp_path / "file").write_text("")
    assert "not a folder" in message(tmp_path / "file")


def test_a_folder_without_read_permission_is_refused(
    make_dataset: MakeDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = make_dataset()
    scandir = os.scandir

    def refusing(path: Path) -> object:
        if Path(path).name == "Fever":
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refusing)
    assert message(root) == f"{root / 'Fever'}: permission denied"
    assert "file name too long" in message(Path("x" * 5000))
    with pytest.raises(InputError, match="is not set"):
        FolderClips("").load()


def test_clips_in_folders_of_their_own_are_to_be_moved(tmp_path):
    for i in range(3):
        folder = tmp_path / "Doctor" / f"a{i}"
        folder.mkdir(parents=True)
        np.save(folder / "keypoints.npy", np.zeros((9, FRAME_SIZE)))
    with pytest.raises(InputError, match=r"move a0/keypoints\.npy to a0\.npy"):
        FolderClips(str(tmp_path)).load()
