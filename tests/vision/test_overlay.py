from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from isl.landmarks import FACE, FRAME_SIZE, LEFT_HAND, RIGHT_HAND
from isl.vision.overlay import LEFT_COLOUR, RIGHT_COLOUR, contact_sheet, draw_landmarks, png


def blank(height: int = 100, width: int = 200) -> np.ndarray:
    return np.full((height, width, 3), 255, np.uint8)


def hand_at(part, x: float, y: float) -> np.ndarray:
    frame = np.zeros(FRAME_SIZE, np.float32)
    part.of(frame)[:, :2] = (x, y)  # a fist seen from far away
    return frame


def test_a_hand_is_drawn_where_it_is_in_its_colour():
    for part, colour in ((LEFT_HAND, LEFT_COLOUR), (RIGHT_HAND, RIGHT_COLOUR)):
        picture = draw_landmarks(blank(), hand_at(part, 0.75, 0.2))
        assert tuple(picture[20, 150]) == colour
        rows, columns = np.nonzero((picture != 255).any(-1))
        assert abs(rows - 20).max() < 4 and abs(columns - 150).max() < 4


def test_a_part_that_was_not_found_is_not_drawn():
    assert (draw_landmarks(blank(), np.zeros(FRAME_SIZE, np.float32)) == 255).all()


def test_a_face_is_dots():
    frame = np.zeros(FRAME_SIZE, np.float32)
    FACE.of(frame)[:] = 0.5
    picture = draw_landmarks(blank(), frame)
    assert 0 < (picture != 255).any(-1).sum() < 30


@given(st.floats(-1e9, 1e9, width=32))
def test_landmarks_outside_the_picture_do_no_harm(place):
    draw_landmarks(blank(), np.full(FRAME_SIZE, place, np.float32))


def test_a_sheet_has_a_row_a_clip():
    clip = np.stack([hand_at(LEFT_HAND, 0.5, 0.5)] * 9)
    one = contact_sheet([("a", clip, 1.0)], columns=4, height=50)
    two = contact_sheet([("a", clip, 1.0), ("b", clip, 2.0)], columns=4, height=50)
    assert one.shape[1] == 4 * 50 and two.shape == (2 * one.shape[0], 4 * 100, 3)
    assert png(one).startswith(b"\x89PNG")
