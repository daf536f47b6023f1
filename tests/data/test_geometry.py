"""Twisted files are found out and mended; sound ones are left alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support.people import person_clip

from isl.data.folder import FolderClips
from isl.data.formats.contract import RawClip
from isl.data.formats.reading import read_as_clip
from isl.data.geometry import survey
from isl.landmarks import FACE, LEFT_HAND, PARTS, POSE, RIGHT_HAND, is_found

PEOPLE = [person_clip(seed) for seed in range(4)]


def reordered(*order):
    return lambda clip: np.concatenate([clip[:, part.slice] for part in order], 1)


def moved(change):
    """x and y of every part that was found, changed."""

    def twist(clip):
        clip = clip.copy()
        for part in PARTS:
            points, there = part.of(clip), is_found(clip, part)
            points[..., :2] = np.where(there[:, None, None], change(points[..., :2]), 0)
        return clip

    return twist


def centred(clip):
    pose = POSE.of(clip)[..., :2]
    middle = pose[:, 11:13].mean(1, keepdims=True)
    width = np.linalg.norm(pose[:, 11] - pose[:, 12], axis=-1)[:, None, None]
    return moved(lambda points: (points - middle) / width)(clip)


def flip(points, x=False, y=False):
    return np.stack([1 - points[..., 0] if x else points[..., 0], 1 - points[..., 1] if y else points[..., 1]], -1)


TWISTS = {
    "face first": (reordered(FACE, POSE, LEFT_HAND, RIGHT_HAND), "data.order=[face,pose,left_hand,right_hand]"),
    "hands first": (reordered(LEFT_HAND, RIGHT_HAND, POSE, FACE), "data.order=[left_hand,right_hand,pose,face]"),
    "right before left": (reordered(POSE, FACE, RIGHT_HAND, LEFT_HAND), "data.order=[pose,face,right_hand,left_hand]"),
    "as kaggle": (reordered(FACE, LEFT_HAND, POSE, RIGHT_HAND), "data.order=[face,left_hand,pose,right_hand]"),
    "exchanged axes": (moved(lambda p: p[..., ::-1]), "data.mirror=true data.turn=270"),
    "turned by 90": (moved(lambda p: np.stack([1 - p[..., 1], p[..., 0]], -1)), "data.turn=270"),
    "turned by 180": (moved(lambda p: flip(p, True, True)), "data.turn=180"),
    "turned by 270": (moved(lambda p: np.stack([p[..., 1], 1 - p[..., 0]], -1)), "data.turn=90"),
    "mirrored": (moved(lambda p: flip(p, x=True)), "data.mirror=true"),
    "y upwards": (moved(lambda p: flip(p, y=True)), "data.mirror=true data.turn=180"),
    "pixels": (moved(lambda p: p * [640, 480]), "data.size=[640,480]"),
    "centred": (centred, "data.centred=true"),
}


@pytest.mark.parametrize("name", TWISTS)
def test_a_twist_is_named_and_mended(name):
    twist, option = TWISTS[name]
    found_out = survey([RawClip(twist(clip)) for clip in PEOPLE])
    assert len(found_out.remarks) == 1 and option in found_out.remarks[0]
    if name != "centred":  # where people stood is lost
        for clip in PEOPLE:
            mended = read_as_clip(RawClip(twist(clip)), "x", found_out.read_as).frames
            np.testing.assert_allclose(mended, clip, atol=1e-5)


@pytest.mark.parametrize("name", TWISTS)
def test_reading_options_of_the_user_give_the_same_as_estimated_ones(tmp_path, name, capsys):
    twist, option = TWISTS[name]
    for word in ("Doctor", "Fever"):
        (tmp_path / word).mkdir()
        for i, clip in enumerate(PEOPLE):
            np.save(tmp_path / word / f"{i}.npy", twist(clip))
    looked = FolderClips(str(tmp_path)).load()
    assert option in capsys.readouterr().err
    FolderClips(str(tmp_path)).load()
    assert option in capsys.readouterr().err, "from the cache it is said again"
    told: dict[str, Any] = {}
    for setting in option.split():
        key, value = setting.removeprefix("data.").split("=")
        told[key] = value.strip("[]").split(",") if "[" in value else {"true": True}.get(value) or int(value)
    told["size"] = [int(side) for side in told["size"]] if "size" in told else None
    said = FolderClips(str(tmp_path), **told).load()
    assert capsys.readouterr().err == ""
    np.testing.assert_array_equal(said.frames, looked.frames)


def test_clips_without_faults_do_not_change():
    assert survey([RawClip(clip) for clip in PEOPLE]).remarks == ()
    assert survey([RawClip(reordered(POSE, LEFT_HAND, RIGHT_HAND)(clip)) for clip in PEOPLE]).remarks == ()
    assert survey([]).remarks == survey([RawClip(np.zeros_like(PEOPLE[0]))]).remarks == ()


def test_recordings_are_left_alone(isl18):
    for path in sorted(isl18.glob("*/*_[0-3]0.npy")):
        assert survey([RawClip(np.load(path))]).remarks == (), path


@pytest.mark.parametrize("name", TWISTS)
def test_every_twist_of_recordings_is_found(isl18, name):
    twist, option = TWISTS[name]
    clips = [np.load(path).astype(np.float32) for path in sorted(isl18.glob("*/*_[03]5.npy"))]
    assert len(clips) == 36
    (remark,) = survey([RawClip(twist(clip)) for clip in clips]).remarks
    assert option in remark


def scaled(by, plus=0.0):
    return moved(lambda p: p * by + plus)


def visible(clip):
    clip = clip.copy()
    POSE.of(clip)[..., 3] *= 100
    return clip


def around_their_wrists(clip):
    clip = clip.copy()
    for hand in (LEFT_HAND, RIGHT_HAND):
        hand.of(clip)[:] -= hand.of(clip)[:, :1]
    return clip


def in_metres(clip):
    clip = clip.copy()
    POSE.of(clip)[..., :3] = (POSE.of(clip)[..., :3] - POSE.of(clip)[:, 23:25, :3].mean(1, keepdims=True)) * 1.6
    return clip


@pytest.mark.parametrize(
    ("twist", "remark"),
    [
        (lambda clip: np.diff(clip, axis=0, prepend=clip[:1]), "not where they belong"),
        (lambda clip: clip[:, [*np.arange(132).reshape(33, 4)[:, [3, 0, 1, 2]].ravel(), *range(132, 1662)]], "belong"),
        (in_metres, "not where they belong"),
        (around_their_wrists, "hands are relative to their own wrist"),
        (lambda clip: clip[:, LEFT_HAND.start :], "no pose"),
        (lambda clip: clip[:, : FACE.start], "no hands"),
        (scaled(2, -1), "most heads lie outside"),
        (scaled(100), "data.size=[100,100]"),
        (visible, "visibility"),
    ],
)
def test_files_that_cannot_be_mended_say_what_is_odd(twist, remark):
    (found_out,) = survey([RawClip(twist(clip)) for clip in PEOPLE]).remarks
    assert remark in found_out


def in_blocks(clip, parts, dims, of_frames):
    """A clip's parts with all x first, then all y: of each part, or of the frame."""
    points = [part.of(clip)[..., : min(part.dims, dims)] for part in parts]
    if not of_frames:
        return np.concatenate([own.transpose(0, 2, 1).reshape(len(clip), -1) for own in points], 1)
    axes = [np.concatenate([own[..., axis] for own in points if own.shape[2] > axis], 1) for axis in range(dims)]
    return np.concatenate(axes, 1)


@pytest.mark.parametrize("of_frames", [False, True])
@pytest.mark.parametrize(
    ("parts", "dims"),
    [
        (PARTS, 4),
        (PARTS, 3),
        ((POSE, LEFT_HAND, RIGHT_HAND), 4),
        ((POSE, LEFT_HAND, RIGHT_HAND), 3),
        ((LEFT_HAND, RIGHT_HAND), 3),
        ((POSE,), 4),
        ((FACE,), 3),
    ],
)
def test_numbers_stored_axis_by_axis_are_named(parts, dims, of_frames):
    clips = [RawClip(in_blocks(clip, parts, dims, of_frames)) for clip in PEOPLE]
    assert "all x are stored before all y" in survey(clips).remarks[-1]
    sound = [np.concatenate([part.of(clip)[..., :dims].reshape(len(clip), -1) for part in parts], 1) for clip in PEOPLE]
    assert not any("all x" in remark for remark in survey(list(map(RawClip, sound))).remarks)


@pytest.mark.parametrize("name", ["mirrored", "pixels", "face first"])
def test_clips_unlike_the_others_are_named(tmp_path, name, capsys):
    (tmp_path / "Doctor").mkdir()
    for i in range(6):
        clip = person_clip(i)
        np.save(tmp_path / "Doctor" / f"{i}.npy", TWISTS[name][0](clip) if i == 4 else clip)
    FolderClips(str(tmp_path)).load()
    said = capsys.readouterr().err
    assert "1 of 6 clips that were looked at differ" in said and "Doctor/4" in said


@pytest.mark.parametrize("number", [-1, -999, 0.5, 9999, 1e20])
def test_one_number_at_all_points_stands_for_a_missing_part(number):
    clip = PEOPLE[0].copy()
    clip[2:5, LEFT_HAND.slice] = number
    assert survey([RawClip(clip)]).remarks == ()
    read = read_as_clip(RawClip(clip), "x").frames
    assert not read[2:5, LEFT_HAND.slice].any()
    np.testing.assert_array_equal(read[5:], clip[5:])
