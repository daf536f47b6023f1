from __future__ import annotations

from typing import Any

import pytest
import torch
from support.runs import config, train
from torch import nn

from isl.recognition.archive import read_archive
from isl.recognition.recognizer import Recognizer
from isl.training.callbacks import WeightAverage
from isl.training.run import Run

OVERRIDES = ("model=conv_transformer", "callbacks=[last,average]", "trainer.max_epochs=3", "batch_size=4")


@pytest.fixture(scope="module")
def averaged(tmp_path_factory):
    return train(tmp_path_factory.mktemp("averaged"), *OVERRIDES)


def test_the_checkpoint_has_the_averaged_and_the_trained_weights(averaged):
    content = read_archive(averaged.best_path)  # weights_only
    served, trained = content["state_dict"], content["current_model_state"]
    floating = [name for name, value in served.items() if value.is_floating_point()]
    assert all(not torch.equal(served[name], trained[name]) for name in floating if "running" in name)
    assert not torch.equal(served["model.head.weight"], trained["model.head.weight"])


def test_validation_test_and_recognizer_use_the_averaged_weights(averaged):
    served = read_archive(averaged.best_path)["state_dict"]
    for name, value in averaged.task.state_dict().items():
        torch.testing.assert_close(value, served[name], rtol=0, atol=0)  # what was tested
    recognizer = Recognizer.load(averaged.best_path)
    for name, value in recognizer.model.state_dict().items():
        torch.testing.assert_close(value, served[f"model.{name}"], rtol=0, atol=0)
    batch = averaged.data.clips.batch(averaged.data.split.val)
    with torch.no_grad():
        logits = averaged.task.eval()(batch.landmarks, batch.aspect)
    loss = nn.functional.cross_entropy(logits, batch.label)
    assert averaged.val["val/loss"] == pytest.approx(float(loss), abs=1e-5)


def test_the_average_is_that_of_all_steps_weights_with_a_warm_up():
    callback, net = WeightAverage(decay=0.5), nn.Linear(1, 1)
    steps = [1.0, 2.0, 4.0, 8.0]
    expected = steps[0]  # the first average is the first step's
    blend: Any = callback._blend
    averaged: Any = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=blend)
    for n, value in enumerate(steps):
        nn.init.constant_(net.weight, value)
        averaged.update_parameters(net)
        decay = min(0.5, (1 + n) / (10 + n))
        expected = value if n == 0 else decay * expected + (1 - decay) * value
    assert averaged.module.weight.item() == pytest.approx(expected)


def test_what_is_best_and_last_is_written_once(tmp_path):
    run = Run(config(tmp_path, "trainer.max_epochs=1"))
    run.fit()
    assert (tmp_path / "checkpoints" / "last.ckpt").samefile(run.best_path)
