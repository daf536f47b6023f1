from __future__ import annotations

import pytest
import torch

from isl import landmarks as lm
from isl.augment.recombined import change_fingers, recombine
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


def test_changed_fingers_leave_palm_and_arms_alone_and_are_another_hand_shape(batch):
    torch.manual_seed(0)
    made = change_fingers(batch, 40)
    assert 5 < len(made.label) <= 40 and torch.isfinite(made.landmarks).all()
    poses = of(batch, lm.POSE).flatten(1)
    for i, pose in enumerate(of(made, lm.POSE).flatten(1)):
        source = int((poses == pose).all(1).nonzero()[0])
        assert batch.label[source] == made.label[i]
        moved = []
        for part in HANDS:
            there = lm.is_found(batch.landmarks[source], part)
            assert (lm.is_found(made.landmarks[i], part) == there).all()
            new, old = of(made, part)[i, there], of(batch, part)[source, there]
            roots = [lm.WRIST, *(finger[0] for finger in lm.FINGERS)]
            torch.testing.assert_close(new[:, roots], old[:, roots])
            if len(new):
                square = torch.tensor([float(made.aspect[i]), 1.0])
                palm = ((old[:, lm.FINGERS[2][0]] - old[:, lm.WRIST])[:, :2] * square).norm(dim=1).mean()
                tips = [finger[-1] for finger in lm.FINGERS]
                moved.append((((new - old)[:, tips, :2] * square).norm(dim=2).mean(0) / palm).max())
        assert max(moved) > 0.4


def test_fingers_follow_the_palm_that_turns(batch):
    """A hand that is turned in the picture gets the same posture, turned."""
    torch.manual_seed(3)
    straight = change_fingers(batch, 30)
    turned = batch._replace(landmarks=batch.landmarks.clone())
    for part in (lm.POSE, *HANDS):
        points = part.of(turned.landmarks).clone()
        x, y = points[..., 0] * batch.aspect[:, None, None], points[..., 1].clone()
        points[..., 0], points[..., 1] = -y / batch.aspect[:, None, None], x
        part.numbers(turned.landmarks).copy_(points.flatten(2))
    torch.manual_seed(3)
    other = change_fingers(turned, 30)
    assert torch.equal(straight.label, other.label)
    for part in HANDS:
        before, after = of(straight, part), of(other, part)
        torch.testing.assert_close(after[..., 1], before[..., 0] * straight.aspect[:, None, None], rtol=1e-3, atol=1e-4)
