"""Descriptions of how words are signed: the card beside the checkpoint, or the lines that the checkpoint carries."""

from __future__ import annotations

from isl.recognition.locate import checkpoint_paths
from isl.recognition.manifest import read_manifest
from isl.recognition.signed import how_signed


def test_every_word_of_the_recogniser_that_comes_with_isl_has_its_line():
    (path,) = checkpoint_paths("isl18")
    words = read_manifest(path)["hyper_parameters"]["words"]
    lines = how_signed(path, {}, words)
    assert list(lines) == words
    assert "upper lip" in lines["Man"] and not any("|" in line or line != line.strip() for line in lines.values())


def test_an_adapted_checkpoint_carries_the_lines(tmp_path):
    lines = how_signed(
        tmp_path / "best.ckpt", {"signed": {"Fever": "at the forehead", "Other": "x"}}, ["Fever", "Pain"]
    )
    assert lines == {"Fever": "at the forehead"}


def test_a_stranger_s_values_are_no_lines(tmp_path):
    (tmp_path / "best.md").write_bytes(b"\xff| word | how it is signed |")
    for signed in (None, 5, ["Fever"], {"Fever": 5}, {"Fever": "x" * 1000}, {"Fever": ""}):
        assert how_signed(tmp_path / "best.ckpt", {"signed": signed}, ["Fever"]) == {}
