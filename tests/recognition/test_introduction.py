"""The lines about the recogniser that a command uses."""

from __future__ import annotations

from types import SimpleNamespace

from isl.recognition.checkpoint import Checkpoint
from isl.recognition.introduction import describe


def lines(tmp_path, **about):
    recognizer = SimpleNamespace(words=["Doctor"], seconds=2.0, aspect=1.0, about=about, description="1 word, of mine")
    return describe(recognizer, [tmp_path / "best.ckpt"])


def test_the_file_and_its_description_are_in_one_line(tmp_path):
    (line,) = lines(tmp_path, seconds=2.0, aspect=1.3)
    assert line.endswith("best.ckpt (1 word, of mine)")


def test_assumed_values_are_printed(tmp_path):
    _, seconds, aspect = lines(tmp_path, data="x")
    assert "2 s are assumed" in seconds and "1 is assumed" in aspect


def test_the_data_are_named_without_the_class_that_read_them():
    about = {"data": "FolderClips my_landmarks: 4 clips of 2 words", "temperature": 1.0}
    assert Checkpoint(["Hello"], {}, {}, {}, about).describe() == (
        "1 word, trained on my_landmarks: 4 clips of 2 words"
    )
