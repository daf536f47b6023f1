from __future__ import annotations

import cv2
import numpy as np
import pytest
from support.drawn import draw_video, number_of

from isl.errors import InputError
from isl.vision.cut import FRAMES, Cut
from isl.vision.pictures import in_order
from isl.vision.video import Video


@pytest.fixture
def drawn(tmp_path):
    """A video of twelve frames, each of which shows its number."""
    return draw_video(tmp_path / "a.avi", 12, fps=10)


def test_a_folder_of_pictures_is_the_video_that_it_was(drawn, tmp_path):
    folder = tmp_path / "frames"
    folder.mkdir()
    for i, (_, rgb) in enumerate(Video(drawn)):
        cv2.imwrite(str(folder / f"x_{i}.png"), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    (folder / "notes.txt").touch()
    video = Video(folder)
    assert [number_of(rgb) for _, rgb in video] == [number_of(rgb) for _, rgb in Video(drawn)] == list(range(12))
    assert video.facts().frames == 12 and any("folder of pictures" in remark for remark in video.facts().remarks)
    assert [number_of(rgb) for rgb in video.frames_at([0, 5, 11])] == [0, 5, 11]
    assert len(video.packet_times()) == 12


def test_missing_pictures_are_named_and_leave_the_others_at_their_times(tmp_path):
    for i in (10, 20, 30, 50, 70):  # every tenth frame was stored; 40 and 60 are gone
        cv2.imwrite(str(tmp_path / f"x_{i:03d}.png"), np.full((48, 64, 3), i, np.uint8))
    video = Video(tmp_path)
    assert [round(seconds * 30) for seconds, _ in video] == [0, 1, 2, 4, 6]
    assert "between its first and last picture 2 are missing by their numbers" in video.facts().remarks
    assert video.facts().frames == 5 and video.facts().seconds == pytest.approx(0.25, abs=0.001)


def test_pictures_are_ordered_by_number_and_not_by_name():
    names = [f"x_{i}.jpg" for i in range(12)]
    assert in_order(sorted(names)) == names
    assert in_order(["IMG 2 (1).jpg", "IMG 2 (10).jpg", "IMG 2 (2).jpg"]) == [f"IMG 2 ({i}).jpg" for i in (1, 2, 10)]


@pytest.mark.parametrize(
    "names", [["a.jpg", "b.jpg"], ["a1.jpg", "b1.jpg"], ["a1.jpg"], ["a1.jpg", "b2.jpg"], ["1.txt"]]
)
def test_other_pictures_are_no_video(names):
    assert not in_order(names)


def test_a_picture_that_cannot_be_decoded_is_named(tmp_path):
    cv2.imwrite(str(tmp_path / "1.png"), np.zeros((48, 64, 3), np.uint8))
    (tmp_path / "2.png").write_bytes(b"none")
    with pytest.raises(InputError, match=r"2\.png: this picture cannot be decoded"):
        list(Video(tmp_path))


@pytest.mark.parametrize("cut", [Cut(3, 7, FRAMES), Cut(0.29, 0.69), Cut(3, None, FRAMES)])
def test_a_cut_is_the_frames_between_start_and_end(drawn, cut):
    numbers = list(range(3, 12 if cut.end is None else 7))
    video = Video(drawn, cut)  # 10 frames a second
    assert [number_of(rgb) for _, rgb in video] == numbers
    assert len(video.packet_times()) == video.facts().frames == len(numbers)
    assert [number_of(rgb) for rgb in video.frames_at([0, 1])] == numbers[:2]
    assert not video.facts().remarks


def test_a_cut_that_ends_behind_the_video_has_a_remark(drawn):
    (remark,) = Video(drawn, Cut(0.5, 9.0)).facts().remarks
    assert remark == "it ends after 1.1 s, before the end of 0.5 to 9 s"
    assert not Video(drawn, Cut(0.5, 1.2)).facts().remarks


def test_a_cut_behind_the_end_is_refused(drawn):
    with pytest.raises(InputError, match="frame 12"):
        Video(drawn, Cut(20, 30, FRAMES)).facts()
