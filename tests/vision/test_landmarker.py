"""Fifty odd pictures, one after another, through MediaPipe itself."""

from __future__ import annotations

import numpy as np
import pytest

from isl.landmarks import FRAME_SIZE
from isl.vision.landmarker import Landmarker


def odd_pictures(count=50):
    rng = np.random.default_rng(0)
    shapes: list[tuple[int, ...]] = [
        (1, 1, 3),
        (2, 900, 3),
        (900, 2, 3),
        (0, 5, 3),
        (480, 640, 3),
        (240, 320, 3),
        (33, 35, 3),
        (480, 640, 4),
    ]
    shapes += [(480, 640), (481, 641, 3), (2160, 3840, 3)]
    for i in range(count):
        shape = shapes[i % len(shapes)]
        kind = i % 4
        if kind == 0:
            yield np.zeros(shape, np.uint8)
        elif kind == 1:
            yield np.full(shape, 255, np.uint8)
        elif kind == 2:
            yield rng.integers(0, 256, shape, np.uint8)
        else:
            yield np.full(shape, np.nan, np.float32) if i % 8 == 3 else rng.integers(0, 256, shape, np.uint8)[::-1]


@pytest.mark.slow
def test_odd_pictures_give_empty_landmarks():
    landmarker = Landmarker(face=False)
    try:
        for picture in odd_pictures():
            landmarks = landmarker(picture)
            assert landmarks.shape == (FRAME_SIZE,) and np.isfinite(landmarks).all()
    finally:
        landmarker.close()


@pytest.mark.slow
def test_a_person_who_leaves_is_found_again_at_another_size(videos):
    from isl.landmarks import POSE, is_found
    from isl.vision.overlay import resize
    from isl.vision.video import Video

    frames = [rgb for _, rgb in Video(next(videos.glob("*/*.avi")))][30:36]
    landmarker = Landmarker(face=False)
    try:
        assert is_found(landmarker(frames[0]), POSE)
        for _ in range(5):
            gone = is_found(landmarker(np.zeros_like(frames[0])), POSE)
        assert not gone
        assert any(is_found(landmarker(frame), POSE) for frame in frames)
        assert any(is_found(landmarker(resize(frame, 320, 240)), POSE) for frame in frames)
        assert any(is_found(landmarker(resize(frame, 1920, 1440)), POSE) for frame in frames[:2])
    finally:
        landmarker.close()
