"""Numbers of every feature set, by version: numbers that change under the same version would be served to old networks.

Each view's numbers on one made-up clip, projected onto fixed random directions. A change on purpose raises ``version``
and writes the new row with ``python tests/features/test_golden.py``.
"""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from isl import landmarks as lm
from isl.features import BodyFeatures, BodyHands, RawFeatures
from isl.features.body import GROUPS
from isl.features.measure import bridge_gaps

SETS = {
    "RawFeatures": RawFeatures(),
    "BodyFeatures": BodyFeatures(),
    "BodyHands": BodyHands(),
    "BodyHands, left-handed and untrimmed": BodyHands(dominant=False, trim=False, lips=True),
    "BodyHands, gaps left open": BodyHands(gap_filling=None, body_frame=False),
}
GOLDEN: dict[tuple[str, int], dict[str, float]] = {
    ("RawFeatures", 1): {
        "pose": 0.23682,
        "face": 0.66317,
        "left_hand": -0.31723,
        "right_hand": -0.05838,
    },
    ("BodyFeatures", 2): {
        "position": -0.39679,
        "motion": 0.01252,
        "shape": 0.30649,
        "presence": 1.03684,
    },
    ("BodyHands", 3): {
        "arms": 0.08875,
        "hands": -0.9167,
        "presence": 0.8415,
        "shape": -0.69366,
        "spans": 0.37094,
        "contact": -0.21342,
        "motion": 0.01787,
        "trajectory": -0.20821,
    },
    ("BodyHands, left-handed and untrimmed", 3): {
        "arms": -0.12793,
        "hands": -0.88214,
        "presence": 0.73237,
        "shape": -0.82819,
        "spans": 0.12617,
        "contact": -0.22992,
        "motion": -0.0154,
        "trajectory": -0.2874,
        "lips": -0.74633,
    },
    ("BodyHands, gaps left open", 3): {
        "arms": 0.05218,
        "hands": 0.03903,
        "presence": 0.85485,
        "shape": -0.19916,
        "spans": -1.44918,
        "contact": -0.27741,
        "motion": -0.0032,
        "trajectory": -0.62559,
    },
}


def clip() -> torch.Tensor:
    """``(2, 60, 1662)``: smooth movements, hands that rise, and are lost at the start, inside and at the end."""
    rng = np.random.default_rng(7)
    start, way, phase = (rng.uniform(low, high, lm.FRAME_SIZE) for low, high in ((0.3, 0.7), (0.0, 0.1), (0, 6.3)))
    time = np.linspace(0, 6.3, 60)[:, None]
    frames = np.stack([start + way * np.sin(time + phase), start + way * np.cos(2 * time + phase)]).astype(np.float32)
    pose = lm.POSE.of(frames)
    pose[:, :, lm.LEFT_SHOULDER, :2] = [0.62, 0.45] + 0.01 * np.sin(time)
    pose[:, :, lm.RIGHT_SHOULDER, :2] = [0.38, 0.46] + 0.01 * np.cos(time)
    pose[:, :10, [lm.LEFT_WRIST, lm.RIGHT_WRIST], 1] = 0.95
    frames[:, :4, lm.LEFT_HAND.slice] = 0
    frames[:, 20:33, lm.RIGHT_HAND.slice] = 0
    frames[1, 50:, lm.LEFT_HAND.slice] = 0
    return torch.from_numpy(frames)


def digest(name: str) -> dict[str, float]:
    features = SETS[name].eval()
    x = features(clip(), torch.tensor([4 / 3, 16 / 9])).double().numpy()
    numbers, at = {}, 0
    for view, width in features.views.items():
        direction = np.random.default_rng(at).normal(size=(2, 60, width)) / np.sqrt(120 * width)
        numbers[view] = round(float((x[..., at : at + width] * direction).sum()), 5)
        at += width
    return numbers


@pytest.mark.parametrize("name", SETS)
def test_the_numbers_of_a_version_never_change(name):
    assert digest(name) == pytest.approx(GOLDEN[name, SETS[name].version], abs=2e-4)


@given(st.integers(1, 12), st.floats(1, 20))
def test_trust_in_a_lost_hand_falls_to_one_over_e_in_as_many_frames_as_are_asked_for(away, gap):
    real = torch.zeros(1, 30, dtype=torch.bool)
    real[:, :5] = True
    _, trust = bridge_gaps(torch.rand(1, 30, 3), real, gap)
    assert float(trust[0, 4 + away]) == pytest.approx(np.exp(-away / gap), rel=1e-4)


def test_a_lost_hand_goes_where_the_wrist_of_the_pose_goes():
    features = BodyHands(dominant=False, trim=False)
    frames = clip()
    frames[..., lm.RIGHT_HAND.slice] = 0
    lm.RIGHT_HAND.of(frames)[:, :30, :, :2] = lm.POSE.of(frames)[:, :30, [lm.RIGHT_WRIST], :2]
    lm.RIGHT_HAND.of(frames)[:, :30, 1:, 0] += 0.02  # after frame 30 it is lost, and the arm goes on moving
    x = features(frames, torch.ones(2)).split(list(features.views.values()), -1)
    views = dict(zip(features.views, x, strict=True))
    hand = views["hands"].unflatten(-1, (2, 21, 2))[:, 30:, 1, lm.WRIST]
    arms = views["arms"].unflatten(-1, (-1, 2))[:, 30:, -10 + lm.RIGHT_WRIST - lm.LEFT_ELBOW]
    torch.testing.assert_close(hand, arms, atol=1e-4, rtol=1e-4)
    assert arms.std(1).min() > 0.01


def mirrored_columns(names) -> list[int]:
    """Returns for each point of the groups ``names`` the place of the point that replaces it in a mirror image."""
    starts = [part.start + point * part.dims for name in names for part, points in [GROUPS[name]] for point in points]
    return [starts.index(lm.MIRROR_INDEX[start]) for start in starts]


@given(st.integers(0, 100), st.integers(8, 13))
def test_body_features_in_a_mirror_are_the_mirrored_features(seed, frames):
    """All groups of points, with their motion, the hands' own frames and the flags of presence."""
    torch.manual_seed(seed)
    names = [name for name in GROUPS if name != "upper_body"]  # its points are in "nose" and "arms" too
    features = BodyFeatures(names, motion=(2, 3))
    clip = torch.rand(1, frames, lm.FRAME_SIZE) * 0.3 + 0.3
    lm.POSE.of(clip)[:, :, lm.LEFT_SHOULDER, 0] += 0.3
    clip[:, 1:3, lm.LEFT_HAND.slice] = 0
    clip[:, 4, lm.RIGHT_HAND.slice] = 0
    clip[:, 5, lm.FACE.slice] = 0
    here, there = (features(x, torch.ones(1)).split(list(features.views.values()), -1) for x in (clip, lm.mirror(clip)))
    columns, flip = mirrored_columns(names), torch.tensor([-1.0, 1.0])
    swapped = {"left_hand": "right_hand", "right_hand": "left_hand"}
    for view, x, mirrored in zip(features.views, here, there, strict=True):
        if view == "presence":
            expected = x[..., [names.index(swapped.get(name, name)) for name in names]]
        elif view == "shape":
            expected = x.unflatten(-1, (2, -1, 2)).flip(2).flatten(2, 3) * flip
            expected = expected.flatten(2)
        else:
            lags = x.unflatten(-1, (-1, len(columns), 2))  # (1, T, lags, points, 2)
            expected = (lags[:, :, :, columns] * flip).flatten(2)
        torch.testing.assert_close(mirrored, expected, atol=1e-4, rtol=1e-4, msg=f"{view}: {{}}".format)


def test_upper_body_features_in_a_mirror_are_the_mirrored_features():
    torch.manual_seed(0)
    features = BodyFeatures(["upper_body"], hand_frames=False, motion=(), presence=False)
    clip = torch.rand(1, 9, lm.FRAME_SIZE) * 0.3 + 0.3
    lm.POSE.of(clip)[:, :, lm.LEFT_SHOULDER, 0] += 0.3
    here, there = (features(x, torch.ones(1)).unflatten(-1, (-1, 2)) for x in (clip, lm.mirror(clip)))
    mirrored = here[:, :, mirrored_columns(["upper_body"])] * torch.tensor([-1.0, 1.0])
    torch.testing.assert_close(there, mirrored, atol=1e-4, rtol=1e-4)


if __name__ == "__main__":
    for name, features in SETS.items():
        print(f"    ({name!r}, {features.version}): {digest(name)},")
