"""Oddities that only landmarks show are said; a usual clip has none."""

from __future__ import annotations

import numpy as np
import pytest
from support.oddities import find_oddities
from support.signing import NOBODY, RESTING, signing

from isl.landmarks import FACE, LEFT_HAND, POSE, RIGHT_HAND
from isl.vision import video_oddities


def person(**changes):
    """A standing person, nose above the shoulders."""
    frame = signing(0).copy()
    points = frame[POSE.slice].reshape(-1, 4)
    points[0, :2] = 0.5, 0.2
    return frame


def moved(frame, move):
    """The frame with ``move`` applied to the x and y of all points."""
    frame = frame.copy()
    for part in (POSE, FACE, LEFT_HAND, RIGHT_HAND):
        points = frame[part.slice].reshape(-1, part.dims)
        if points.any():
            points[:, 0], points[:, 1] = move(points[:, 0].copy(), points[:, 1].copy())
    return frame


TURNS = {"90": lambda x, y: (1 - y, x), "-90": lambda x, y: (y, 1 - x), "180": lambda x, y: (1 - x, 1 - y)}


def test_a_usual_clip_has_no_oddities():
    assert not list(find_oddities(np.stack([person()] * 30), 1.0))


@pytest.mark.parametrize("degrees", list(TURNS))
def test_a_turned_picture_is_reported(degrees):
    (line,) = find_oddities(np.stack([moved(person(), TURNS[degrees])] * 30), 1.0)
    assert f"turned by {degrees} degrees" in line.replace("-180", "180") and "ffmpeg" in line


def test_many_lost_frames_are_reported():
    (line,) = find_oddities(np.stack([person()] * 12 + [NOBODY] * 18), 1.0)
    assert "nobody is found in 60%" in line


def test_two_people_are_reported():
    other = moved(person(), lambda x, y: (x - 0.4, y))
    (line,) = find_oddities(np.stack([*[person()] * 5, *[other] * 5] * 3), 1.0)
    assert "two people" in line


def test_a_signer_who_moves_is_one_person():
    clip = np.stack([moved(person(), lambda x, y, k=k: (x - 0.01 * k, y)) for k in range(30)])
    assert not list(find_oddities(clip, 1.0)) and RESTING.any()


def test_a_film_of_any_length_takes_the_memory_of_its_first_frames(monkeypatch):
    monkeypatch.setattr(video_oddities, "MOST", 12)
    many = video_oddities.Oddities()
    for _ in range(30):
        many.add(person())
        many.add(NOBODY)
    (line,) = many.lines(1.0)
    assert "nobody is found in 50%" in line and len(many._numbers) == 7 * 12
