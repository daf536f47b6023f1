from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from test_features import signer

from isl import landmarks as lm
from isl.augment import Mirror, Mixup, NoAugmentation, Noise, Strong
from isl.build import build
from isl.data.clips import Batch
from isl.errors import InputError

STEPS = (
    "Mirror",
    "Tempo",
    "OtherBody",
    "HandTurn",
    "Approach",
    "Affine",
    "Jitter",
    "Missing",
    "HandExchange",
)


def batch() -> Batch:
    clips = torch.cat([signer(60, seed) for seed in range(4)])
    clips[3, :, lm.LEFT_HAND.slice] = 0  # a hand that is never there
    return Batch(clips, torch.tensor([0, 1, 0, 0]), torch.tensor([1.0, 4 / 3, 16 / 9, 0.5]))


def strong(*names: str, face: bool = True, **options: float) -> Strong:
    return Strong({name: {"_target_": f"isl.augment.{name}", **options} for name in names}, face=face)


def test_no_steps_change_nothing():
    given_batch = batch()
    torch.testing.assert_close(strong().landmarks(given_batch).landmarks, given_batch.landmarks, atol=1e-5, rtol=1e-4)


def test_a_mirror_of_everything_is_the_mirror_and_twice_is_identity():
    given_batch = batch()
    once = strong("Mirror", p=1.0).landmarks(given_batch)
    twice = strong("Mirror", p=1.0).landmarks(once)
    torch.testing.assert_close(twice.landmarks, given_batch.landmarks, atol=1e-4, rtol=1e-3)
    for part, twin in ((lm.LEFT_HAND, lm.RIGHT_HAND), (lm.RIGHT_HAND, lm.LEFT_HAND), (lm.FACE, lm.FACE)):
        assert torch.equal(lm.found(once.landmarks, part), lm.found(given_batch.landmarks, twin))


def test_an_affine_by_nothing_is_nothing():
    given_batch = batch()
    still = strong("Affine", degrees=0, scale=0, stretch=0, shear=0).landmarks(given_batch)
    torch.testing.assert_close(still.landmarks, given_batch.landmarks, atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("name", STEPS)
@settings(max_examples=15)
@given(seed=st.integers(0, 1000))
def test_a_step_invents_no_hand_and_leaves_labels_and_the_given_batch_alone(name, seed):
    given_batch = batch()
    before = given_batch.landmarks.clone()
    torch.manual_seed(seed)
    changed = strong(name).landmarks(given_batch)
    assert torch.equal(given_batch.landmarks, before)
    assert torch.equal(changed.label, given_batch.label) and torch.equal(changed.aspect, given_batch.aspect)
    assert changed.landmarks.shape == before.shape and changed.landmarks.isfinite().all()
    hands = [lm.found(changed.landmarks, part) for part in (lm.LEFT_HAND, lm.RIGHT_HAND)]
    seen = [lm.found(before, part) for part in (lm.LEFT_HAND, lm.RIGHT_HAND)]
    if name == "Mirror":
        assert (hands[0] | hands[1]).sum() == (seen[0] | seen[1]).sum()
    elif name == "Tempo":  # frames are taken elsewhere in the clip, never made
        assert not hands[0][3].any()
    else:
        assert not (hands[0] & ~seen[0]).any() and not (hands[1] & ~seen[1]).any()


@pytest.mark.parametrize("name", STEPS)
def test_a_step_does_something(name):
    torch.manual_seed(0)
    given_batch = batch()
    draws = [strong(name).landmarks(given_batch).landmarks for _ in range(5)]
    assert not all(torch.allclose(draw, given_batch.landmarks, atol=1e-3) for draw in draws)


def test_an_exchanged_hand_is_another_takes_at_the_clips_own_wrist():
    one, other = signer(60, 0), signer(60, 0)
    lm.RIGHT_HAND.of(other).copy_(lm.RIGHT_HAND.of(signer(60, 1)))  # the same body with another hand
    takes = Batch(torch.cat([one, other]), torch.tensor([5, 5]), torch.ones(2))
    changed = strong("HandExchange", p=1.0).landmarks(takes).landmarks
    before, after = (lm.RIGHT_HAND.of(x)[..., :2] for x in (takes.landmarks, changed))
    torch.testing.assert_close(after[:, :, 0], before[:, :, 0], atol=1e-5, rtol=1e-4)  # the wrists
    shapes = [x - x[:, :, :1] for x in (before, after)]
    torch.testing.assert_close(shapes[1], shapes[0].flip(0), atol=1e-5, rtol=1e-4)
    strangers = takes._replace(label=torch.tensor([5, 6]))
    kept = strong("HandExchange", p=1.0).landmarks(strangers).landmarks
    torch.testing.assert_close(kept, strangers.landmarks, atol=1e-5, rtol=1e-4)


@given(st.integers(0, 1000))
def test_mixup_keeps_targets_probabilities(seed):
    torch.manual_seed(seed)
    x, target = torch.randn(6, 60, 5), torch.nn.functional.one_hot(torch.arange(6), 6).float()
    mixed, soft = Mixup(p=1.0).inputs(x, target)
    torch.testing.assert_close(soft.sum(1), torch.ones(6))
    share = soft.diagonal()
    assert (share >= 0.5 - 1e-6).all()  # each clip stays mostly itself
    assert mixed.shape == x.shape


def test_noise_is_as_wide_as_it_says_and_none_is_none():
    torch.manual_seed(0)
    x, target = torch.zeros(8, 60, 100), torch.zeros(8, 2)
    assert Noise(0.01).inputs(x, target)[0].std().item() == pytest.approx(0.01, rel=0.02)
    assert NoAugmentation().inputs(x, target)[0] is x


def test_a_step_can_be_switched_off_and_a_foreign_one_is_refused():
    config = {"_target_": "isl.augment.Strong", "steps": {"mirror": {"_target_": "isl.augment.Mirror"}, "mixup": None}}
    assert [type(step) for step in build(config).steps] == [Mirror]
    with pytest.raises(InputError, match=r"os\.system"):
        build({"_target_": "isl.augment.Strong", "steps": {"x": {"_target_": "os.system"}}})
