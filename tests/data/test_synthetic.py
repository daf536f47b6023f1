"""Generated signs: a dataset like any other, bodies that hold together, and harder across signers than inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import quick

from isl import landmarks as lm
from isl.data.clips import Clips
from isl.data.synthetic import SyntheticClips, perform
from isl.data.synthetic.figure import arm, body, face_mesh
from isl.data.synthetic.motion import Course, clip
from isl.data.synthetic.signer import drawn
from isl.data.synthetic.signs import SHAPES, VOCABULARY, SyntheticSign
from isl.errors import InputError
from isl.features import BodyFeatures


@pytest.fixture(autouse=True, scope="module")
def generator() -> Iterator[None]:
    """Datasets are made anew each time."""
    with pytest.MonkeyPatch.context() as patch:
        quick.generate_anew(patch)
        yield


words = st.sampled_from(VOCABULARY)
numbers = st.integers(0, 20)
seeds = st.integers(0, 10_000)


@pytest.fixture(scope="module")
def signs() -> Clips:
    """All twelve default words by the six default signers, in fewer takes."""
    return SyntheticClips(clips=2).load()


def where(frames: np.ndarray) -> np.ndarray:
    """Where the signer of a clip stands in the picture, and how large: x and y of the right shoulder, width, (3,)."""
    left, right = np.median(lm.POSE.of(frames)[:, [lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER], :2], axis=0)
    return np.array([*right, left[0] - right[0]])


def test_same_seed_gives_same_bytes():
    once, again = (SyntheticClips(words=3, signers=2, clips=2, seed=5).load() for _ in range(2))
    assert once.frames.tobytes() == again.frames.tobytes()
    assert (once.name, once.digest, once.words) == (again.name, again.digest, again.words)


def test_another_seed_gives_other_signers_and_other_clips():
    one, other = (SyntheticClips(words=2, signers=3, clips=2, seed=seed).load() for seed in (0, 1))
    assert not set(one.digest) & set(other.digest)
    places = [np.array([where(clips.clip(i)) for i in (0, 2, 4)]) for clips in (one, other)]
    assert (np.abs(places[0] - places[1]).max(1) > 0.02).all(), "no signer is back in another world"


def test_no_two_clips_of_a_word_are_the_same(signs):
    assert len(set(signs.digest)) == len(signs)


def test_larger_set_holds_the_smaller_one(signs):
    small = SyntheticClips(words=4, signers=2, clips=2).load()
    large = dict(zip(signs.name, signs.digest, strict=True))
    assert all(large[name] == digest for name, digest in zip(small.name, small.digest, strict=True))


def test_generated_clips_have_the_fields_of_a_dataset_on_disk(signs):
    lengths = np.diff(signs.start)
    assert signs.frames.shape == (signs.start[-1], lm.FRAME_SIZE) and signs.frames.dtype == np.float32
    assert np.isfinite(signs.frames).all()
    assert signs.words == sorted(set(signs.words)) and signs.label.dtype == np.int64
    assert len(set(signs.name)) == len(signs)
    assert len(set(lengths)) > 10, "clips of many lengths"
    rates = lengths / signs.seconds
    assert (rates > 11).all() and (rates < 31).all(), "frames per second, 12 to 30"
    assert len(set(signs.aspect)) > 1, "several cameras"
    for name, label, group in zip(signs.name, signs.label, signs.columns["group"], strict=True):
        word, take = name.split("/")
        assert word == signs.words[label] and take.startswith(f"{group}_")
    batch = signs.batch([0, len(signs) - 1])
    assert batch.landmarks.shape == (2, lm.CLIP_FRAMES, lm.FRAME_SIZE)


def test_every_signer_does_every_word_equally_often(signs):
    done = {(signs.words[label], who) for label, who in zip(signs.label, signs.columns["group"], strict=True)}
    assert len(done) == 12 * 6 and len(signs) == 12 * 6 * 2


@given(words, numbers, seeds)
def test_any_clip_is_valid_and_shows_the_sign(word, number, seed):
    frames, seconds = perform(word, drawn(number, seed), np.random.default_rng(seed))
    assert np.isfinite(frames).all() and 0.5 < seconds < 12
    for part in (lm.FACE, lm.LEFT_HAND, lm.RIGHT_HAND):
        points = part.of(frames)
        there = lm.is_found(frames, part)
        assert (points[there] != 0).any(-1).all(), "a part is there as a whole or not at all"
        assert ((points[there][..., :2] > -0.5) & (points[there][..., :2] < 1.5)).all(), "a part is seen in the picture"
    assert lm.is_found(frames, lm.POSE).all()
    visibility = lm.POSE.of(frames)[..., 3]
    assert ((visibility >= 0) & (visibility <= 1)).all()
    assert visibility[:, lm.NOSE].mean() > max(0.9, visibility[:, -2:].mean() + 0.1), "a face is seen better than feet"


@given(words, numbers, seeds)
def test_bones_keep_their_lengths(word, number, seed):
    signer, rng = drawn(number, seed), np.random.default_rng(seed)
    posed = body(clip(word, signer, rng), signer, rng)
    pose = posed.pose
    for shoulder, hand in ((lm.LEFT_SHOULDER, posed.left_hand), (lm.RIGHT_SHOULDER, posed.right_hand)):
        elbow, wrist = shoulder + 2, shoulder + 4
        np.testing.assert_allclose(np.linalg.norm(pose[:, elbow] - pose[:, shoulder], axis=-1), signer.upper_arm)
        np.testing.assert_allclose(np.linalg.norm(pose[:, wrist] - pose[:, elbow], axis=-1), signer.forearm)
        np.testing.assert_allclose(hand[:, lm.WRIST], pose[:, wrist], atol=1e-9)
        for finger in lm.FINGERS[1:]:
            bones = np.linalg.norm(np.diff(hand[:, finger], axis=1), axis=-1)  # (T, 3)
            np.testing.assert_allclose(bones, np.broadcast_to(bones[0], bones.shape))


def test_arm_that_cannot_reach_its_place_is_stretched_towards_it():
    signer = drawn(0, 0)
    ahead, palm = np.array([[0.0, 0.0, -1.0]]), np.array([[0.0, 1.0, 0.0]])
    course = Course(np.array([[0.0, 0.0, -9.0]]), ahead, palm, SHAPES["flat"][None])
    elbow, wrist, _ = arm(course, np.zeros((1, 3)), signer)
    reached = np.linalg.norm(wrist)
    assert 0.9 * (signer.upper_arm + signer.forearm) < reached < signer.upper_arm + signer.forearm
    np.testing.assert_allclose(np.linalg.norm(elbow), signer.upper_arm)
    np.testing.assert_allclose(np.linalg.norm(wrist - elbow), signer.forearm)
    np.testing.assert_allclose(wrist / reached, ahead, atol=1e-9)


@pytest.mark.parametrize(("other", "together"), [("both", True), ("turns", False)])
def test_two_hands_move_together_or_in_turns(other, together):
    word, signer = SyntheticSign("five", "neutral", "nod", "forward-down", other, repeats=2), drawn(0, 0)
    course = clip(word, signer, np.random.default_rng(0))
    signing = slice(len(course.seconds) // 3, -len(course.seconds) // 3)
    heights = np.stack([course.right.centre[signing, 1], course.left.centre[signing, 1]])
    correlation = np.corrcoef(heights)[0, 1]
    assert correlation > 0.9 if together else correlation < -0.9


def test_face_is_symmetric_and_in_order():
    mesh = face_mesh()
    np.testing.assert_allclose(mesh[lm.FACE_MIRROR] * [-1, 1, 1], mesh, atol=1e-6)
    heights = [mesh[list(points), 1].mean() for points in (lm.BROWS, lm.EYES, lm.NOSE_RIDGE, lm.LIPS)]
    assert heights == sorted(heights), "y runs down: brows, eyes, nose, lips"
    assert mesh[list(lm.EYES[:16]), 0].max() < 0 < mesh[list(lm.EYES[16:]), 0].min()
    assert len(np.unique(mesh, axis=0)) == lm.FACE.points


@pytest.mark.parametrize("word", VOCABULARY, ids=lambda word: word.name)
def test_left_handed_signer_is_the_mirror_image(word):
    straight = replace(drawn(0, 0), view=np.zeros(3), jitter=0.0, losses=0.0)
    centred = replace(straight, centre=np.array([0.5 * straight.aspect, 0.5]))
    right, left = (
        perform(word, replace(centred, left_handed=left_handed), np.random.default_rng(3))[0]
        for left_handed in (False, True)
    )
    mirrored = lm.mirror(right)
    for part in (lm.LEFT_HAND, lm.RIGHT_HAND):
        both = np.logical_and(lm.is_found(mirrored, part), lm.is_found(left, part))
        if both.any():
            gap = part.of(mirrored)[both] - part.of(left)[both]
            assert np.abs(gap[..., :2]).max() < 0.1, "no further apart than the takes' places in the picture"
            assert np.abs(gap - gap.mean((0, 1))).max() < 0.01
    assert np.ptp(lm.POSE.of(left)[:, lm.LEFT_WRIST, 1]) > np.ptp(lm.POSE.of(right)[:, lm.LEFT_WRIST, 1]) or word.other


def test_signers_stand_in_different_places(signs):
    groups = np.array(signs.columns["group"])
    stands = np.array([where(signs.clip(i)) for i in range(len(signs))])  # (N, 3)
    middles = np.array([stands[groups == who].mean(0) for who in np.unique(groups)])  # (6, 3)
    spread = np.mean([stands[groups == who].std(0) for who in np.unique(groups)], axis=0)
    assert (middles.std(0) > 3 * spread).all(), "signers differ more than takes do"


def test_some_signers_are_left_handed_and_their_left_hand_moves(signs):
    dominant: dict = {}
    one_handed = {word.name for word in VOCABULARY if not word.other}
    for i in range(len(signs)):
        if signs.words[signs.label[i]] in one_handed:
            wrists = lm.POSE.of(signs.clip(i))[:, [lm.LEFT_WRIST, lm.RIGHT_WRIST], :2]
            dominant.setdefault(signs.columns["group"][i], []).append(np.ptp(wrists, axis=0).sum(-1).argmax() == 0)
    left = {who for who, moves in dominant.items() if np.mean(moves) > 0.9}
    right = {who for who, moves in dominant.items() if np.mean(moves) < 0.1}
    assert left == {"signer03", "signer06"} and left | right == set(dominant)


def test_hands_get_lost_as_they_do_in_recordings(signs):
    frames = np.concatenate([signs.batch([i]).landmarks[0].numpy() for i in range(len(signs))])
    left, right = lm.is_found(frames, lm.LEFT_HAND), lm.is_found(frames, lm.RIGHT_HAND)
    assert 0.08 < (~left & ~right).mean() < 0.25  # 0.15 in recordings with a webcam
    assert 0.97 < lm.is_found(frames, lm.FACE).mean() < 1
    wrist = lm.POSE.of(frames)[:, lm.LEFT_WRIST, 1]
    assert left[wrist < 0.8].mean() > 0.8 > 0.5 > left[wrist > 1].mean(), "a hand below the picture can't be seen"


def test_names_are_unique_and_each_parameter_has_a_minimal_pair():
    assert len({word.name for word in VOCABULARY}) == len(VOCABULARY)
    fields = [astuple(word)[:5] for word in VOCABULARY[:12]]  # shape, place, path, turn, other
    differences = [[a != b for a, b in zip(one, two, strict=True)] for one, two in combinations(fields, 2)]
    alone = {difference.index(True) for difference in differences if sum(difference) == 1}
    assert alone == {0, 1, 2, 3, 4}


def accuracy(inputs: np.ndarray, label: np.ndarray, held: np.ndarray) -> float:
    """Share of held-out clips whose nearest training clip has their word: ``(N, F)``, ``(N,)``, bool ``(N,)``."""
    train = inputs[~held]
    distance = (train**2).sum(1) - 2 * inputs[held] @ train.T
    return float((label[~held][distance.argmin(1)] == label[held]).mean())


@pytest.mark.slow
def test_raw_numbers_know_the_signer_and_body_features_the_sign():
    inside: dict[str, list[float]] = {"raw": [], "body": []}
    across: dict[str, list[float]] = {"raw": [], "body": []}
    for seed in (0, 1):
        signs = SyntheticClips(clips=3, seed=seed).load()
        batch = signs.batch(np.arange(len(signs)))
        group, take = np.array(signs.columns["group"]), np.array([name[-2:] for name in signs.name])
        framed = BodyFeatures(parts=["arms", "left_hand", "right_hand"])(batch.landmarks, batch.aspect)
        for name, inputs in (("raw", batch.landmarks), ("body", framed)):
            rows = inputs[:, ::6].flatten(1).numpy()  # (N, 10 * F)
            inside[name].append(accuracy(rows, signs.label, take == "00"))
            across[name] += [accuracy(rows, signs.label, group == who) for who in np.unique(group)]
    assert np.mean(inside["raw"]) > np.mean(across["raw"]) + 0.1, "new signers are harder for the raw numbers"
    assert np.mean(across["body"]) > np.mean(across["raw"]) + 0.3, "a body frame is most of what is missing"
    assert np.mean(across["body"]) < 0.95, "not too easy to compare anything with"


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"words": 1}, "data.words=1"),
        ({"words": 25}, "data.words=25"),
        ({"signers": 0}, "data.signers=0"),
        ({"clips": 2.5}, "data.clips=2.5"),
        ({"seed": -1}, "data.seed=-1"),
    ],
)
def test_numbers_out_of_range_are_named(options, named):
    with pytest.raises(InputError, match=named):
        SyntheticClips(**options)
