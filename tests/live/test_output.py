"""Annotated films on disk."""

from __future__ import annotations

import numpy as np
import pytest

from isl.errors import InputError
from isl.live.output import VideoFile


def test_a_film_without_pictures_leaves_nothing(tmp_path):
    assert VideoFile(tmp_path / "a.mp4").close() is None
    assert not list(tmp_path.iterdir())


def test_a_film_survives_time_and_size_that_jump(tmp_path):
    from isl.video import Video

    film = VideoFile(tmp_path / "a.mp4")
    for seconds, size in ((0.0, 480), (0.1, 480), (0.2, 200), (-5.0, 480), (0.3, 900), (900.0, 480), (900.1, 480)):
        film.add(seconds, np.zeros((size, size + 160, 3), np.uint8))
    assert film.close()
    assert 5 <= Video(tmp_path / "a.mp4").frames <= 20


def test_a_film_must_be_an_mp4(tmp_path):
    with pytest.raises(InputError, match=r"record=.*\.mp4"):
        VideoFile(tmp_path / "a.txt")
