"""Annotated films on disk."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from support.drawn import number_of, picture_of

from isl.errors import InputError
from isl.live import encoder
from isl.live.film import DiskFull, Film
from isl.live.screen import action_of
from isl.vision.video import Video


def test_a_film_without_pictures_leaves_no_file(tmp_path):
    assert Film(tmp_path / "a.mp4").close() is None
    assert not list(tmp_path.iterdir())


def test_a_film_survives_time_and_size_that_jump(tmp_path):
    film = Film(tmp_path / "a.mp4")
    for seconds, size in ((0.0, 480), (0.1, 480), (0.2, 200), (-5.0, 480), (0.3, 900), (900.0, 480), (900.1, 480)):
        film.add(seconds, np.zeros((size, size + 160, 3), np.uint8))
    assert film.close()
    assert 5 <= Video(tmp_path / "a.mp4").frames <= 20


@pytest.mark.parametrize(
    ("times", "copies"),
    [
        (np.arange(81) / 100, 1),
        (np.arange(75) / 240, 1),
        (np.r_[np.arange(60) / 10, 6 + np.arange(20) / 3], 3),  # a frame of the slow part stays for three of the fast
        (np.r_[0, 1 + np.arange(80) / 10], 9),
    ],
)
def test_a_film_of_a_file_has_every_frame_and_lasts_as_long(times, copies, tmp_path):
    length = times[-1] * len(times) / (len(times) - 1)
    film = Film(tmp_path / "a.mp4", fps=len(times) / length)
    for number, seconds in enumerate(times):
        film.add(float(seconds), picture_of(number, (64, 48)))
    film.add(float(times[-1]), picture_of(number, (64, 48)))  # again, with what was found at the end
    film.close()
    shown = [number_of(picture) for _, picture in Video(tmp_path / "a.mp4")]
    assert shown == sorted(shown) and set(shown) == set(range(len(times)))
    assert max(np.bincount(shown)) <= copies + 2
    assert Video(tmp_path / "a.mp4").facts().seconds == pytest.approx(length, rel=0.12)


def test_a_film_on_a_full_disk_is_not_reported_as_written(tmp_path, monkeypatch):
    class Full:
        def __init__(self, path, *_):
            Path(path).write_bytes(b"the beginning")

        def isOpened(self):  # noqa: N802
            return True

        def write(self, picture):
            pass

        def release(self):
            pass

    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    monkeypatch.setattr(cv2, "VideoWriter", Full)
    monkeypatch.setattr(Full, "fourcc", staticmethod(lambda *_: 0), raising=False)
    film = Film(tmp_path / "a.mp4")
    film.add(0.0, np.zeros((48, 64, 3), np.uint8))
    with pytest.raises(InputError, match="written completely"):
        film.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("code", "does"),
    [
        (ord("q"), "quit"),
        (ord("Q"), "quit"),  # with Caps Lock
        (0x10000 + ord("Q"), "quit"),
        (27, "quit"),
        (0xFF08, "backspace"),
        (8, "backspace"),
        (0xFF63, None),  # Insert, whose last byte is a c's
        (0xFF7F, None),  # Num Lock, whose last byte is a backspace's
        (ord("x"), None),
        (0xFFE5, None),
    ],
)
def test_a_key_does_one_thing_and_most_do_nothing(code, does):
    assert action_of(code) == does


def test_a_full_disk_ends_a_film_that_keeps_what_it_has(tmp_path, monkeypatch):
    free = [10**12]
    usage = type("Usage", (), {"free": property(lambda _: free[0])})
    monkeypatch.setattr("isl.live.film.shutil.disk_usage", lambda path: usage())
    film = Film(tmp_path / "a.mp4", fps=10.0)
    for number in range(30):
        film.add(number / 10, picture_of(number, (64, 48)))
    free[0] = 1000
    with pytest.raises(DiskFull, match="the film ends after 3 s"):
        film.add(3.1, picture_of(31, (64, 48)))
        film.add(3.2, picture_of(32, (64, 48)))
    assert film.close() == tmp_path / "a.mp4"
    assert Video(tmp_path / "a.mp4").frames == pytest.approx(30, abs=1)


def test_a_disk_that_is_full_at_the_first_picture_leaves_no_film(tmp_path, monkeypatch):
    usage = type("Usage", (), {"free": 1000})
    monkeypatch.setattr("isl.live.film.shutil.disk_usage", lambda path: usage())
    film = Film(tmp_path / "a.mp4", fps=10.0)
    film.add(0.0, picture_of(0, (64, 48)))
    with pytest.raises(DiskFull, match="the disk is full; there is no film"):
        film.add(0.1, picture_of(1, (64, 48)))
    assert film.close() is None and not list(tmp_path.iterdir())


def test_a_film_plays_in_a_browser_where_an_encoder_is_at_hand(tmp_path):
    film = Film(tmp_path / "a.mp4", fps=10.0)
    for number in range(30):
        film.add(number / 10, picture_of(number, (64, 48)))
    film.close()
    code = int(cv2.VideoCapture(str(tmp_path / "a.mp4")).get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little").lower()
    assert code in (b"avc1", b"h264", b"vp09") and film.remark == ""


def test_a_film_without_h264_comes_with_a_remark(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    real = encoder._open_opencv
    monkeypatch.setattr(encoder, "_open_opencv", lambda code, *rest: real(code, *rest) if code == "mp4v" else None)
    film = Film(tmp_path / "a.mp4")
    film.add(0.0, picture_of(1, (64, 48)))
    film.close()
    assert "browsers do not" in film.remark and Video(tmp_path / "a.mp4").frames == 1
