from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from isl import landmarks as lm
from isl.errors import InputError

coordinates = st.floats(1 / 128, 127 / 128, width=32)
clips = hnp.arrays(
    np.float32, st.tuples(st.integers(1, 4), st.just(lm.FRAME_SIZE)), elements=coordinates, fill=coordinates
)


def test_parts_tile_the_frame_without_gap_or_overlap():
    taken = np.concatenate([np.arange(lm.FRAME_SIZE)[part.slice] for part in lm.PARTS])
    assert taken.tolist() == list(range(1662))


def test_part_of_returns_points_in_order():
    frame = np.arange(lm.FRAME_SIZE)
    assert lm.POSE.of(frame)[1].tolist() == [4, 5, 6, 7]
    assert lm.RIGHT_HAND.of(frame)[20].tolist() == [1659, 1660, 1661]


@given(clips)
def test_mirror_twice_is_identity(clip):
    np.testing.assert_allclose(lm.mirror(lm.mirror(clip)), clip, atol=1e-6)


@given(clips, st.lists(st.sampled_from(lm.PARTS), unique=True))
def test_mirror_swaps_which_hand_is_missing(clip, missing):
    clip = clip.copy()
    for part in missing:
        clip[:, part.slice] = 0
    mirrored = lm.mirror(clip)
    swapped = {lm.LEFT_HAND: lm.RIGHT_HAND, lm.RIGHT_HAND: lm.LEFT_HAND}
    for part in lm.PARTS:
        assert lm.is_found(mirrored, swapped.get(part, part)).all() == (part not in missing)


def test_mirror_moves_the_left_wrist_to_the_right_one():
    clip = np.zeros((1, lm.FRAME_SIZE), np.float32)
    lm.POSE.of(clip)[0, lm.LEFT_WRIST] = (0.8, 0.4, -0.1, 0.9)
    np.testing.assert_allclose(lm.POSE.of(lm.mirror(clip))[0, lm.RIGHT_WRIST], (0.2, 0.4, -0.1, 0.9), atol=1e-6)


def test_mirror_is_the_same_in_numpy_and_torch():
    clip = np.random.default_rng(0).random((2, 3, lm.FRAME_SIZE), np.float32)
    np.testing.assert_array_equal(lm.mirror(torch.from_numpy(clip)).numpy(), lm.mirror(clip))


@pytest.mark.parametrize("points", [lm.LIPS, lm.EYES, lm.BROWS, lm.NOSE_RIDGE])
def test_each_set_of_face_points_is_its_own_mirror_image(points):
    assert {int(lm.FACE_MIRROR[p]) for p in points} == set(points)
    assert len(set(points)) == len(points)


@given(st.integers(1, 500), st.integers(2, 90))
def test_sampling_keeps_order_and_both_ends(frames, count):
    indices = lm.sample_indices(frames, count)
    assert len(indices) == count
    assert indices[0] == 0 and indices[-1] == frames - 1
    assert (np.diff(indices) >= 0).all()
    steps = np.diff(indices)
    assert steps.max() - steps.min() <= 1  # uniform, as far as whole frames can be


def test_sixty_frames_stay_as_they_are():
    assert lm.sample_indices(60).tolist() == list(range(60))


def test_a_part_is_found_in_frames_with_any_number_of_it():
    frame = np.zeros(lm.FRAME_SIZE, np.float32)
    frame[lm.LEFT_HAND.start + 5] = 1e-3
    assert lm.is_found(frame, lm.LEFT_HAND) and not lm.is_found(frame, lm.RIGHT_HAND)


@pytest.mark.parametrize(
    ("clip", "says"),
    [
        (np.zeros((3, 258), np.float32), "shape (3, 258)"),
        (np.zeros((0, 1662), np.float32), "no frames"),
        (np.full((2, 1662), np.nan, np.float32), "NaN or infinity in frame 0"),
        (np.array(["a"]), "not landmarks"),
        ({"a": 1}, "a dict"),
    ],
)
def test_an_invalid_clip_is_refused_with_the_frame(clip, says):
    with pytest.raises(InputError, match=r"here\.npy") as caught:
        lm.checked(clip, "here.npy")
    assert says in str(caught.value)
