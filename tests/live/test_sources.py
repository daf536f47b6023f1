"""Where pictures come from: cameras that are missing or stop, and videos."""

from __future__ import annotations

import pytest
from support.cameras import Unplugged

from isl.errors import InputError
from isl.live import sources
from isl.live.sources import CameraLost, open_source


def test_a_missing_camera_is_one_line_that_says_what_to_do():
    with pytest.raises(InputError, match="source=9: camera 9 can't be opened"):
        open_source(9)


def test_a_missing_video_is_one_line(tmp_path):
    with pytest.raises(InputError, match="no such video"):
        open_source(str(tmp_path / "none.mp4"))


def test_a_camera_that_stops_is_lost(monkeypatch):
    monkeypatch.setattr(sources.cv2, "VideoCapture", Unplugged)
    monkeypatch.setattr(sources, "LOST_AFTER", 0.05)
    got: list = []
    with pytest.raises(CameraLost, match="unplugged"):
        got.extend(open_source("0"))
    source = open_source(0)
    assert len([next(iter(source)) for _ in range(2)]) == 2
