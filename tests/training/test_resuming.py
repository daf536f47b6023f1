"""A run that was stopped and continues, here or elsewhere, and checkpoints that must not be continued."""

from __future__ import annotations

import shutil
from typing import Any

import numpy as np
import pytest
import torch
from support.runs import config, train

from isl.errors import InputError
from isl.recognition.archive import read_archive, write_archive
from isl.recognition.checkpoint import load_checkpoint, save_checkpoint
from isl.training.run import Run


@pytest.mark.slow
@pytest.mark.parametrize(
    "further",
    [
        (),
        ("callbacks=[default,average]", "optimizer.decay_norms=false"),
        ("scheduler=cosine_restarts", "scheduler.T_0=1"),
        (
            "scheduler=constant",
            "scheduler._target_=torch.optim.lr_scheduler.ReduceLROnPlateau",
            "+scheduler.patience=0",
            "+scheduler.threshold=1.0",
            "~scheduler.total_iters",
            "scheduler.factor=0.5",
        ),
    ],
    ids=["plain", "averaged", "restarts", "plateau"],
)
def test_stopped_after_any_epoch_and_resumed_equals_uninterrupted(further, tmp_path):
    overrides = ("trainer.max_epochs=4", "augment=noise", "callbacks.patience.patience=2", *further)
    whole = train(tmp_path / "whole", *overrides)

    class KilledError(Exception):
        pass

    for epoch in range(4):
        stopped: Any = Run(config(tmp_path / f"at{epoch}", *overrides))

        def die(*_: object, at: int = epoch, task=stopped.task) -> None:
            if task.current_epoch == at:
                raise KilledError

        stopped.task.on_train_batch_end = die  # in the midst of an epoch, nothing of which may be left behind
        with pytest.raises(KilledError):
            stopped.fit()
        last = tmp_path / f"at{epoch}" / "checkpoints" / "last.ckpt"
        assert not epoch or read_archive(last)["epoch"] == epoch - 1  # written after each epoch, whatever was best
        resumed = train(tmp_path / f"at{epoch}", *overrides, *([f"ckpt_path={last}"] if epoch else []))
        assert resumed.best_loss == whole.best_loss and resumed.calibration == whole.calibration
        assert resumed.trainer.current_epoch == whole.trainer.current_epoch
        np.testing.assert_array_equal(resumed.evaluation.probabilities, whole.evaluation.probabilities)


@pytest.mark.slow
def test_a_run_that_had_finished_trains_no_more_when_resumed(tmp_path):
    overrides = ("trainer.max_epochs=6", "callbacks.patience.patience=1", "optimizer.lr=1.0")
    whole = train(tmp_path, *overrides)
    assert whole.trainer.current_epoch < 6  # it stopped early
    resumed = train(tmp_path, *overrides, f"ckpt_path={tmp_path / 'checkpoints' / 'last.ckpt'}")
    assert resumed.trainer.current_epoch == whole.trainer.current_epoch
    np.testing.assert_array_equal(resumed.evaluation.probabilities, whole.evaluation.probabilities)


@pytest.mark.parametrize(
    ("overrides", "says"),
    [(("data.words=4",), "other words"), (("model=lstm",), "another network"), (("features=raw",), "another network")],
)
def test_a_checkpoint_of_another_run_is_not_resumed(run, tmp_path, overrides, says):
    with pytest.raises(InputError, match=f"last.ckpt: .*{says}.*config.yaml"):
        Run(config(tmp_path, *overrides, f"ckpt_path={run.folder / 'checkpoints' / 'last.ckpt'}"))


def test_a_network_alone_is_not_resumed(run, tmp_path):
    save_checkpoint(load_checkpoint(run.best_path), tmp_path / "alone.ckpt")
    with pytest.raises(InputError, match="without its training"):
        Run(config(tmp_path, f"ckpt_path={tmp_path / 'alone.ckpt'}"))


def hostile(state: dict, victim: str) -> dict:
    """A callback's state that names ``victim`` wherever Lightning's own would take a path from it."""
    scores = {"best_model_score": torch.tensor(9.0), "kth_value": torch.tensor(9.0), "current_score": torch.tensor(9.0)}
    paths = dict.fromkeys(("best_model_path", "kth_best_model_path", "last_model_path"), victim)
    return {**state, **scores, **paths, "best_k_models": {victim: torch.tensor(9.0)}}


@pytest.mark.parametrize(
    ("callback", "form"),
    [
        ("ours", "{}"),
        ("lightning", "{run}/checkpoints/../../precious"),
        *(
            pytest.param(callback, form, marks=pytest.mark.slow)
            for callback in ("ours", "lightning")
            for form in ("local://{}", "{run}/checkpoints")
        ),
        pytest.param("ours", "{run}/checkpoints/../../precious", marks=pytest.mark.slow),
        pytest.param("lightning", "{}", marks=pytest.mark.slow),
    ],
)
def test_a_path_in_a_checkpoint_is_never_removed(form, callback, run, tmp_path):
    victim, folder = tmp_path / "precious", tmp_path / "run"
    victim.mkdir()
    (victim / "thesis.txt").write_text("years of work")
    content = read_archive(run.folder / "checkpoints" / "last.ckpt")
    named = hostile({"dirpath": str(folder / "checkpoints")}, form.format(victim, run=folder))
    content["callbacks"] = {key: {**state, **named} for key, state in content["callbacks"].items()}
    further: tuple[str, ...] = ()
    if callback == "lightning":  # a class of Lightning's own, which a user's config may name
        further = ("callbacks.best._target_=lightning.pytorch.callbacks.ModelCheckpoint", "~callbacks.best.min_delta")
        own = next(key for key in content["callbacks"] if "BestCheckpoint" in key)
        content["callbacks"][own.replace("BestCheckpoint", "ModelCheckpoint")] = content["callbacks"][own]
    (folder / "checkpoints").mkdir(parents=True)
    write_archive(content, tmp_path / "theirs.ckpt")
    write_archive(content, folder / "checkpoints" / "last.ckpt")
    resumed = train(folder, "trainer.max_epochs=4", f"ckpt_path={tmp_path / 'theirs.ckpt'}", *further)
    assert (victim / "thesis.txt").read_text() == "years of work"
    assert callback == "lightning" or resumed.best_path == folder / "checkpoints" / "best.ckpt"


def test_a_finished_run_resumed_elsewhere_ends_in_the_same_report_there(run, tmp_path):
    again = train(tmp_path, f"ckpt_path={run.folder / 'checkpoints' / 'last.ckpt'}")
    np.testing.assert_array_equal(again.evaluation.probabilities, run.evaluation.probabilities)
    assert again.best_loss == run.best_loss and again.val == run.val
    assert again.best_path == tmp_path / "checkpoints" / "best.ckpt" and again.best_path.is_file()


@pytest.mark.slow
def test_a_checkpoint_that_stands_alone_ends_in_a_report_too(run, tmp_path):
    shutil.copy(run.folder / "checkpoints" / "last.ckpt", tmp_path / "alone.ckpt")
    again = train(tmp_path / "run", f"ckpt_path={tmp_path / 'alone.ckpt'}")
    assert again.best_path.is_file() and again.val == run.val


@pytest.mark.slow
def test_a_run_resumed_elsewhere_leaves_the_old_one_as_it_was(run, tmp_path):
    old = {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()}
    train(tmp_path, "trainer.max_epochs=4", f"ckpt_path={run.folder / 'checkpoints' / 'last.ckpt'}")
    assert {path: path.read_bytes() for path in run.folder.rglob("*") if path.is_file()} == old
    assert (tmp_path / "checkpoints" / "best.ckpt").is_file()
