"""ONNX files from a stranger: refused in one line before they can read a file, loop, or take memory and time."""

from __future__ import annotations

import resource
import time

import numpy as np
import pytest
from support import hostile_onnx

from isl.errors import InputError
from isl.recognition.onnx_file import append_checksum
from isl.recognition.onnx_recognizer import OnnxRecognizer

MOST_MEMORY = 500 * 2**10  # kilobytes
MOST_SECONDS = 2.0


@pytest.fixture
def path(tmp_path):
    return tmp_path / "theirs.onnx"


@pytest.fixture
def sound(path):
    """The bytes of a good file with a checksum."""
    facts = hostile_onnx.FACTS | {"format": 2}
    path.write_bytes(hostile_onnx.model(facts=facts).SerializeToString())
    append_checksum(path)
    return path.read_bytes()


def test_a_sound_file_answers(sound, path):
    recognizer = OnnxRecognizer(path)
    np.testing.assert_allclose(recognizer(np.zeros((7, 60, 1662), np.float32)), np.full((7, 2), 0.5))
    assert recognizer(np.zeros((40, 60, 1662), np.float32)).shape == (40, 2)  # more than one batch


def test_facts_that_a_terminal_would_obey_are_made_safe(path):
    path.write_bytes(hostile_onnx.model(facts=hostile_onnx.FACTS | {"about": {"data": "\x1b[2J"}}).SerializeToString())
    recognizer = OnnxRecognizer(path)
    assert recognizer.about["data"] == "?[2J"
    assert recognizer.description.startswith("2 words, an ONNX file, trained on ?[2J; not calibrated")


@pytest.mark.parametrize("kind", sorted(hostile_onnx.FILES))
def test_a_hostile_file_is_refused_in_one_line(kind, path):
    hostile_onnx.write(kind, path)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    with pytest.raises(InputError) as refused:
        OnnxRecognizer(path)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert str(refused.value).isprintable() and len(str(refused.value)) < 300
    assert time.process_time() - began < MOST_SECONDS
    assert grown < MOST_MEMORY


def test_no_file_that_a_network_names_is_opened(path, tmp_path, monkeypatch):
    """Both the check and onnxruntime would have to fail for that."""
    (tmp_path / "secret.bin").write_bytes(b"\x00\x00\x80\x3f")
    monkeypatch.chdir(tmp_path)
    hostile_onnx.write("weights beside it", path)
    with pytest.raises(InputError, match="weights in another file"):
        OnnxRecognizer(path)


def test_a_thousand_copies_with_one_bit_flipped_are_a_thousand_refusals(sound, path):
    rng = np.random.default_rng(0)
    ends = [*range(0, 800, 8), *range(8 * len(sound) - 1600, 8 * len(sound), 8)]  # first and last bytes among them
    for bit in [*ends, *rng.integers(0, 8 * len(sound), 1000 - len(ends)).tolist()]:
        damaged = bytearray(sound)
        damaged[bit // 8] ^= 1 << bit % 8
        path.write_bytes(damaged)
        with pytest.raises(InputError) as refused:
            OnnxRecognizer(path)
        assert str(refused.value).isprintable()


@pytest.mark.parametrize("keep", [0.999, 0.99, 0.5, 0.01, 0.0])
def test_a_file_that_is_cut_off_is_refused(keep, sound, path):
    path.write_bytes(sound[: int(keep * len(sound))])
    with pytest.raises(InputError):
        OnnxRecognizer(path)
