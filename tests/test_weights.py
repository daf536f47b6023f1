"""The recogniser that comes with isl: small, whole, and answering as it did when it was made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from isl import landmarks as lm
from isl.data.synthetic import SyntheticClips
from isl.recognition.checkpoint import load_checkpoint
from isl.recognition.introduction import is_generated
from isl.recognition.recognizer import Recognizer
from isl.weights import SHIPPED

FOLDER = Path(__file__).parents[1] / "isl" / "weights"
DIGEST = FOLDER.parents[1] / "tests" / "weights_digest.csv"  # written by `python tests/test_weights.py`


def made_up_clips() -> list[lm.Floats]:
    """Generated signs: clips that every version makes alike."""
    clips = SyntheticClips(words=6, signers=2, clips=1).load()
    return [clips.clip(i) for i in range(len(clips))]


def answers() -> np.ndarray:
    recognizer = Recognizer.load("isl18")
    return np.stack([recognizer(clip, 4 / 3) for clip in made_up_clips()])


def test_its_answers_to_made_up_landmarks_are_those_that_it_was_shipped_with():
    np.testing.assert_allclose(answers(), np.loadtxt(DIGEST, delimiter=","), atol=2e-3)


def test_the_shipped_checkpoint_is_small_and_has_no_training_state():
    path = SHIPPED["isl18"]
    assert path.stat().st_size < 3e6
    checkpoint = load_checkpoint(path)
    assert len(checkpoint.words) == 18 and not is_generated(checkpoint.about) and checkpoint.signs
    assert "MIT" in (FOLDER / "isl18.md").read_text(encoding="utf-8")


def test_most_generated_signs_are_unknown_to_the_shipped_recogniser():
    recognizer = Recognizer.load("isl18")
    known = [bool(recognizer.is_known(recognizer(clip, 4 / 3))) for clip in made_up_clips()]
    assert np.mean(known) < 0.5


@pytest.mark.parametrize("word", load_checkpoint(SHIPPED["isl18"]).words)
def test_the_card_describes_the_signing_of_each_word(word):
    assert f"| {word} |" in (FOLDER / "isl18.md").read_text(encoding="utf-8")


if __name__ == "__main__":
    np.savetxt(DIGEST, answers(), fmt="%.4f", delimiter=",")
