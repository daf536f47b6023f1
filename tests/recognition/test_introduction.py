"""The lines about the recogniser that a command uses."""

from __future__ import annotations

from types import SimpleNamespace

from isl.recognition.checkpoint import Checkpoint
from isl.recognition.introduction import describe
from isl.weights import SHIPPED


def lines(tmp_path, **about):
    recognizer = SimpleNamespace(words=["Doctor"], seconds=2.0, aspect=1.0, about=about, description="1 word, of mine")
    return describe(recognizer, [tmp_path / "best.ckpt"])


def test_the_file_and_its_description_are_in_one_line(tmp_path):
    (line,) = lines(tmp_path, seconds=2.0, aspect=1.3)
    assert line.endswith("best.ckpt (1 word, of mine)")


def test_a_shipped_checkpoint_is_named_and_a_path_is_as_short_as_it_can_be(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    recognizer = SimpleNamespace(words=["I"], about={"seconds": 1, "aspect": 1}, description="1 word")
    assert describe(recognizer, [SHIPPED["isl18"]]) == ["checkpoint: isl18, which comes with isl (1 word)"]
    assert describe(recognizer, [tmp_path / "a.ckpt"]) == ["checkpoint: a.ckpt (1 word)"]


def test_assumed_values_are_printed(tmp_path):
    _, seconds, aspect = lines(tmp_path, data="x")
    assert "2 s are assumed" in seconds and "1 is assumed" in aspect


def test_the_data_are_named_without_the_class_that_read_them():
    about = {"data": "FolderClips my_landmarks: 4 clips of 2 words", "temperature": 1.0}
    assert Checkpoint(["Hello"], {}, {}, {}, about).describe() == (
        "1 word, trained on my_landmarks: 4 clips of 2 words"
    )
