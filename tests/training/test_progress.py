"""The time left is that of the whole run: a recipe that trains twice says so from the start."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from support.runs import config

from isl.config.build import class_of
from isl.training.progress import Progress, time_left


def test_time_left_counts_the_trainings_that_come_later():
    trainer: Any = SimpleNamespace(max_epochs=10, current_epoch=4)
    assert time_left(8.0, 4, trainer) == "12 s"
    assert time_left(8.0, 4, trainer, later=1) == "32 s"


def test_the_bar_counts_epochs_from_one():
    progress = Progress()
    trainer: Any = SimpleNamespace(max_epochs=10)
    progress._trainer = trainer
    assert progress._get_train_description(0) == "epoch 1 of 10"


def test_a_run_that_trains_twice_tells_its_progress(tmp_path):
    cfg = config(
        tmp_path, "callbacks=last", "run=refit", "refit.side_by_side=false", "trainer.max_epochs=1", small=False
    )
    cfg.data.words, cfg.data.signers, cfg.data.clips, cfg.model.hidden = 3, 3, 2, 8
    run = class_of(cfg.run["_target_"])(cfg)
    run.fit()
    (progress,) = [callback for callback in run.trainer.callbacks if isinstance(callback, Progress)]
    assert progress.later == 1
