from __future__ import annotations

import errno
import resource
from pathlib import Path

import numpy as np
import pytest
import torch
from support.checkpoints import network
from torch import nn

from isl.config.build import build, class_of
from isl.errors import InputError
from isl.landmarks import FRAME_SIZE
from isl.models.bilstm_attn import BiLSTMAttention
from isl.recognition.archive import read_archive, write_archive
from isl.recognition.checkpoint import load_checkpoint, save_insignia_file, update_checkpoint
from isl.recognition.locate import checkpoint_paths, newest_checkpoint
from isl.recognition.recognizer import Recognizer
from isl.weights import SHIPPED


def content(**changes):
    model = BiLSTMAttention(FRAME_SIZE, 2, hidden=4)
    known = {
        "words": ["no", "yes"],
        "features": {"_target_": "isl.features.RawFeatures"},
        "model": {"_target_": "isl.models.bilstm_attn.BiLSTMAttention", "hidden": 4},
        "about": {"seconds": 1.5},
    }
    state = {f"model.{key}": value for key, value in model.state_dict().items()}
    return {"state_dict": state, "hyper_parameters": {**known, **changes}}


def test_probabilities_survive_the_disk(tmp_path):
    written = content()
    model = BiLSTMAttention(FRAME_SIZE, 2, hidden=4).eval()
    model.load_state_dict({key.removeprefix("model."): value for key, value in written["state_dict"].items()})
    write_archive(written, tmp_path / "a.ckpt")
    clip = np.random.default_rng(0).random((60, FRAME_SIZE), np.float32)
    expected = model(torch.from_numpy(clip)[None]).softmax(-1)[0].detach().numpy()
    np.testing.assert_allclose(Recognizer.load(tmp_path / "a.ckpt")(clip), expected, atol=1e-6)


def test_a_batch_equals_its_clips_and_any_length_is_taken(tmp_path):
    write_archive(content(), tmp_path / "a.ckpt")
    recognizer = Recognizer.load(tmp_path / "a.ckpt")
    clips = np.random.default_rng(0).random((3, 23, FRAME_SIZE), np.float32)
    batch = recognizer(clips)
    assert batch.shape == (3, 2) and recognizer.seconds == 1.5
    np.testing.assert_allclose(batch[1], recognizer(clips[1]), atol=1e-6)


def test_a_checkpoint_of_another_features_version_is_refused(tmp_path, monkeypatch):
    write_archive(content(), tmp_path / "a.ckpt")
    monkeypatch.setattr("isl.features.RawFeatures.version", 2)
    with pytest.raises(InputError, match="version 1 of its features, and this is version 2"):
        Recognizer.load(tmp_path / "a.ckpt")
    write_archive(content(about={"features_version": 2}), tmp_path / "b.ckpt")
    assert Recognizer.load(tmp_path / "b.ckpt").words == ["no", "yes"]


def body_content():
    from isl.features import BodyFeatures

    features = {"_target_": "isl.features.BodyFeatures"}
    model = BiLSTMAttention(BodyFeatures().size, 2, hidden=4)
    state = {f"model.{key}": value for key, value in model.state_dict().items()}
    return {**content(features=features, about={"features_version": BodyFeatures.version}), "state_dict": state}


@pytest.mark.parametrize("make, numbers", [(content, 8 * 4), (body_content, FRAME_SIZE)], ids=["raw", "body"])
def test_frames_that_are_prepared_one_by_one_give_the_clips_probabilities(make, numbers, tmp_path):
    write_archive(make(), tmp_path / "a.ckpt")
    recognizer = Recognizer.load(tmp_path / "a.ckpt")
    clip = np.random.default_rng(0).random((60, FRAME_SIZE), np.float32)
    prepared = np.concatenate([recognizer.prepare(clip[i : i + 7]) for i in range(0, 60, 7)])
    assert prepared.shape == (60, numbers)  # of the raw numbers only what the network makes of them is kept
    np.testing.assert_allclose(recognizer.judge(prepared[None], 1.3)[0], recognizer(clip, 1.3), atol=1e-6)


@pytest.mark.parametrize("temperature", [1.0, 0.25, 3.0])
def test_an_insignia_file_is_read_and_written_with_the_same_confidences(temperature, tmp_path):
    write_archive(content(), tmp_path / "a.ckpt")
    update_checkpoint(tmp_path / "a.ckpt", temperature=temperature)
    assert save_insignia_file(load_checkpoint(tmp_path / "a.ckpt"), tmp_path / "insignia.pth")
    raw = torch.load(tmp_path / "insignia.pth", weights_only=True)
    assert set(raw) == {"state_dict", "classes"} and raw["classes"] == ["no", "yes"]
    BiLSTMAttention(FRAME_SIZE, 2, hidden=4).load_state_dict(raw["state_dict"])  # as its web app does
    clip = np.random.default_rng(0).random((60, FRAME_SIZE), np.float32)
    ours, seeds = Recognizer.load(tmp_path / "a.ckpt"), Recognizer.load(tmp_path / "insignia.pth")
    np.testing.assert_allclose(ours(clip), seeds(clip), atol=1e-6)


def test_no_insignia_file_for_another_network(tmp_path):
    write_archive(content(features={"_target_": "isl.features.BodyFeatures"}), tmp_path / "a.ckpt")
    assert not save_insignia_file(load_checkpoint(tmp_path / "a.ckpt"), tmp_path / "insignia.pth")
    assert not (tmp_path / "insignia.pth").exists()


def test_amending_keeps_everything_else(tmp_path):
    write_archive(content(), tmp_path / "a.ckpt")
    update_checkpoint(tmp_path / "a.ckpt", scores={"top1": 0.5})
    assert load_checkpoint(tmp_path / "a.ckpt").about == {"seconds": 1.5, "scores": {"top1": 0.5}}


def test_an_interrupted_write_leaves_the_old_file(tmp_path, monkeypatch):
    write_archive(content() | {"a": 1}, tmp_path / "a.ckpt")

    def disk_full(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(torch, "save", disk_full)
    with pytest.raises(OSError, match="no space"):
        write_archive(content() | {"a": 2}, tmp_path / "a.ckpt")
    monkeypatch.undo()
    assert read_archive(tmp_path / "a.ckpt")["a"] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["a.ckpt"]


def _spoilt(kind: str, path) -> None:
    if kind == "truncated":
        write_archive(content(), path)
        path.write_bytes(path.read_bytes()[:-200])
    elif kind == "foreign":
        torch.save(nn.Linear(2, 2), path)  # a pickled module: code
    elif kind == "text":
        path.write_text("hello")
    elif kind == "empty":
        path.touch()
    elif kind == "other":
        torch.save({"epoch": 3}, path)
    elif kind == "silent":
        torch.save({"state_dict": {}, "hyper_parameters": {"words": []}}, path)
    elif kind == "misfit":
        write_archive(content(words=["a", "b", "c"]), path)
    elif kind == "system":
        write_archive(content(model={"_target_": "os.system", "command": "true"}), path)
    elif kind == "by the back door":
        write_archive(content(model={"_target_": "isl.config.app.os.system", "command": "true"}), path)
    elif kind == "function":
        write_archive(content(model={"_target_": "isl.config.build.build", "config": {}}), path)
    elif kind == "unknown":
        write_archive(content(model={"_target_": "isl.models.nothing.Here"}), path)
    elif kind == "classes":
        torch.save({"state_dict": {"x": torch.zeros(1)}, "classes": ["a"]}, path)


KINDS = ("truncated", "foreign", "text", "empty", "other", "silent", "misfit", "system", "by the back door",
         "function", "unknown", "classes", "absent")  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_checkpoint_that_cannot_be_served_is_refused_in_one_line(kind, tmp_path):
    _spoilt(kind, tmp_path / "a.ckpt")
    with pytest.raises(InputError) as caught:
        Recognizer.load(tmp_path / "a.ckpt")
    assert "\n" not in str(caught.value)


def test_nested_targets_are_values_not_code():
    made = build({"_target_": "isl.features.BodyFeatures", "parts": ["nose"], "motion": []})
    assert made.size == 3
    with pytest.raises(InputError):
        build({"_target_": "isl.features.BodyFeatures", "parts": [{"_target_": "os.system"}]})


def test_the_newest_checkpoint_of_recordings_is_taken_or_else_the_shipped_one(tmp_path):
    import os

    assert newest_checkpoint(tmp_path) == SHIPPED["isl18"]
    sources = {"b": "FolderClips mine: 8 clips of 2 words", "a": "FolderClips mine: 9 clips of 2 words"}
    sources["d"] = "FolderClips mine: 7 clips of 2 words"  # its training is not finished
    sources["c"] = "SyntheticClips: 576 clips of 12 words"  # the newest, of signs that no person makes
    for i, (name, data) in enumerate(sources.items()):
        path = tmp_path / name / "checkpoints" / "best.ckpt"
        path.parent.mkdir(parents=True)
        network(path, seed=0, data=data, **({} if name == "d" else {"temperature": 1.0}))
        os.utime(path, (i, i))
    assert newest_checkpoint(tmp_path).parts[-3] == "a"
    assert "generated signs" in load_checkpoint(path).describe()


def test_the_shipped_recogniser_is_called_by_its_name_but_a_file_of_that_name_comes_first(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert checkpoint_paths("isl18") == [SHIPPED["isl18"]]
    network(Path("isl18"), seed=0)
    assert checkpoint_paths("isl18") == [Path("isl18")]


def test_a_class_counts_by_the_module_that_made_it_not_by_the_one_that_imported_it():
    assert class_of("isl.features.BodyHands").__name__ == "BodyHands"
    for target in ("isl.recognition.locate.Path", "pathlib.Path"):
        with pytest.raises(InputError, match="only classes of isl"):
            class_of(target)


def test_a_full_disk_is_an_error_of_the_system_and_leaves_the_old_file(tmp_path):
    write_archive({"a": torch.zeros(10)}, tmp_path / "a.ckpt")
    before = (tmp_path / "a.ckpt").read_bytes()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, hard))  # torch itself would raise a RuntimeError without reason
    try:
        with pytest.raises(OSError) as caught:
            write_archive({"a": torch.zeros(100_000)}, tmp_path / "a.ckpt")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caught.value.errno == errno.EFBIG
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [before]


def test_the_search_for_runs_ends_in_a_folder_that_is_no_folder_of_runs(tmp_path, monkeypatch):
    monkeypatch.setattr("isl.recognition.locate.MOST_FOLDERS", 3)
    for name in "abc":
        (tmp_path / name).mkdir()
    with pytest.raises(InputError, match="more than 3 folders; name a folder of runs"):
        checkpoint_paths(tmp_path)
