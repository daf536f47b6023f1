from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from support.bodies import signer

from isl import landmarks as lm
from isl.errors import InputError
from isl.features import GROUPS, BodyFeatures, BodyHands, RawFeatures
from isl.features.measure import signing
from isl.features.trajectory import of_hands
from isl.features.views import ViewDropout


def moved(clip: torch.Tensor, scale: tuple[float, float], shift: tuple[float, float]) -> torch.Tensor:
    out = clip.clone()
    for part in lm.PARTS:
        seen = lm.is_found(out, part)[..., None]
        for axis in (0, 1):
            values = out[..., part.slice][..., axis :: part.dims]
            values[...] = (values * scale[axis] + shift[axis]) * seen
    return out


@given(st.floats(0.5, 1.8), st.floats(-0.2, 0.2), st.floats(-0.2, 0.2))
def test_body_features_are_the_same_for_a_shifted_and_scaled_signer(scale, dx, dy):
    features, clip, aspect = BodyFeatures(), signer(), torch.ones(1)
    other = moved(clip, (scale, scale), (dx, dy))
    torch.testing.assert_close(features(other, aspect), features(clip, aspect), atol=2e-4, rtol=1e-3)


@given(st.floats(0.5, 2.0))
def test_body_features_are_the_same_in_a_stretched_picture_whose_aspect_is_known(stretch):
    features, clip = BodyFeatures(), signer()
    squeezed = moved(clip, (1 / stretch, 1.0), (0.0, 0.0))  # the same scene in a picture `stretch` times as wide
    known = features(squeezed, torch.tensor([stretch]))
    torch.testing.assert_close(known, features(clip, torch.ones(1)), atol=2e-4, rtol=1e-3)


@pytest.mark.parametrize(
    ("features", "reads_face"),
    [
        (BodyHands(), False),
        (BodyHands(lips=True), True),
        (BodyFeatures(), True),
        (BodyFeatures(parts=["arms", "left_hand", "right_hand"]), False),
        (RawFeatures(), True),
    ],
)
def test_features_that_read_no_face_give_the_same_without_it(features, reads_face):
    assert features.reads_face == reads_face
    clip = torch.cat([signer(60, seed) for seed in range(3)])
    short = torch.from_numpy(lm.without_face(clip.numpy()))
    if not reads_face:
        assert torch.equal(features.eval()(short, torch.ones(3)), features(clip, torch.ones(3)))


def test_a_missing_hand_is_zero_and_its_presence_flag_is_zero():
    features = BodyFeatures(parts=["left_hand"], motion=[1])
    x = features(signer(), torch.ones(1))[0]
    assert (x[3:5] == 0).all()
    assert x[:, -1].tolist() == [0.0 if frame in (3, 4) else 1.0 for frame in range(12)]


def test_motion_is_the_change_over_a_lag_and_zero_across_a_gap():
    features = BodyFeatures(parts=["left_hand"], hand_frames=False, motion=[1], presence=False)
    x = features(signer(), torch.ones(1))[0]
    position, change = x[:, :42], x[:, 42:]
    torch.testing.assert_close(change[1], position[1] - position[0])
    assert (change[0] == 0).all() and (change[3:6] == 0).all()  # before the clip; into, inside and out of the gap


def test_a_clip_without_a_person_gives_finite_numbers():
    assert BodyFeatures()(torch.zeros(2, 60, lm.FRAME_SIZE), torch.ones(2)).isfinite().all()


def test_raw_features_are_the_landmarks():
    clip = signer()
    assert RawFeatures()(clip, torch.ones(1)) is clip


@pytest.mark.parametrize("hand_frames", [True, False])
@pytest.mark.parametrize("motion", [[], [1, 2]])
@pytest.mark.parametrize("presence", [True, False])
def test_body_features_size_equals_the_output_size(hand_frames, motion, presence):
    features = BodyFeatures(list(GROUPS), hand_frames, motion, presence)
    assert features(signer(), torch.ones(1)).shape == (1, 12, features.size)


@pytest.mark.parametrize(
    ("options", "says"), [({"parts": ["tail"]}, "features.parts="), ({"motion": [0]}, "features.motion=")]
)
def test_the_message_about_a_wrong_argument_names_the_option(options, says):
    with pytest.raises(InputError, match=says):
        BodyFeatures(**options)


@given(st.floats(0.5, 1.8), st.floats(-0.2, 0.2), st.floats(-0.2, 0.2), st.floats(0.5, 2.0))
def test_body_hands_are_the_same_for_a_moved_signer_in_another_picture(scale, dx, dy, stretch):
    features, clip = BodyHands(), signer()
    other = moved(clip, (scale / stretch, scale), (dx, dy))
    seen = features(other, torch.tensor([stretch]))
    torch.testing.assert_close(seen, features(clip, torch.ones(1)), atol=5e-3, rtol=1e-2)


def test_body_hands_see_a_left_handed_signer_as_a_right_handed_one():
    features, clip = BodyHands(), signer()
    torch.testing.assert_close(
        features(lm.mirror(clip), torch.ones(1)), features(clip, torch.ones(1)), atol=1e-3, rtol=1e-3
    )


SWITCHES = ["presence", "shape", "spans", "contact", "motion", "trajectory", "dominant", "body_frame", "trim"]


@pytest.mark.parametrize("switch", SWITCHES)
def test_body_hands_size_equals_the_output_size(switch):
    features = BodyHands(lips=True, **{switch: False})
    assert features(signer(), torch.ones(1)).shape == (1, 12, features.size)
    assert features(torch.zeros(2, 60, lm.FRAME_SIZE), torch.ones(2)).isfinite().all()


def columns(x: torch.Tensor, features: BodyHands, view: str) -> torch.Tensor:
    return x.split(list(features.views.values()), -1)[list(features.views).index(view)]


def test_a_lost_hand_is_bridged_with_fading_trust_or_zero_without_a_gap():
    clip = signer()  # the left hand is gone in frames 3 and 4, the right one from 8 on
    bridging, strict = BodyHands(dominant=False), BodyHands(dominant=False, gap_filling=None)
    trust = columns(bridging(clip, torch.ones(1)), bridging, "presence")[0]
    found = columns(strict(clip, torch.ones(1)), strict, "presence")[0]
    assert found[3:5, 0].tolist() == [0, 0] and found[8:, 1].max() == 0 and found[:3].min() == 1
    assert (trust > 0).all() and (trust[9:, 1] < trust[8:-1, 1]).all() and (trust[found == 1] == 1).all()
    hands = columns(strict(clip, torch.ones(1)), strict, "hands")[0].unflatten(1, (2, 21, 2))
    assert (hands[3:5, 0] == 0).all() and (hands[8:, 1] == 0).all() and (hands[:3] != 0).any()


def test_a_trajectory_is_the_same_however_large_and_wherever_the_movement_is():
    turn = torch.linspace(0, 6 * torch.pi, 60)
    circle = torch.stack([turn.cos(), turn.sin()], -1)[None, None, :, None]  # (1, 1, T, 1, 2)
    shape = torch.rand(1, 2, 1, 21, 2).expand(-1, -1, 60, -1, -1)
    frames, real = torch.arange(60)[None], torch.ones(1, 2, 60, dtype=torch.bool)
    small, large = (
        of_hands(shape + size * circle + place, shape, real, frames) for size, place in ((0.4, 0), (1.2, 1))
    )
    torch.testing.assert_close(large[..., :2], small[..., :2], atol=0.15, rtol=0)  # where on its way
    torch.testing.assert_close(large[:, :, 2:-2, 2:4], small[:, :, 2:-2, 2:4], atol=0.25, rtol=0)  # in which direction
    assert ((large - small)[:, :, 2:-2, 4] > 0.7).all()  # how fast
    still = of_hands(shape, shape, real, frames)
    assert still[..., :4].abs().max() < 1e-3 < small[..., :4].abs().max()
    assert (of_hands(shape + circle, shape, ~real, frames) == 0).all()


def test_a_missing_hand_does_not_change_the_trajectory():
    turn = torch.linspace(0, 6 * torch.pi, 60)
    circle = torch.stack([turn.cos(), turn.sin()], -1)[None, None, :, None]
    shape = torch.rand(1, 2, 1, 21, 2).expand(-1, -1, 60, -1, -1)
    frames, real = torch.arange(60)[None], torch.ones(1, 2, 60, dtype=torch.bool)
    gaps = real.clone()
    gaps[:, :, ::7] = False
    whole = of_hands(shape + circle, shape, real, frames)
    lost = of_hands((shape + circle) * gaps[..., None, None], shape * gaps[..., None, None], gaps, frames)
    place = (lost - whole)[..., :2][gaps]
    assert place.abs().max() < 0.25 and (lost[~gaps] == 0).all()
    steps = (gaps[:, :, 4:] & gaps[:, :, 2:-2] & gaps[:, :, :-4])[..., None] * (lost - whole)[:, :, 2:-2, 2:4]
    assert steps.abs().max() < 0.3
    torn = gaps[:, :, 2:-2] & ~(gaps[:, :, 4:] & gaps[:, :, :-4])  # seen, but not at both ends of its step
    assert torn.any() and (lost[:, :, 2:-2, 2:4][torn] == 0).all()


def test_a_trajectory_has_hands_that_open_and_turn():
    shape = torch.rand(1, 2, 1, 21, 2).expand(-1, -1, 60, -1, -1).clone()
    shape[:, 0] *= torch.linspace(0.5, 1.5, 60)[:, None, None]  # the left hand opens
    angle = torch.linspace(0, 2, 60)
    turn = torch.stack([angle.cos(), -angle.sin(), angle.sin(), angle.cos()], -1).unflatten(-1, (2, 2))  # (T, 2, 2)
    shape[:, 1] = shape[:, 1] @ turn.mT  # the right one turns
    real, frames = torch.ones(1, 2, 60, dtype=torch.bool), torch.arange(60)[None]
    numbers = of_hands(shape, shape, real, frames)[0, :, 2:-2]
    assert (numbers[0, :, 7:] > 0).all() and numbers[0, :, 5:7].abs().max() < 1e-4
    assert numbers[1, :, 5:7].abs().min() > 0 and numbers[1, :, 7:].abs().max() < 1e-4


@given(st.integers(0, 20), st.integers(5, 20), st.integers(0, 20), st.booleans())
def test_rest_before_and_after_a_sign_is_cut_off_but_not_a_pause_inside(before, long, after, pause):
    heights = torch.cat([torch.full((before,), -0.1), torch.full((long,), 0.9), torch.full((after,), 0.1)])
    heights[before + long // 2] = 0.0 if pause else 0.9
    frames = signing(heights[None], torch.ones(1, len(heights), dtype=torch.bool))[0]
    assert len(frames) == len(heights) and (frames.diff() >= 0).all()
    assert (int(frames[0]), int(frames[-1])) == (before, before + long - 1)


def test_a_clip_without_a_raised_hand_is_looked_at_whole():
    for heights, seen in ((torch.full((1, 9), -0.2), True), (torch.ones(1, 9), False)):
        frames = signing(heights, torch.full((1, 9), seen))
        assert frames.tolist() == [list(range(9))]


def test_more_rest_around_a_sign_changes_the_features_little():
    features, clip = BodyHands(), signer(30)
    for part in (lm.LEFT_HAND, lm.RIGHT_HAND):  # no gaps: what is bridged depends on what lies around
        part.of(clip)[:, 3:] = part.of(clip)[:, :1]
    resting = clip[:, -1:].clone()
    lm.POSE.of(resting)[:, :, [lm.LEFT_WRIST, lm.RIGHT_WRIST], 1] = 0.95  # below the hips
    longer = torch.cat([resting.expand(-1, 12, -1), clip, resting.expand(-1, 18, -1)], 1)
    tight, wide = features(clip, torch.ones(1)), features(longer, torch.ones(1))
    assert wide.shape[1] == 60
    here, there = (columns(x, features, "arms") for x in (tight, wide))
    torch.testing.assert_close(there[:, [0, -1]], here[:, [0, -1]], atol=0.1, rtol=0)


NOSE = BodyFeatures(["nose"], hand_frames=False, motion=[], presence=False)


@pytest.mark.parametrize("features", [RawFeatures(), BodyFeatures(), NOSE, BodyHands()])
def test_views_make_up_the_features(features):
    assert sum(features.views.values()) == features.size and min(features.views.values()) > 0


def test_view_dropout_hides_whole_views_of_some_training_clips_but_never_all():
    features = BodyHands(view_dropout=0.5)
    clips, aspect = signer(60).expand(200, -1, -1), torch.ones(200)
    torch.manual_seed(0)
    clips = clips + 0.01 * torch.randn(200, 1, 1) * (clips != 0)
    whole = features.eval()(clips, aspect)
    torch.testing.assert_close(features(clips, aspect), whole, atol=0, rtol=0)
    given = features.train()(clips, aspect)
    kept = torch.stack(
        [
            (part == full).flatten(1).float().mean(1)
            for part, full in (
                (columns(given, features, view), columns(whole, features, view)) for view in features.views
            )
        ],
        1,
    )  # (B, views)
    assert (kept.amax(1) == 1).all()
    share = (kept == 1).float().mean(0)
    assert (share > 0.35).all() and (share < 0.75).all()


def test_a_view_that_is_left_out_is_its_mean_over_the_batch():
    torch.manual_seed(0)
    x = torch.randn(100, 60, 5) + 3
    given = ViewDropout({"two": 2, "three": 3}, 0.5).train()(x)
    mean = x.mean((0, 1))
    for view in (slice(0, 2), slice(2, 5)):
        kept = (given[..., view] == x[..., view]).flatten(1).all(1)
        assert 0.5 < kept.float().mean() < 0.9
        gone = given[~kept][..., view]
        torch.testing.assert_close(gone, mean[view].expand_as(gone))
