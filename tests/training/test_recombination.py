from __future__ import annotations

import pytest
import torch
from support.runs import train

from isl.data.synthetic import SyntheticClips
from isl.models.multi_branch import MultiBranch
from isl.models.network import Network
from isl.recognition.checkpoint import load_checkpoint
from isl.recognition.recognizer import Recognizer
from isl.training.recombination import RECOMBINED, Recombination, background_recipe

LSTM = {"_target_": "isl.models.lstm.StackedLSTM", "hidden": [4]}
VIEWS = {"arms": 3, "hands": 3, "shape": 2, "spans": 2, "motion": 3}


def test_each_branch_learns_what_it_sees_and_who_sees_all_learns_that_it_is_no_sign():
    sees = {"whole": None, "handshape": ["shape", "spans"], "place": ["arms", "motion"], "mixed": ["arms", "shape"]}
    recombination = Recombination.of(MultiBranch(13, 9, LSTM, sees, VIEWS), 1.0, 9)
    assert recombination.parts == ("both", "hands", "arms", "both")
    clips = SyntheticClips(words=6, signers=2, clips=2, seed=0).load()
    batch = clips.batch(range(len(clips)), face=False)
    torch.manual_seed(0)
    made, targets = recombination.make(batch, len(batch.label))
    assert 0 < len(made.label) <= len(batch.label) and targets.shape == (len(made.label), 4, 9)
    whole, hands, arms, mixed = targets.argmax(-1).unbind(1)
    assert (whole == 8).all() and (mixed == 8).all()
    assert torch.equal(arms, made.label) and (hands != arms).all()
    assert set(hands.tolist()) - {8} and (hands == 8).any()  # whole hands of another sign, and hands of none


def test_without_the_option_there_is_no_further_class():
    assert background_recipe({}, ["a"]) == {"signs": ["a"], "background_weight": 0.5, "recombined": 0.0}
    assert background_recipe({"recombined": 0.5, "weight": 1.0}, ["a"])["signs"] == ["a", RECOMBINED]


@pytest.mark.slow
def test_a_run_with_recombined_clips_has_their_class_among_the_signs_and_never_answers_with_it(tmp_path):
    run = train(
        tmp_path,
        "background=synthetic",
        "background.sources.synthetic.signs=8",
        "background.recombined=0.5",
        "background.held_out=0.3",
        "data.words=3",
        "data.signers=2",
        "data.clips=4",
        "augment=strong",
        "features=body_hands",
        "model=multi_branch",
        "model.network.dim=8",
    )
    assert isinstance(run.task.model, Network) and run.task.recombination.parts == ("both", "hands", "arms", "arms")
    assert set(run.calibration.branch_weights.values()) == {0.25}  # fitted weights would overrate the location
    checkpoint = load_checkpoint(run.best_path)
    assert checkpoint.signs == [*run.data.signs, RECOMBINED]
    batch = run.data.clips.batch(run.data.split.test)
    recognizer = Recognizer.load(run.best_path)
    assert recognizer(batch.landmarks.numpy(), float(batch.aspect[0])).shape == (len(batch.label), 3)
