from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from support.runs import config, train

from isl.errors import InputError
from isl.recognition.archive import read_archive
from isl.recognition.checkpoint import load_checkpoint
from isl.recognition.locate import checkpoint_paths, run_checkpoints
from isl.training.refit import Refit

REFIT = ("run=refit", "refit.held_out_epochs=0.5", "callbacks=last", "augment=strong", "trainer.max_epochs=3")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    return train(tmp_path_factory.mktemp("refit"), *REFIT)


@pytest.mark.slow
def test_the_network_that_is_kept_was_trained_on_every_clip_but_the_tests(run):
    divided, kept = run.divided.split, run.data.split
    assert len(divided.val) and not len(kept.val)
    assert sorted([*divided.train, *divided.val]) == kept.train.tolist()
    np.testing.assert_array_equal(kept.test, divided.test)
    assert "trained on the validation clips too" in json.loads((run.folder / "report.json").read_text())["protocol"]


@pytest.mark.slow
def test_confidence_comes_from_a_network_that_did_not_know_the_validation_clips(run, tmp_path):
    alone = train(tmp_path, *REFIT[2:-1], "trainer.max_epochs=2")  # as if nothing were to be trained again
    assert run.calibration == alone.calibration and run.best_loss == alone.best_loss
    second = read_archive(run.folder / "held_out" / "checkpoints" / "best.ckpt")["state_dict"]
    for name, value in read_archive(alone.best_path)["state_dict"].items():
        assert torch.equal(second[name], value), name
    about = load_checkpoint(run.best_path).about
    assert (about["temperature"], about["reject"]) == (run.calibration.temperature, run.calibration.reject)


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["first", "second"])
def test_killed_in_either_training_and_resumed_equals_uninterrupted(run, tmp_path, monkeypatch, stage):
    class KilledError(Exception):
        pass

    def die(self: object, *_: object) -> None:
        held_out = "held_out" in self.trainer.checkpoint_callback.dirpath
        if self.current_epoch == 1 and held_out == (stage == "second"):
            raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr("isl.training.task.SignRecognition.on_train_batch_end", die, raising=False)
        with pytest.raises(KilledError):
            train(tmp_path, *REFIT)
    resumed = train(tmp_path, *REFIT, f"ckpt_path={tmp_path / 'checkpoints' / 'last.ckpt'}")
    assert resumed.calibration == run.calibration and resumed.best_loss == run.best_loss
    np.testing.assert_array_equal(resumed.evaluation.probabilities, run.evaluation.probabilities)


def test_a_folder_of_runs_means_the_networks_that_were_kept(run):
    assert checkpoint_paths(run.folder) == [run.best_path]
    (run.folder / "held_out" / "checkpoints" / "best.ckpt").touch()  # written last, and still not the newest
    assert run_checkpoints(run.folder) == [run.best_path]


def test_early_stopping_is_refused_without_validation_clips(tmp_path):
    with pytest.raises(InputError, match="callbacks=last"):
        Refit(config(tmp_path, "run=refit"))
