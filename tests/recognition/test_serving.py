from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from support.checkpoints import network

from isl import Recognizer
from isl.errors import InputError
from isl.export.onnx_model import write_onnx
from isl.recognition.onnx_recognizer import OnnxRecognizer
from isl.recognition.serving import load_recognizer

pytestmark = pytest.mark.slow  # torch takes seconds to write an ONNX file
FACTS = {
    "slope": 2.0,
    "middle": -0.5,
    "softness": 0.7,
    "thresholds": {"0.80": 0.4, "0.90": 0.3, "0.95": 0.2},
    "offsets": {"no": 0.4, "yes": -0.4},
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A checkpoint whose answers rest on a fitted decision, and its ONNX file."""
    folder = tmp_path_factory.mktemp("served")
    path = network(folder / "a.ckpt", seed=3, **FACTS)
    write_onnx(Recognizer.load(path), folder / "a.onnx")
    return path, folder / "a.onnx"


def test_the_suffix_decides_which_recognizer_is_loaded(files):
    assert isinstance(load_recognizer([files[0]]), Recognizer)
    assert isinstance(load_recognizer([files[1]]), OnnxRecognizer)


def test_torch_and_onnx_decide_the_same_for_any_share_to_keep(files):
    clips = np.random.default_rng(1).random((40, 60, 1662), np.float32)
    for keep in (None, 0.8, 0.87, 0.95):
        ours, theirs = load_recognizer([files[0]]), load_recognizer([files[1]])
        ours.keep(keep)
        theirs.keep(keep)
        assert theirs.reject == pytest.approx(ours.reject)
        answers = ours(clips)
        np.testing.assert_allclose(theirs(clips), answers, atol=1e-5)
        assert (theirs.is_known(answers) == ours.is_known(answers)).all()


def test_an_onnx_file_answers_alone(files):
    with pytest.raises(InputError, match="neither joined with others"):
        load_recognizer(list(files))
    with pytest.raises(InputError, match="shifts"):
        load_recognizer([files[1]], [0, 3])


def test_an_onnx_file_is_served_without_torch(files, tmp_path):
    np.save(tmp_path / "clip.npy", np.random.default_rng(0).random((60, 1662), np.float32))
    code = (
        "import sys; from isl.commands.infer import main\n"
        f"sys.argv[1:] = ['input={tmp_path / 'clip.npy'}', 'ckpt_path={files[1]}']\n"
        "main(); print('torch' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert run.returncode == 0, run.stderr
    assert run.stdout.splitlines()[-1] == "False"
