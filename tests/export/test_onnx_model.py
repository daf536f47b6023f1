from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from omegaconf import OmegaConf
from support.checkpoints import network
from support.configs import config

from isl import Recognizer
from isl.config.app import CONF
from isl.config.build import build
from isl.data.folder import FolderClips
from isl.errors import InputError
from isl.export.onnx_model import compare, largest_difference, write_onnx
from isl.models.network import build_network
from isl.recognition.checkpoint import Checkpoint
from isl.recognition.onnx_file import METADATA
from isl.recognition.onnx_recognizer import OnnxRecognizer

pytestmark = pytest.mark.slow  # torch takes seconds to write an ONNX file
WORDS = ("no", "yes", "बुखार")
NETWORKS = sorted(path.stem for path in (CONF / "model").glob("*.yaml"))


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """An untrained checkpoint with a temperature and a threshold, and its ONNX file."""
    folder = tmp_path_factory.mktemp("export")
    facts = {"temperature": 0.5, "reject": 0.4, "seconds": 1.5, "aspect": 1.25, "protocol": "none"}
    recognizer = Recognizer.load(network(folder / "a.ckpt", seed=1, words=WORDS, **facts))
    difference = write_onnx(recognizer, folder / "a.onnx")
    assert difference < 1e-4
    return recognizer, folder / "a.onnx"


def test_the_file_answers_as_torch_does(exported):
    recognizer, path = exported
    served, rng = OnnxRecognizer(path), np.random.default_rng(0)
    for clip in (rng.random((7, 1662), np.float32), rng.random((2, 90, 1662), np.float32)):  # resampled, and a batch
        for aspect in (None, 0.5, 2.0):
            np.testing.assert_allclose(served(clip, aspect), recognizer(clip, aspect), atol=1e-5)


def test_the_file_contains_everything_that_serving_needs(exported):
    recognizer, path = exported
    served = OnnxRecognizer(path)
    assert served.words == list(WORDS) and served.about["protocol"] == "none"
    assert (served.seconds, served.aspect, served.reject) == (1.5, 1.25, 0.4)
    probabilities = np.array([[0.3, 0.35, 0.35], [0.1, 0.1, 0.8]], np.float32)
    assert served.is_known(probabilities).tolist() == recognizer.is_known(probabilities).tolist() == [False, True]


def test_a_file_of_an_unfinished_training_says_so(exported, tmp_path):
    assert "calibrated" not in OnnxRecognizer(exported[1]).description
    write_onnx(Recognizer.load(network(tmp_path / "a.ckpt", seed=1, words=WORDS)), tmp_path / "a.onnx")
    assert "not calibrated" in OnnxRecognizer(tmp_path / "a.onnx").description


def test_another_temperature_gives_another_file(exported, tmp_path):
    """A comparison of a file with itself would pass here too."""
    recognizer, path = exported
    other = Recognizer.load(network(tmp_path / "b.ckpt", seed=1, words=WORDS, temperature=5.0))
    assert largest_difference(recognizer, path) < 1e-4 < largest_difference(other, path)


def test_a_file_that_answers_otherwise_is_not_kept(exported, tmp_path, monkeypatch):
    monkeypatch.setattr("isl.export.onnx_model.largest_difference", lambda *_: 0.1)
    with pytest.raises(InputError, match="differ from torch"):
        write_onnx(exported[0], tmp_path / "a.onnx")
    assert not list(tmp_path.iterdir())


def test_a_file_is_compared_on_clips_and_other_answers_are_told(exported, make_dataset, tmp_path):
    recognizer, path = exported
    clips = FolderClips(make_dataset({word: ["a", "b"] for word in WORDS})).load()
    same = compare(recognizer, path, clips)
    assert same.startswith("6 clips, top-1 ") and "the same word in 100.0 %" in same
    other = Recognizer.load(network(tmp_path / "b.ckpt", seed=2, words=WORDS))
    assert float(same.rsplit(" ", 1)[1]) < 1e-4 < 1e-2 < float(compare(other, path, clips).rsplit(" ", 1)[1])


def with_facts(path: Path, out: Path, **changes: object) -> Path:
    """A copy of an ONNX file, without its checksum, whose metadata says something else."""
    model = onnx.load(str(path))
    facts = {**json.loads(model.metadata_props[0].value), **changes}
    del facts["format"]
    onnx.helper.set_model_props(model, {METADATA: json.dumps(facts)})
    onnx.save_model(model, str(out))
    return out


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"words": None}, "words"),
        ({"words": ["no", "yes", "\x1b[2J"]}, "words"),
        ({"reject": "high"}, "reject"),
        ({"seconds": -1}, "seconds"),
        ({"aspect": True}, "aspect"),
    ],
)
def test_facts_are_checked(changes, says, exported, tmp_path):
    with pytest.raises(InputError, match=says):
        OnnxRecognizer(with_facts(exported[1], tmp_path / "b.onnx", **changes))


def test_other_files_are_refused_in_one_line(exported, tmp_path):
    whole = exported[1].read_bytes()
    for content in (b"", b"no model", whole[:100], whole[: len(whole) // 2]):
        (tmp_path / "a.onnx").write_bytes(content)
        with pytest.raises(InputError, match="damaged") as refusal:
            OnnxRecognizer(tmp_path / "a.onnx")
        assert "\n" not in str(refusal.value)
    with pytest.raises(InputError, match="no such file"):
        OnnxRecognizer(tmp_path / "none.onnx")


def shipped(name: str) -> dict:
    """The config of a network in ``conf/model``."""
    model = OmegaConf.to_container(config("train", f"model={name}").model)
    assert isinstance(model, dict)
    return model


@pytest.mark.no_cover  # torch's exporter is five times slower while lines are counted
@pytest.mark.parametrize(
    ("features", "model"),
    [*(("BodyHands", name) for name in NETWORKS), ("BodyFeatures", "bilstm_attn"), ("RawFeatures", "bilstm_attn")],
)
def test_every_network_and_features_answer_as_in_torch(features, model, tmp_path):
    torch.manual_seed(0)
    config = {"_target_": f"isl.features.{features}"}
    built, words = build(config), [f"w{i}" for i in range(4)]
    net = build_network(shipped(model), built.size, len(words), built.skeleton, built.views)
    state = {f"model.{key}": value for key, value in net.state_dict().items()}
    state |= {f"features.{key}": value for key, value in built.state_dict().items()}
    about = {"features_version": getattr(built, "version", 1)}
    trained = Checkpoint(words, config, shipped(model), state, about)
    assert write_onnx(Recognizer(trained), tmp_path / "a.onnx") < 1e-4
