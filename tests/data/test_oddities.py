from __future__ import annotations

import numpy as np
import pytest
from support.people import person_clip

from isl.data.examination import examine
from isl.data.folder import FolderClips
from isl.data.layout import ClipPath
from isl.data.oddities import ClipOddities
from isl.landmarks import FRAME_SIZE


def test_gaps_short_clips_and_clips_without_a_person_are_named(tmp_path, capsys):
    for word in ("Doctor", "Fever"):
        for i in range(4):
            folder = tmp_path / word / str(i)
            folder.mkdir(parents=True)
            for t, frame in enumerate(person_clip(i + 10 * (word == "Fever"), 20)):
                np.save(folder / f"{t}.npy", frame)
    (tmp_path / "Doctor" / "1" / "7.npy").unlink()
    for t in range(4, 20):
        (tmp_path / "Fever" / "2" / f"{t}.npy").unlink()
    for t in range(20):
        np.save(tmp_path / "Fever" / "3" / f"{t}.npy", np.zeros(FRAME_SIZE))
    FolderClips(str(tmp_path)).load()
    said = capsys.readouterr().err
    for line in ("Doctor/1: numbers of frames", "Fever/2: far shorter", "Fever/3: nobody"):
        assert line in said
        assert any(line in remark for remark in examine(tmp_path).remarks)


def test_a_sound_folder_has_no_remark(tmp_path, capsys):
    for word in ("Doctor", "Fever"):
        (tmp_path / word).mkdir()
        for i in range(3):
            np.save(tmp_path / word / f"{i}.npy", person_clip(i + 10 * (word == "Fever"), 20))
    FolderClips(str(tmp_path)).load()
    assert capsys.readouterr().err == "" and examine(tmp_path).remarks == []


def test_clips_far_longer_than_the_others_are_named():
    oddities = ClipOddities()
    for name, frames in (("1", 30), ("2", 30), ("3", 300)):
        oddities.add(ClipPath("a", name, ""), person_clip(0, frames))
    (line,) = oddities.lines()
    assert line.startswith("a/3: far longer") and "segment=true" in line


@pytest.mark.parametrize("last", [0, -1])
def test_clips_that_were_filled_up_to_one_length_are_named(tmp_path, capsys, last):
    for word in ("Doctor", "Fever"):
        (tmp_path / word).mkdir()
        for i in range(3):
            clip = person_clip(i + 10 * (word == "Fever"), 20)
            filling = np.repeat(clip[-1:] * -last, 12 if word == "Fever" else 0, 0)
            np.save(tmp_path / word / f"{i}.npy", np.concatenate([clip, filling]))
    FolderClips(str(tmp_path)).load()
    line = "Fever/0, Fever/1, Fever/2: many equal frames at the end"
    assert line in capsys.readouterr().err and any(line in remark for remark in examine(tmp_path).remarks)
