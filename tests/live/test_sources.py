"""Where pictures come from: cameras that are missing or stop, and videos."""

from __future__ import annotations

from functools import partial

import cv2
import numpy as np
import pytest
from support.cameras import Unplugged
from support.drawn import draw_video, number_of
from support.fakes import landmark

from isl.errors import InputError
from isl.extract.recordings import find_recordings
from isl.live import sources
from isl.live.sources import CameraLost, open_source
from isl.recognition.items import Item, Tables, find, read_item
from isl.vision.video import Video


def test_a_missing_camera_is_one_line_that_says_what_to_do():
    with pytest.raises(InputError, match="source=9: camera 9 can't be opened"):
        open_source(9)


def test_a_missing_video_is_one_line(tmp_path):
    with pytest.raises(InputError, match="no such video"):
        open_source(str(tmp_path / "none.mp4"))


def test_a_folder_of_pictures_is_the_same_recording_in_extract_infer_and_live(tmp_path, monkeypatch):
    folder = tmp_path / "videos" / "Doctor" / "take"
    folder.mkdir(parents=True)
    drawn = Video(draw_video(tmp_path / "a.avi", 12, fps=10))
    for i, (_, rgb) in enumerate(drawn):
        if i != 4:
            cv2.imwrite(str(folder / f"x_{i}.jpg"), cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR))
    monkeypatch.setattr("isl.vision.landmarking.landmark_video", partial(landmark, frames=60))
    (item,) = find(tmp_path / "videos")
    assert item == Item(folder, "Doctor")
    inferred = read_item(item, Tables())
    source = open_source(str(folder))
    seen = [number_of(rgb) for _, rgb in source]
    assert seen == [0, 1, 2, 3, *range(5, 12)]
    assert list(inferred.remarks) == list(source.remarks) and "1 are missing" in source.remarks[1]
    (recording,) = find_recordings(tmp_path / "videos").recordings
    assert (recording.path, recording.word, recording.clip) == (folder, "Doctor", "take")
    frames, facts = landmark(recording.path, None)
    assert (frames[:, 0] - 1).tolist() == seen and facts.remarks == source.remarks
    np.testing.assert_array_equal(inferred.frames, landmark(recording.path, 60)[0])


def test_a_camera_that_stops_is_lost(monkeypatch):
    monkeypatch.setattr(sources.cv2, "VideoCapture", Unplugged)
    monkeypatch.setattr(sources, "LOST_AFTER", 0.05)
    got: list = []
    with pytest.raises(CameraLost, match="unplugged"):
        got.extend(open_source("0"))
    source = open_source(0)
    assert len([next(iter(source)) for _ in range(2)]) == 2
