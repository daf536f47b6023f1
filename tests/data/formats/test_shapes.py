from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isl.data.formats.contract import AS_STORED, ReadAs
from isl.data.formats.reading import read_as_clip
from isl.data.formats.shapes import KAGGLE, STORED
from isl.errors import InputError
from isl.landmarks import FACE, FRAME_SIZE, LEFT_HAND, PARTS, POSE, RIGHT_HAND, NotFiniteError

CLIP = np.random.default_rng(0).uniform(0.1, 0.9, (5, FRAME_SIZE)).astype(np.float32)


def to_clip(raw, where, read_as=AS_STORED):
    return read_as_clip(raw, where, read_as).frames


def stored(blocks, dtype=np.float64):
    """`CLIP` as an array of these blocks: extra points are 9, fewer dimensions are cut off, further ones are 7."""
    columns = []
    for part, points, dims in blocks:
        block = np.full((len(CLIP), points, dims), 9.0)
        block[:, : part.points] = 7
        own = part.of(CLIP)[..., : min(dims, part.dims)]
        block[:, : part.points, : own.shape[2]] = own
        columns.append(block.reshape(len(CLIP), -1))
    return np.concatenate(columns, 1).astype(dtype)


def expected(blocks):
    """Returns the clip to expect: absent parts and dimensions are 0, a visibility that was not stored is 1."""
    clip = np.zeros_like(CLIP)
    for part, _, dims in blocks:
        points = np.zeros((len(CLIP), part.points, part.dims), np.float32)
        kept = min(dims, part.dims)
        points[..., :kept] = part.of(CLIP)[..., :kept]
        if part is POSE and dims < 4:
            points[..., 3] = 1
        clip[:, part.slice] = points.reshape(len(CLIP), -1)
    return clip


@pytest.mark.parametrize("blocks", STORED, ids=lambda blocks: "-".join(f"{b[0].name}{b[1]}x{b[2]}" for b in blocks))
def test_every_combination_of_parts_is_read_back(blocks):
    order = tuple(block[0] for block in blocks)
    np.testing.assert_array_equal(to_clip(stored(blocks), "x", ReadAs(order=order)), expected(blocks))


@pytest.mark.parametrize(("width", "parts"), [(258, 3), (126, 2), (225, 3), (1629, 4), (1692, 4), (FRAME_SIZE, 4)])
def test_the_widths_of_public_folders_need_no_option(width, parts):
    blocks = next(b for b in STORED if sum(n * d for _, n, d in b) == width)
    assert len(blocks) == parts
    np.testing.assert_array_equal(to_clip(stored(blocks), "x"), expected(blocks))


@pytest.mark.parametrize("dims", [3, 4])
def test_points_of_all_parts_are_in_the_order_of_the_tool_that_writes_them(dims):
    order = KAGGLE if dims == 3 else PARTS
    points = stored([(part, part.points, dims) for part in order]).reshape(len(CLIP), -1, dims)
    np.testing.assert_array_equal(to_clip(points, "x"), expected([(part, part.points, dims) for part in order]))


@pytest.mark.parametrize("shape", [(1, 5, FRAME_SIZE), (5, 1, FRAME_SIZE), (5, FRAME_SIZE, 1), (1, 5, FRAME_SIZE, 1)])
def test_axes_of_length_one_are_no_trouble(shape):
    np.testing.assert_array_equal(to_clip(CLIP.reshape(shape), "x"), CLIP)


def test_one_frame_of_points_keeps_its_axis():
    points = stored([(part, part.points, 3) for part in KAGGLE])[:1].reshape(1, -1, 3)
    assert to_clip(points, "x").shape == (1, FRAME_SIZE)


def test_a_part_that_is_nan_in_a_frame_is_missing_there():
    clip = CLIP.copy()
    clip[2, LEFT_HAND.slice] = np.nan
    read = to_clip(clip, "x")
    assert not read[2, LEFT_HAND.slice].any() and read[1, LEFT_HAND.slice].all()
    assert to_clip(np.full_like(clip, np.nan), "x").any() == np.False_


@given(st.sampled_from(range(FRAME_SIZE)), st.sampled_from([np.nan, np.inf, -np.inf]))
def test_nan_among_sound_numbers_is_refused(column, value):
    clip = CLIP.copy()
    clip[3, column] = value
    with pytest.raises(NotFiniteError, match="frame 3"):
        to_clip(clip, "x")


def test_a_single_hand_needs_an_option_for_its_side():
    with pytest.raises(InputError, match=r"data.order=\[right_hand\]"):
        to_clip(CLIP[:, RIGHT_HAND.slice], "x")
    clip = to_clip(CLIP[:, RIGHT_HAND.slice], "x", ReadAs(order=(RIGHT_HAND,)))
    np.testing.assert_array_equal(clip[:, RIGHT_HAND.slice], CLIP[:, RIGHT_HAND.slice])
    assert not clip[:, : RIGHT_HAND.start].any()


@pytest.mark.parametrize("shape", [(5, 1600), (5, 170), (2, 5, FRAME_SIZE), (5, 27, 2), (2, 3, 5, FRAME_SIZE)])
def test_other_shapes_are_refused_by_name(shape):
    with pytest.raises(InputError, match=r"here: shape \("):
        to_clip(np.ones(shape), "here")


def test_an_order_that_does_not_fit_the_shape_is_refused():
    with pytest.raises(InputError, match="as pose, face"):
        to_clip(CLIP, "x", ReadAs(order=(POSE, FACE)))
