from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from support.runs import config, train
from torch import nn

from isl.errors import InputError
from isl.training.run import Run
from isl.training.schedule import WarmupCosine, build_scheduler, warmup_cosine

epochs = st.integers(1, 200)
COSINE = {"_target_": "isl.training.schedule.WarmupCosine", "max_epochs": 5}


def optimizer(rate: float = 1.0) -> torch.optim.Optimizer:
    return torch.optim.SGD(nn.Linear(1, 1).parameters(), lr=rate)


def rates(run: Run) -> list[float]:
    """The learning rate of every batch, in the order in which they are trained."""
    seen: list[float] = []
    task: Any = run.task
    task.on_train_batch_start = lambda *_: seen.append(task.optimizers().param_groups[0]["lr"])
    run.fit()
    return seen


@given(st.integers(0, 20), st.floats(0, 1), epochs)
def test_the_factor_stays_between_zero_and_one(warmup, floor, max_epochs):
    assert all(0 <= warmup_cosine(epoch, max_epochs, warmup, floor) <= 1 for epoch in range(max_epochs))


@given(st.integers(1, 20), st.integers(30, 200))
def test_it_rises_through_the_warmup_and_falls_after_it(warmup, max_epochs):
    factors = [warmup_cosine(epoch, max_epochs, warmup, 0.0) for epoch in range(max_epochs)]
    assert factors[:warmup] == sorted(factors[:warmup])
    assert factors[warmup - 1] == factors[warmup] == 1.0
    assert factors[warmup:] == sorted(factors[warmup:], reverse=True)


@given(st.floats(0, 1), epochs)
def test_the_schedule_ends_at_its_floor(floor, max_epochs):
    assert warmup_cosine(max_epochs, max_epochs, 0, floor) == pytest.approx(floor, abs=1e-9)


def test_an_epoch_is_trained_at_the_rate_of_its_factor(tmp_path):
    run = Run(config(tmp_path, "trainer.max_epochs=5", "scheduler.warmup_epochs=2", "batch_size=99"))
    rate = run.config["optimizer"]["lr"]
    assert rates(run) == [rate * warmup_cosine(epoch, 5, 2, 0.0) for epoch in range(5)]


@pytest.mark.slow
def test_a_resumed_run_of_more_epochs_follows_the_longer_curve(tmp_path):
    train(tmp_path / "short", "trainer.max_epochs=2", "scheduler.warmup_epochs=0")
    last = tmp_path / "short" / "checkpoints" / "last.ckpt"
    longer = ("trainer.max_epochs=4", "scheduler.warmup_epochs=0", f"ckpt_path={last}", "batch_size=99")
    run = Run(config(tmp_path / "long", *longer))
    rate = run.config["optimizer"]["lr"]
    assert rates(run)[-1] == rate * warmup_cosine(3, 4, 0, 0.0)


@pytest.mark.slow
def test_a_scheduler_of_torch_steps_after_every_batch_where_it_is_asked_to(tmp_path):
    steps = ("+scheduler.interval=step", "scheduler.total_iters=3", "scheduler.factor=0.5", "batch_size=2")
    run = Run(config(tmp_path, "scheduler=constant", *steps))
    rate = run.config["optimizer"]["lr"]
    assert rates(run)[:5] == [rate * factor for factor in (0.5, 0.5, 0.5, 1.0, 1.0)]


def test_the_schedule_s_own_numbers_are_not_in_its_state():
    state = WarmupCosine(optimizer(), max_epochs=7, warmup_epochs=3, floor=0.25).state_dict()
    assert 7 not in state.values() and 3 not in state.values() and 0.25 not in state.values()


@pytest.mark.parametrize("options", [{"warmup_epochs": -1}, {"warmup_epochs": "many"}, {"floor": 2}, {"max_epochs": 0}])
def test_the_message_about_a_wrong_argument_names_the_option(options):
    with pytest.raises(InputError, match=f"scheduler.{next(iter(options))}="):
        build_scheduler({**COSINE, **options}, optimizer(), "val/loss")


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"_target_": "torch.optim.AdamW"}, "not a subclass of torch.optim.lr_scheduler.LRScheduler"),
        ({"interval": "day"}, "scheduler.interval=day"),
        ({"_target_": "os.system"}, "only classes of"),
    ],
)
def test_a_class_that_is_no_scheduler_is_refused(changed, says):
    with pytest.raises(InputError, match=says):
        build_scheduler({**COSINE, **changed}, optimizer(), "val/loss")
