"""A recogniser shared as a folder of safetensors, JSON and ONNX answers as its checkpoint does."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from support.checkpoints import CLIPS, network

from isl import Recognizer
from isl.errors import InputError
from isl.export import hub
from isl.recognition.onnx_recognizer import OnnxRecognizer

pytest.importorskip("safetensors", reason="pip install 'isl[hub]'")
pytestmark = pytest.mark.slow  # torch takes seconds to write an ONNX file


@pytest.fixture(scope="module")
def pushed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    facts = {"temperature": 0.5, "reject": 0.4, "thresholds": {"0.5": 0.2}}
    path = network(folder / "a.ckpt", seed=3, words=("no", "बुखार"), **facts)
    assert hub.push(path, str(folder / "model")) == str(folder / "model")
    return path, folder / "model"


def copied(folder, target, **changes):
    """A copy of a model's folder whose config says something else."""
    target.mkdir()
    for file in folder.iterdir():
        (target / file.name).write_bytes(file.read_bytes())
    config = json.loads((folder / hub.CONFIG).read_text("utf-8"))
    (target / hub.CONFIG).write_text(json.dumps({**config, **changes}), "utf-8")
    return target


def test_what_was_pushed_answers_as_the_checkpoint(pushed):
    path, folder = pushed
    before, after = Recognizer.load(str(path)), hub.from_pretrained(folder)
    assert after.words == before.words and after.about == before.about and after.reject == before.reject
    np.testing.assert_array_equal(after(CLIPS), before(CLIPS))
    np.testing.assert_allclose(OnnxRecognizer(folder / hub.ONNX)(CLIPS), before(CLIPS), atol=1e-4)
    assert "बुखार" in (folder / hub.CARD).read_text("utf-8")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"model": {"_target_": "os.system", "command": "true"}}, "os.system"),
        ({"words": ["no"]}, ""),
        ({"words": "no"}, ""),
        ({"about": {"temperature": "hot"}}, "temperature"),
        ({"about": []}, ""),
    ],
)
def test_a_strangers_config_is_checked_like_a_checkpoint(pushed, tmp_path, changes, says):
    with pytest.raises(InputError) as caught:
        hub.from_pretrained(copied(pushed[1], tmp_path / "model", **changes))
    assert says in str(caught.value) and "\n" not in str(caught.value) and "model" in str(caught.value)


@pytest.mark.parametrize(
    ("file", "content"), [("model.safetensors", b"\xff" * 64), ("config.json", b"{"), ("config.json", None)]
)
def test_a_damaged_folder_is_one_line(pushed, tmp_path, file, content):
    folder = copied(pushed[1], tmp_path / "model")
    (folder / file).write_bytes(content) if content else (folder / file).unlink()
    with pytest.raises(InputError, match=file):
        hub.from_pretrained(folder)


def test_a_missing_folder_and_a_full_one_are_refused(pushed, tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        hub.from_pretrained(tmp_path / "none")
    with pytest.raises(InputError, match="name a new folder"):
        hub.push(pushed[0], str(pushed[1]))


class FakeHub:
    """Stands for the hub's client: keeps what is uploaded in a folder."""

    shelf: Any

    def create_repo(self, name, private, exist_ok):
        self.created = (name, private, exist_ok)

    def upload_folder(self, repo_id, folder_path, commit_message):
        copied(type(self).folder_of(folder_path), type(self).shelf / "stored")

    @staticmethod
    def folder_of(path):
        from pathlib import Path

        return Path(path)


def test_a_name_goes_to_the_hub_and_comes_back(pushed, tmp_path, monkeypatch):
    import huggingface_hub

    FakeHub.shelf = tmp_path
    monkeypatch.setattr(huggingface_hub, "HfApi", FakeHub)
    monkeypatch.setattr(huggingface_hub, "snapshot_download", lambda name, allow_patterns: str(tmp_path / "stored"))
    assert hub.push(pushed[0], "user/name") == "https://huggingface.co/user/name"
    np.testing.assert_array_equal(hub.from_pretrained("user/name")(CLIPS), Recognizer.load(str(pushed[0]))(CLIPS))


def test_a_hub_that_cannot_be_reached_is_one_line(pushed, monkeypatch):
    import huggingface_hub

    def fail(*_, **__):
        raise OSError("no route\nto host")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    with pytest.raises(InputError, match="user/name: no such folder, and the hub does not give it: no route"):
        hub.from_pretrained("user/name")
