from __future__ import annotations

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from support.bodies import signer

from isl import landmarks as lm
from isl.augment import FrameMask, Mirror, Mixup, NoAugmentation, Noise, Strong, Tempo
from isl.augment.people import rotation
from isl.augment.scene import Scene
from isl.config.build import build
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


def test_clips_without_the_face_are_distorted_like_whole_ones():
    augment, given_batch = strong(*STEPS, face=False), batch()
    short = given_batch._replace(landmarks=torch.from_numpy(lm.without_face(given_batch.landmarks.numpy())))
    torch.manual_seed(0)
    whole = augment.landmarks(given_batch).landmarks
    torch.manual_seed(0)
    assert torch.equal(augment.landmarks(short).landmarks, torch.from_numpy(lm.without_face(whole.numpy())))
    assert not lm.is_found(whole, lm.FACE).any()


def test_an_augmentation_of_ones_own_gets_whole_frames_unless_it_says_otherwise():
    class Own(NoAugmentation):
        def landmarks(self, batch: Batch) -> Batch:
            return batch

    assert Own().reads_face and strong(face=True).reads_face
    assert not NoAugmentation().reads_face and not Noise().reads_face and not strong(face=False).reads_face


def test_a_rotation_is_the_exponential_of_its_cross_product():
    vector = torch.tensor([[0.3, -0.2, 0.5], [0.0, 0.0, 0.0], [0.0, 3.0, 0.0], [1e-4, 0.0, 0.0]])
    a, b, c = vector.unbind(-1)
    zero = torch.zeros(4)
    skew = torch.stack([zero, -c, b, c, zero, -a, -b, a, zero], -1).view(4, 3, 3)
    torch.testing.assert_close(rotation(vector), torch.linalg.matrix_exp(skew), atol=1e-6, rtol=0)


def test_a_mirror_of_everything_is_the_mirror_and_twice_is_identity():
    given_batch = batch()
    once = strong("Mirror", p=1.0).landmarks(given_batch)
    twice = strong("Mirror", p=1.0).landmarks(once)
    torch.testing.assert_close(twice.landmarks, given_batch.landmarks, atol=1e-4, rtol=1e-3)
    for part, twin in ((lm.LEFT_HAND, lm.RIGHT_HAND), (lm.RIGHT_HAND, lm.LEFT_HAND), (lm.FACE, lm.FACE)):
        assert torch.equal(lm.is_found(once.landmarks, part), lm.is_found(given_batch.landmarks, twin))


def test_an_affine_without_change_leaves_the_clip():
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
    hands = [lm.is_found(changed.landmarks, part) for part in (lm.LEFT_HAND, lm.RIGHT_HAND)]
    seen = [lm.is_found(before, part) for part in (lm.LEFT_HAND, lm.RIGHT_HAND)]
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


@given(st.integers(0, 1000))
def test_mixup_blends_clips_as_it_blends_their_targets_which_stay_probabilities(seed):
    torch.manual_seed(seed)
    x, target = torch.randn(6, 60, 5), torch.nn.functional.one_hot(torch.arange(6), 6).float()
    mixed, soft = Mixup(p=1.0).inputs(x, target)
    torch.testing.assert_close(soft.sum(1), torch.ones(6))
    share = soft.diagonal()
    assert (share >= 0.5 - 1e-6).all()  # each clip stays mostly itself
    blends = (soft @ x.flatten(1)).unflatten(1, x.shape[1:])  # each clip is a word of its own
    torch.testing.assert_close(mixed, blends, atol=1e-5, rtol=1e-5)


def test_noise_has_the_given_width_and_zero_adds_none():
    torch.manual_seed(0)
    x, target = torch.zeros(8, 60, 100), torch.zeros(8, 2)
    assert Noise(0.01).inputs(x, target)[0].std().item() == pytest.approx(0.01, rel=0.02)
    assert NoAugmentation().inputs(x, target)[0] is x


def test_a_step_can_be_switched_off_and_a_foreign_one_is_refused():
    config = {"_target_": "isl.augment.Strong", "steps": {"mirror": {"_target_": "isl.augment.Mirror"}, "mixup": None}}
    assert [type(step) for step in build(config).steps] == [Mirror]
    with pytest.raises(InputError, match=r"os\.system"):
        build({"_target_": "isl.augment.Strong", "steps": {"x": {"_target_": "os.system"}}})


def seen_throughout(clips: int, frames: int = 60) -> Batch:
    """Clips in which every part is found in every frame: whatever is lost, a step has lost."""
    torch.manual_seed(0)
    landmarks = torch.rand(clips, frames, lm.FRAME_SIZE) * 0.4 + 0.3
    place(landmarks, {lm.LEFT_SHOULDER: (0.6, 0.5), lm.RIGHT_SHOULDER: (0.4, 0.5)})
    return Batch(landmarks, torch.zeros(clips, dtype=torch.long), torch.ones(clips))


def place(landmarks: torch.Tensor, points: dict[int, tuple[float, float]]) -> None:
    """Put points of the pose somewhere; a wrist takes its hand along."""
    for point, at in points.items():
        lm.POSE.of(landmarks)[:, :, point, :2] = torch.tensor(at)
    for wrist, hand in ((lm.LEFT_WRIST, lm.LEFT_HAND), (lm.RIGHT_WRIST, lm.RIGHT_HAND)):
        if wrist in points:
            xy = hand.of(landmarks)[..., :2]
            xy += torch.tensor(points[wrist]) - xy[:, :, lm.WRIST, None]


def lost_hands(changed: Batch) -> torch.Tensor:
    """Which hands are not found: bool ``(B, T, 2)``, left first."""
    return torch.stack([~lm.is_found(changed.landmarks, hand) for hand in (lm.LEFT_HAND, lm.RIGHT_HAND)], -1)


def runs(mask: torch.Tensor) -> torch.Tensor:
    """Counts the unbroken stretches of each row ``(..., T)`` of ``mask``."""
    return (mask[..., 1:] & ~mask[..., :-1]).sum(-1) + mask[..., 0].long()


NOTHING_LOST = {"frame": 0.0, "stretch": 0.0, "clip": 0.0, "both": 0.0, "face": 0.0}


def losing(clips: Batch, with_face: bool = False, **chances: float) -> Batch:
    """The clips after a ``Missing`` that loses nothing but what ``chances`` say; with or without their faces."""
    step = {"_target_": "isl.augment.Missing", **NOTHING_LOST, **chances}
    return Strong({"missing": step}, with_face).landmarks(clips)


def test_single_frames_of_a_hand_are_lost_in_half_of_the_clips_a_quarter_of_them():
    lost = lost_hands(losing(seen_throughout(300), frame=0.25))
    shares = lost.float().mean(1)  # (B, 2)
    some = shares > 0
    assert some.float().mean().item() == pytest.approx(0.5, abs=0.08)
    assert shares[some].mean().item() == pytest.approx(0.25, abs=0.04) and shares.max() <= 0.75
    assert runs(lost.mT)[shares > 0.2].float().mean() > 5  # here and there, not at one piece


def test_a_stretch_of_a_hand_is_lost_at_one_piece_and_is_half_the_clip_at_most():
    lost = lost_hands(losing(seen_throughout(300), stretch=1.0))
    assert (runs(lost.mT) <= 1).all() and lost.sum(1).max() <= 31
    assert (lost.sum(1) > 0).float().mean() > 0.7  # some lie before the clip
    assert (lost[..., 0] != lost[..., 1]).any(1).float().mean() > 0.7  # each hand for itself


@pytest.mark.parametrize("chance", [*NOTHING_LOST, None])
def test_only_the_chosen_parts_are_lost(chance):
    changed = losing(seen_throughout(20), with_face=True, **({chance: 1.0} if chance else {}))
    lost = lost_hands(changed)
    assert lost.any().item() is (chance not in (None, "face"))
    assert lost.all().item() is (chance in ("clip", "both"))
    assert lm.is_found(changed.landmarks, lm.FACE).any().item() is (chance != "face")
    assert lm.is_found(changed.landmarks, lm.POSE).all()


def test_masked_frames_are_one_stretch_of_zeros_in_as_many_clips_as_asked_for():
    torch.manual_seed(0)
    x, target = torch.ones(400, 60, 5), torch.rand(400, 2)
    for p in (0.0, 0.5, 1.0):
        masked, kept = FrameMask(p=p, longest=0.3).inputs(x, target)
        gone = (masked == 0).all(-1)  # (B, T)
        assert torch.equal(masked, torch.where(gone[..., None], 0.0, 1.0).expand_as(x)) and torch.equal(kept, target)
        assert (runs(gone) <= 1).all() and gone.sum(1).max() <= 0.3 * 60 + 1
        assert gone.any(1).float().mean().item() == pytest.approx(p, abs=0.08)
        assert gone.any(0)[2:-2].all().item() is (p > 0)  # anywhere in the clip


def test_another_body_s_hand_at_the_cheek_stays_at_the_cheek():
    cheek, belly = (0.48, 0.33), (0.55, 0.75)
    given_batch = seen_throughout(200, frames=4)
    place(given_batch.landmarks, {lm.NOSE: (0.5, 0.3), lm.RIGHT_WRIST: cheek, lm.LEFT_WRIST: belly})
    torch.manual_seed(0)
    changed = strong("OtherBody").landmarks(given_batch).landmarks
    nose, width = lm.POSE.of(changed)[:, :, lm.NOSE, :2], 0.2
    for wrist, hand, at, strays in (
        (lm.RIGHT_WRIST, lm.RIGHT_HAND, cheek, False),
        (lm.LEFT_WRIST, lm.LEFT_HAND, belly, True),
    ):
        before = torch.tensor(at) - torch.tensor([0.5, 0.3])  # from the nose
        for points in (lm.POSE.of(changed)[:, :, wrist, :2], hand.of(changed)[:, :, lm.WRIST, :2]):
            moved = (points - nose - before).norm(dim=-1) / width  # in shoulder widths
            assert moved.mean() > 0.25 if strays else moved.max() < 0.05, moved


def test_hands_come_up_from_rest_and_one_that_hangs_lower_still_stays_there():
    up, low = (0.45, 0.5), (0.6, 1.3)  # resting is 1.6 shoulder widths of 0.2 below the shoulders
    given_batch = seen_throughout(100)
    place(given_batch.landmarks, {lm.RIGHT_WRIST: up, lm.LEFT_WRIST: low})
    torch.manual_seed(0)
    changed = strong("Approach", p=1.0, lost=0.0).landmarks(given_batch).landmarks
    for points in (lm.POSE.of(changed)[:, :, lm.LEFT_WRIST, 1], lm.LEFT_HAND.of(changed)[:, :, lm.WRIST, 1]):
        torch.testing.assert_close(points, torch.full_like(points, low[1]))
    for points in (lm.POSE.of(changed)[:, :, lm.RIGHT_WRIST, 1], lm.RIGHT_HAND.of(changed)[:, :, lm.WRIST, 1]):
        assert (points[:, [0, -1]] > up[1] + 0.1).all()  # at rest at both ends
        torch.testing.assert_close(points[:, 28:32], torch.full((100, 4), up[1]))  # and the sign between them is left


def test_tempo_makes_some_clips_slower_and_others_faster():
    clock = torch.linspace(0, 0.5, 60).view(1, 1, 60, 1).expand(2, 200, 60, 75)
    for slow, fast, slower, faster in ((1.0, 0.0, True, False), (0.0, 0.5, False, True)):
        torch.manual_seed(0)
        scene = Scene(clock.clone(), clock[0].clone(), torch.ones(200, 60, 4, dtype=torch.bool),
                      torch.ones(200, 60, 33), torch.zeros(200, dtype=torch.long))  # fmt: skip
        times = Tempo(slow=slow, fast=fast, shift=0.0, warp=0.0, p=1.0).scene(scene).xy[0, :, :, 0]
        shown = (times[:, -1] - times[:, 0]) / 0.5  # of the clip's time; the rest is cut off
        held = (times[:, -6:].diff(dim=1) == 0).all(1)  # the last frame, beyond the clip's end
        assert bool((shown < 0.7).any()) == slower and bool(held.any()) == faster
