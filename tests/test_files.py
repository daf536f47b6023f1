from __future__ import annotations

import os

import pytest

from isl.errors import InputError
from isl.files import destination, replacing, write_text


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_its_place_at_the_end_of_the_block(tmp_path):
    path = tmp_path / "new" / "folder" / "a.png"
    with replacing(path) as unfinished:
        unfinished.write_bytes(b"all of it")
        assert not path.exists() and unfinished.suffix == ".png" and unfinished.name.startswith(".")
    assert path.read_bytes() == b"all of it" and names(path.parent) == ["a.png"]


@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_block_that_fails_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(error), replacing(path) as unfinished:
        unfinished.write_text("ne")
        raise error
    assert path.read_text() == "old" and names(tmp_path) == ["a.txt"]


def test_a_full_disk_leaves_the_old_file(tmp_path, monkeypatch):
    def full(_):
        raise OSError("no space left")

    path = tmp_path / "a.txt"
    path.write_text("old")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_text(path, "new")
    assert path.read_text() == "old" and names(tmp_path) == ["a.txt"]


def test_two_writers_of_one_file_do_not_disturb_each_other(tmp_path):
    path = tmp_path / "a.txt"
    with replacing(path) as first, replacing(path) as second:
        first.write_text("first")
        second.write_text("second")
    assert path.read_text() == "first" and names(tmp_path) == ["a.txt"]  # the inner block ended before the outer


def test_a_folder_is_whole_or_not_there_too(tmp_path):
    with pytest.raises(ValueError), replacing(tmp_path / "clip", workshop=tmp_path / "work") as unfinished:
        unfinished.mkdir()
        (unfinished / "frame_0.npy").touch()
        raise ValueError
    assert names(tmp_path) == ["work"] and names(tmp_path / "work") == []
    with replacing(tmp_path / "clip", workshop=tmp_path / "work") as unfinished:
        unfinished.mkdir()
        (unfinished / "frame_0.npy").touch()
    assert names(tmp_path / "clip") == ["frame_0.npy"] and names(tmp_path / "work") == []


def test_line_ends_stay_as_they_are(tmp_path):
    write_text(tmp_path / "a.csv", "word,clip\r\nFever,1\n")
    assert (tmp_path / "a.csv").read_bytes() == b"word,clip\r\nFever,1\n"


def test_a_destination_is_checked_without_making_it(tmp_path):
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "video.mp4").write_bytes(b"dear")
    (tmp_path / "link.mp4").symlink_to(tmp_path / "video.mp4")
    good = tmp_path / "new" / "a.mp4"
    assert destination(str(good), "film", [".mp4"], [tmp_path / "video.mp4", None, 0]) == good
    for name, says in (
        ("a.txt", "film=.*ends in .mp4"),
        ("folder.mp4", "this is a folder"),
        ("link.mp4", "reads this file"),
        ("folder.mp4/../video.mp4", "reads this file"),
        ("video.mp4/a.mp4", "is a file, not a folder"),
    ):
        with pytest.raises(InputError, match=says):
            destination(tmp_path / name, "film", [".mp4"], [tmp_path / "video.mp4"])
    with pytest.raises(InputError, match="film=5"):
        destination(5, "film", [".mp4"])
    with pytest.raises(InputError, match="reads this file"):
        destination(good, "events", [".mp4"], [good])
    assert names(tmp_path) == ["folder.mp4", "link.mp4", "video.mp4"]
