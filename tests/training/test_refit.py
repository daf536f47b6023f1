from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from support.runs import config, train

from isl.errors import InputError
from isl.recognition.archive import read_archive
from isl.recognition.checkpoint import load_checkpoint
from isl.recognition.locate import checkpoint_paths, run_checkpoints
from isl.training.refit import Refit, outcome_of, training_beside

REFIT = (
    *("run=refit", "refit.held_out_epochs=0.5", "refit.side_by_side=false"),
    *("callbacks=last", "augment=strong", "trainer.max_epochs=3"),
)


@contextmanager
def threads(count: int) -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(count)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    with threads(1):
        return train(tmp_path_factory.mktemp("refit"), *REFIT)


@pytest.mark.slow
def test_both_trainings_at_once_give_what_one_after_the_other_gives(run, tmp_path):
    with threads(2):
        both = train(tmp_path, *REFIT, "refit.side_by_side=true")
        assert torch.get_num_threads() == 2
        assert both.side_by_side and both.threads == 2 and run.threads == 1
    assert (both.calibration, both.val, both.refusal) == (run.calibration, run.val, run.refusal)
    for place in ("checkpoints", "held_out/checkpoints"):
        ours, theirs = (read_archive(one.folder / place / "best.ckpt")["state_dict"] for one in (both, run))
        assert all(torch.equal(ours[name], value) for name, value in theirs.items())


@pytest.mark.slow
def test_a_second_training_that_fails_is_one_line(tmp_path):
    with pytest.raises(InputError, match="ended: KeyError: 'run_dir'"), training_beside({}) as second:
        outcome_of(second)


def test_a_second_training_that_is_killed_is_one_line_and_threads_come_back(tmp_path):
    before = torch.get_num_threads()
    with pytest.raises(InputError, match="exit code -9"), training_beside({}) as second:
        second.end()
        outcome_of(second)
    assert torch.get_num_threads() == before


@pytest.mark.slow
def test_the_network_that_is_kept_was_trained_on_every_clip_but_the_tests(run):
    divided, kept = run.divided.split, run.data.split
    assert len(divided.val) and not len(kept.val)
    assert sorted([*divided.train, *divided.val]) == kept.train.tolist()
    np.testing.assert_array_equal(kept.test, divided.test)
    assert "trained on the validation clips too" in json.loads((run.folder / "report.json").read_text())["protocol"]


@pytest.mark.slow
def test_confidence_comes_from_a_network_that_did_not_know_the_validation_clips(run, tmp_path):
    alone = train(tmp_path, *REFIT[3:-1], "trainer.max_epochs=2")  # as if nothing were to be trained again
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

    def die(self: Any, *_: object) -> None:
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


@pytest.mark.slow
def test_calibration_is_written_into_the_kept_checkpoint_alone(run):
    best, last = (run.folder / "checkpoints" / f"{name}.ckpt" for name in ("best", "last"))
    assert best.read_bytes() != last.read_bytes()  # two names of one file, until the first was written anew
    theirs = read_archive(last)["state_dict"]
    assert all(torch.equal(value, theirs[name]) for name, value in read_archive(best)["state_dict"].items())
    assert not load_checkpoint(last).about.get("scores")
