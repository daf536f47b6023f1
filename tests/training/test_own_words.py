"""experiment=own_words: a few clips of one person, old words as other signs, tested on a folder of other people."""

from __future__ import annotations

import pytest
from support.folders import save_clips
from support.runs import train

from isl.recognition.recognizer import Recognizer

QUIET = ("callbacks.progress=null", "+trainer.enable_progress_bar=false", "logger=none")


pytestmark = pytest.mark.slow  # a training of its own


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    own, others = (
        save_clips(folder / "own", words=4, signers=1, clips=2),
        save_clips(folder / "others", 5, 2, 2, seed=3),
    )
    options = ("experiment=own_words", "data=folder", f"data.root={own}", f"data.test_root={others}")
    return train(folder / "run", *options, "data.test_group='^(signer..)_'", *QUIET, small=False)


def test_one_command_learns_the_words_and_tests_them_on_other_people(run):
    assert run.result["test"]["n"] == 16 and len(run.result["words"]) == 4 and run.result["groups"]["count"] == 2
    assert run.result["background"]["clips"] == 4  # the fifth word of the folder is another sign
    assert run.result["test"]["top1"] > 0.5  # by chance .25; the network was never trained on generated signs
    assert "tested on the folder others" in (run.folder / "report.md").read_text()
    assert run.about["data"] == "FolderClips own: 8 clips of 4 words"  # without those that test


def test_the_shipped_words_are_answers_no_more_but_signs(run):
    served = Recognizer.load(run.best_path)
    assert served.words == run.data.words and "Hello" not in served.words
    assert run.calibration.reject > 0 and run.calibration.temperature != 1


def test_the_words_are_accepted_at_the_new_network_s_own_threshold(run):
    others = run.result["background"]  # signs beside the words in the folder of other people
    assert others["kept"] > 0.5 and run.calibration.slope > 0
    least = Recognizer.load(run.best_path).reject
    confidence = run.evaluation.confidence[run.evaluation.right]
    assert (confidence >= least).mean() == pytest.approx(others["kept"])
    assert run.result["reject"] == pytest.approx(least)  # the report counts as accepted what recognition accepts


def test_the_length_and_the_shape_that_recognition_takes_are_the_checkpoint_s(run):
    assert run.about["seconds"] == 3.0 and run.about["aspect"] == pytest.approx(4 / 3) and not run.result["assumed"]
