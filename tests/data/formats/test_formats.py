"""Each format gives back the clip that a file was made from; files that are none get one line."""

from __future__ import annotations

import importlib.util
import json
import os
import pickle
import sys
from typing import Any

import numpy as np
import pytest
from support.people import person_clip

from isl.data.folder import FolderClips
from isl.data.formats.catalogue import all_formats, format_of, read_raw
from isl.data.formats.reading import read_as_clip
from isl.data.formats.shapes import KAGGLE
from isl.data.listing import collected
from isl.errors import InputError
from isl.landmarks import FACE, LEFT_HAND, PARTS, POSE, RIGHT_HAND

CLIP = person_clip(0)
WRITERS: dict[str, Any] = {kind.name: kind for kind in all_formats() if kind.write}


def read(path, key=""):
    return read_as_clip(read_raw(path, key), str(path))


@pytest.mark.parametrize("name", WRITERS)
def test_a_written_clip_is_read_back_unchanged(tmp_path, name):
    kind = WRITERS[name]
    path = tmp_path / f"clip{kind.suffixes[0]}"
    kind.write(path, CLIP, 12.5, 4 / 3)
    reading = read(path)
    np.testing.assert_allclose(reading.frames, CLIP, atol=2e-6)
    if name in ("npz", ".pose"):
        assert reading.fps == 12.5 and reading.aspect == pytest.approx(4 / 3, abs=1e-3)


@pytest.mark.parametrize("name", WRITERS)
def test_a_file_is_known_by_its_content(tmp_path, name):
    path = tmp_path / "clip.npy"
    WRITERS[name].write(path, CLIP, 12.5, 4 / 3)
    assert format_of(path).name == name
    np.testing.assert_allclose(read(path).frames, CLIP, atol=2e-6)


def test_kaggle_rows_without_visibility_and_with_missing_hands(tmp_path):
    import pyarrow
    import pyarrow.parquet

    rows = []
    for t, frame in enumerate(CLIP[:3]):
        for part in KAGGLE:
            for i, (x, y, z) in enumerate(part.of(frame)[:, :3].astype(float)):
                gone = part is LEFT_HAND
                rows.append((t + 7, part.name, i, *((None,) * 3 if gone else (x, y, z))))
    names = ("frame", "type", "landmark_index", "x", "y", "z")
    table = pyarrow.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    (tmp_path / "train_landmark_files" / "16069").mkdir(parents=True)
    path = tmp_path / "train_landmark_files" / "16069" / "100015657.parquet"
    pyarrow.parquet.write_table(table, path)
    clip = read(path).frames
    expected = CLIP[:3].copy()
    expected[:, LEFT_HAND.slice] = 0
    POSE.of(expected)[..., 3] = 1
    np.testing.assert_allclose(clip, expected, atol=1e-6)

    (tmp_path / "train.csv").write_text(
        "path,participant_id,sequence_id,sign\ntrain_landmark_files/16069/100015657.parquet,16069,100015657,blow\n"
    )
    clips = FolderClips(str(tmp_path)).load()
    assert (clips.words, clips.name, clips.columns["group"]) == (["blow"], ["blow/16069_100015657"], ["16069"])


def test_an_openhands_pickle(tmp_path):
    points = np.concatenate([part.of(CLIP)[..., :2] for part in (POSE, LEFT_HAND, RIGHT_HAND)], 1)
    confidences = np.ones(points.shape[:2])
    confidences[:, POSE.points :][:5] = 0  # no hands in the first frames
    (tmp_path / "a.pkl").write_bytes(pickle.dumps({"keypoints": points, "confidences": confidences}))
    clip = read(tmp_path / "a.pkl").frames
    np.testing.assert_allclose(POSE.of(clip)[..., :2], POSE.of(CLIP)[..., :2])
    assert not clip[:5, RIGHT_HAND.slice].any() and not clip[:, FACE.slice].any()
    np.testing.assert_allclose(RIGHT_HAND.of(clip)[5:, :, :2], RIGHT_HAND.of(CLIP)[5:, :, :2])


def test_a_file_is_read_after_its_package_was_installed(tmp_path, monkeypatch):
    """A first start keeps in the cache which clips could not be read."""
    for word in ("Doctor", "Fever"):
        (tmp_path / word).mkdir()
        WRITERS["parquet"].write(tmp_path / word / "a.parquet", CLIP, None, None)
    with monkeypatch.context() as without:
        find = importlib.util.find_spec
        without.setitem(sys.modules, "pyarrow.parquet", None)
        without.setattr(importlib.util, "find_spec", lambda name: None if name == "pyarrow" else find(name))
        with pytest.raises(InputError, match="needs pyarrow: pip install"):
            FolderClips(str(tmp_path)).load()
    assert FolderClips(str(tmp_path)).load().name == ["Doctor/a", "Fever/a"]


class Program:
    def __reduce__(self):
        return os.mkdir, (os.environ["ISL_PICKLE_RAN"],)


@pytest.mark.parametrize("wrapped", [lambda p: p, lambda p: {"keypoints": p}, lambda p: [p]])
@pytest.mark.parametrize("protocol", [2, 5])
def test_reading_a_pickle_runs_no_code(tmp_path, monkeypatch, wrapped, protocol):
    monkeypatch.setenv("ISL_PICKLE_RAN", str(tmp_path / "ran"))
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(wrapped(Program()), protocol))
    with pytest.raises(InputError, match=r"would run posix\.mkdir"):
        read(tmp_path / "a.pkl")
    rows = np.empty(1, object)
    rows[0] = Program()
    np.save(tmp_path / "b.npy", rows, allow_pickle=True)
    with pytest.raises(InputError, match=r"would run posix\.mkdir"):
        read(tmp_path / "b.npy")
    assert not (tmp_path / "ran").exists()


def test_rows_that_numpy_pickled(tmp_path):
    rows = np.empty(len(CLIP), object)
    rows[:] = list(CLIP)
    np.save(tmp_path / "a.npy", rows, allow_pickle=True)
    np.testing.assert_array_equal(read(tmp_path / "a.npy").frames, CLIP)


def test_parts_by_name_may_be_rows_of_numbers(tmp_path):
    parts = {part.name: part.of(CLIP) if part is POSE else CLIP[:, part.slice] for part in PARTS}
    np.savez(tmp_path / "a.npz", **parts)
    np.testing.assert_array_equal(read(tmp_path / "a.npz").frames, CLIP)
    (tmp_path / "a.pkl").write_bytes(pickle.dumps(parts))
    np.testing.assert_array_equal(read(tmp_path / "a.pkl").frames, CLIP)


def test_hdf5_with_the_parts_of_one_clip_and_of_many(tmp_path):
    import h5py

    root = tmp_path / "root"
    root.mkdir()
    with h5py.File(tmp_path / "one.h5", "w") as one, h5py.File(root / "all.h5", "w") as many:
        for part in PARTS:
            one[part.name] = part.of(CLIP)
            for i, word in enumerate(("Doctor", "Doctor", "Fever", "Fever")):
                many[f"{word}/{i}/{part.name}"] = part.of(person_clip(i))
    np.testing.assert_array_equal(read(tmp_path / "one.h5").frames, CLIP)
    clips = FolderClips(str(root)).load()
    assert clips.name == ["Doctor/0", "Doctor/1", "Fever/2", "Fever/3"]
    np.testing.assert_array_equal(clips.clip(3), person_clip(3))
    with pytest.raises(InputError, match="an HDF5 file of 4 clips"):
        read(root / "all.h5")


@pytest.mark.parametrize(
    ("shapes", "reason"),
    [
        ([(10, 33, 4), (9, 21, 3)], "different numbers of frames: 10 of pose, 9 of left_hand"),
        ([(10, 33, 4), (10, 20, 3)], r"left_hand of shape \(10, 20, 3\), which is not \(frames, 21, 2 to 4\)"),
        ([(10, 30, 4), (10, 21, 3)], "pose of shape"),
        ([(10, 33, 1), (10, 21, 3)], "pose of shape"),
        ([(10, 33, 5), (10, 21, 3)], "pose of shape"),
        ([(10, 100), (10, 21, 3)], "pose of shape"),
        ([(0, 33, 4), (0, 21, 3)], "no frames"),
    ],
)
def test_parts_of_wrong_shapes_are_refused(tmp_path, shapes, reason):
    pose, hand = (np.full(shape, 0.5) for shape in shapes)
    np.savez(tmp_path / "a.npz", pose=pose, left_hand=hand)
    with pytest.raises(InputError, match=reason) as caught:
        read(tmp_path / "a.npz")
    assert str(caught.value).startswith(f"{tmp_path / 'a.npz'}: ")


@pytest.mark.parametrize("kind", ["U3", "complex64", "bool", "O"])
def test_parts_that_are_no_numbers_are_refused(tmp_path, kind):
    (tmp_path / "a.pkl").write_bytes(pickle.dumps({part.name: part.of(CLIP).astype(kind) for part in PARTS}))
    with pytest.raises(InputError, match="not of numbers"):
        read(tmp_path / "a.pkl")


def test_hdf5_with_one_clip_and_with_many(tmp_path):
    import h5py

    with h5py.File(tmp_path / "one.h5", "w") as file:
        file["keypoints"] = CLIP
    np.testing.assert_array_equal(read(tmp_path / "one.h5").frames, CLIP)
    (tmp_path / "root").mkdir()
    with h5py.File(tmp_path / "root" / "all.h5", "w") as file:
        for word in ("Doctor", "Fever"):
            for i in range(2):
                file[f"{word}/{i}"] = person_clip(i)
    clips = FolderClips(str(tmp_path / "root")).load()
    assert clips.name == ["Doctor/0", "Doctor/1", "Fever/0", "Fever/1"]
    np.testing.assert_array_equal(clips.clip(1), person_clip(1))


def json_frames(spelled, as_dicts):
    frames = []
    for t, frame in enumerate(CLIP):
        parts: dict = {}
        for part in PARTS:
            points = part.of(frame).astype(float)
            if part is LEFT_HAND and t < 4:
                parts[spelled[part.name]] = None
            elif as_dicts:
                axes = ("x", "y", "z", "visibility")
                parts[spelled[part.name]] = [dict(zip(axes, point.tolist(), strict=False)) for point in points]
            else:
                parts[spelled[part.name]] = points.tolist()
        frames.append(parts)
    return frames


@pytest.mark.parametrize("as_dicts", [True, False])
@pytest.mark.parametrize(
    "spelled",
    [
        {part.name: part.name for part in PARTS},
        {"pose": "poseLandmarks", "face": "faceLandmarks", "left_hand": "leftHandLandmarks",
         "right_hand": "rightHandLandmarks"},
        {part.name: f"{part.name}_landmarks" for part in PARTS},
    ],
)  # fmt: skip
def test_json_as_programs_and_browsers_write_it(tmp_path, as_dicts, spelled):
    frames = json_frames(spelled, as_dicts)
    expected = CLIP.copy()
    expected[:4, LEFT_HAND.slice] = 0
    (tmp_path / "list.json").write_text(json.dumps(frames))
    (tmp_path / "facts.json").write_text(json.dumps({"fps": 25, "frames": frames}))
    np.testing.assert_allclose(read(tmp_path / "list.json").frames, expected, atol=1e-6)
    assert read(tmp_path / "facts.json").fps == 25


def test_include_records_tell_the_hands_apart(tmp_path):
    left, right, pose = LEFT_HAND.of(CLIP).astype(float), RIGHT_HAND.of(CLIP).astype(float), POSE.of(CLIP).astype(float)
    record = {"uid": "MVI_1", "label": "doctor"}
    for name, points in (("pose", pose[:, :25]), ("hand1", right), ("hand2", left)):  # the first hand is the right one
        record |= {f"{name}_x": points[..., 0].tolist(), f"{name}_y": points[..., 1].tolist()}
    (tmp_path / "train.json").write_text(json.dumps([record, {**record, "uid": "MVI_2"}]))
    (first, member), _ = collected(tmp_path)[0]
    assert (member.word, member.clip) == ("doctor", "MVI_1")
    clip = read(first, member.key).frames
    np.testing.assert_allclose(RIGHT_HAND.of(clip)[..., :2], right[..., :2], atol=1e-6)
    np.testing.assert_allclose(LEFT_HAND.of(clip)[..., :2], left[..., :2], atol=1e-6)


def test_spoters_table(tmp_path):
    from isl.data.formats.table_csv import BODY, HAND

    columns: dict = {}
    for name, point in BODY.items():
        columns |= {f"{name}_{a}": POSE.of(CLIP)[:, point, i].astype(float).tolist() for i, a in enumerate("XY")}
    for side, part in (("left", LEFT_HAND), ("right", RIGHT_HAND)):
        for name, point in HAND.items():
            values = part.of(CLIP)[:, point].astype(float)
            columns |= {f"{name}_{side}_{a}": values[:, i].tolist() for i, a in enumerate("XY")}
    header = ",".join([*columns, "labels"])
    row = ",".join([*(f'"{json.dumps(values)}"' for values in columns.values()), "12"])
    (tmp_path / "LSA64.csv").write_text(f"{header}\n{row}\n{row}\n")
    members = [member for _, member in collected(tmp_path)[0]]
    assert [member.word for member in members] == ["12", "12"]
    clip = read(tmp_path / "LSA64.csv", members[1].key).frames
    np.testing.assert_allclose(RIGHT_HAND.of(clip)[..., :2], RIGHT_HAND.of(CLIP)[..., :2], atol=1e-6)
    np.testing.assert_allclose(POSE.of(clip)[:, 11:17, :2], POSE.of(CLIP)[:, 11:17, :2], atol=1e-6)


DAMAGED = {
    "a.npz": (b"PK\x03\x04 and no more", "a damaged archive"),
    "a.h5": (b"\x89HDF\r\n\x1a\n and no more", "a damaged HDF5 file"),
    "a.parquet": (b"PAR1" + bytes(64) + b"PAR1", "a damaged parquet file"),
    "a.pkl": (b"\x80\x04\x95 and no more", "a damaged pickle"),
    "a.json": (b'{"frames": [', "a damaged JSON file"),
    "a.csv": (b"a,b\n1,x\n", "neither SPOTER's nor a row of numbers"),
    "a.pose": (np.float32(0.1).tobytes() + b"\0" * 8 + b"POSE_LANDMARKS" + bytes(200), "a damaged .pose file"),
    "lfs.npy": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull"),
}


@pytest.mark.parametrize("name", DAMAGED)
def test_a_damaged_file_gets_one_line(tmp_path, name):
    content, reason = DAMAGED[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=reason) as caught:
        read(tmp_path / name)
    assert str(caught.value).startswith(f"{tmp_path / name}: ") and "\n" not in str(caught.value)


def test_a_pipe_or_device_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "fifo.npy")
    for path, kind in ((tmp_path / "fifo.npy", "a pipe"), ("/dev/zero", "device"), (tmp_path, "a folder")):
        with pytest.raises(InputError, match=kind):
            read(type(tmp_path)(path))


def test_a_file_of_many_clips_is_parsed_once(tmp_path, monkeypatch):
    from isl.data.formats import mediapipe_json

    points = {
        f"{name}_{axis}": np.full((3, n), 0.5).tolist()
        for name, n in (("pose", 25), ("hand1", 21), ("hand2", 21))
        for axis in "xy"
    }
    records = [{"uid": f"{word}{i}", "label": word, **points} for word in ("Doctor", "Fever") for i in range(5)]
    (tmp_path / "all.json").write_text(json.dumps(records))
    parsed: list[Any] = []
    parse = mediapipe_json._content
    monkeypatch.setattr(mediapipe_json, "_content", lambda path: parsed.append(path) or parse(path))
    assert len(FolderClips(str(tmp_path)).load()) == 10
    assert len(parsed) == 1
