from __future__ import annotations

import pytest
import torch

from isl import landmarks as lm
from isl.augment.recombined import recombine
from isl.data.clips import Batch
from isl.data.synthetic import SyntheticClips

HANDS = (lm.LEFT_HAND, lm.RIGHT_HAND)


@pytest.fixture(scope="module")
def batch() -> Batch:
    clips = SyntheticClips(words=6, signers=2, clips=2, seed=0).load()
    return clips.batch(range(len(clips)), face=False)


def of(clips: Batch, part: lm.Part) -> torch.Tensor:
    return part.of(clips.landmarks)


def test_arms_and_wrists_are_of_one_clip_and_hand_shapes_of_another(batch):
    torch.manual_seed(0)
    made, hands = recombine(batch, 20)
    assert 5 < len(made.label) <= 20 and (made.label != hands).all()
    assert made.landmarks.shape[1:] == batch.landmarks.shape[1:]
    poses = of(batch, lm.POSE).flatten(1)
    for i, pose in enumerate(of(made, lm.POSE).flatten(1)):
        arms = int((poses == pose).all(1).nonzero()[0])
        assert batch.label[arms] == made.label[i]
        for part in HANDS:
            there = lm.is_found(batch.landmarks[arms], part)
            assert (lm.is_found(made.landmarks[i], part) == there).all()
            torch.testing.assert_close(of(made, part)[i, there, 0], of(batch, part)[arms, there, 0])
        changed = (made.landmarks[i] != batch.landmarks[arms]).any(0)
        assert changed.any() and not lm.POSE.numbers(changed[None]).any()


def test_the_batch_is_not_changed_and_one_label_alone_makes_nothing(batch):
    before = batch.landmarks.clone()
    recombine(batch, 8)
    assert torch.equal(batch.landmarks, before)
    one = batch._replace(label=torch.zeros_like(batch.label))
    assert len(recombine(one, 8)[0].label) == 0
    empty = batch._replace(landmarks=torch.zeros_like(batch.landmarks))
    assert len(recombine(empty, 8)[0].label) == 0


def test_hands_keep_the_size_of_those_that_they_replace(batch):
    torch.manual_seed(1)
    bigger = batch._replace(landmarks=batch.landmarks.clone())
    half = len(batch.label) // 2
    for part in HANDS:  # half of the people have hands three times as large
        hand = part.of(bigger.landmarks[:half])
        part.numbers(bigger.landmarks)[:half] = (hand[:, :, :1] + 3 * (hand - hand[:, :, :1])).flatten(2)
    made, _ = recombine(bigger, 40)
    poses = of(bigger, lm.POSE).flatten(1)
    for i, pose in enumerate(of(made, lm.POSE).flatten(1)):
        arms = int((poses == pose).all(1).nonzero()[0])
        for part in HANDS:
            there = lm.is_found(made.landmarks[i], part)
            if there.any():
                new, old = (x[there][:, 9] - x[there][:, 0] for x in (of(made, part)[i], of(bigger, part)[arms]))
                square = torch.tensor([float(made.aspect[i]), 1.0])
                sizes = [(apart[:, :2] * square).norm(dim=1).mean() for apart in (new, old)]
                torch.testing.assert_close(*sizes, rtol=0.02, atol=1e-4)
