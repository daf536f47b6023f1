from __future__ import annotations

import torch
from support.runs import config
from torch import nn

from isl.training.run import Run

QUIET = ("model=conv_transformer", "model.late_dropout=0", "model.drop_path=0")  # nothing at random
NOW = ("awp=late", "callbacks.awp.size=0.1", "callbacks.awp.from_epoch=0")


def gradients(run) -> list[torch.Tensor]:
    return [parameter.grad.clone() for parameter in run.task.model.parameters()]


def stepped(tmp_path, *overrides):
    """A run one batch old, with its weights before the step, and the gradients that the optimiser got."""
    run = Run(config(tmp_path, *QUIET, "trainer=debug", *overrides))
    run.before = [parameter.detach().clone() for parameter in run.task.model.parameters()]
    run.task.on_before_optimizer_step = lambda _: setattr(run, "gradients", gradients(run))
    run.fit()
    return run


def test_the_gradient_is_that_of_the_weights_moved_up_their_own(tmp_path):
    plain, perturbed = stepped(tmp_path), stepped(tmp_path, *NOW)
    model, (x, target) = perturbed.task.model.train(), perturbed.task.seen
    with torch.no_grad():
        for weight, before, gradient in zip(model.parameters(), plain.before, plain.gradients, strict=True):
            weight.copy_(before + 0.1 * gradient / gradient.norm())
            weight.grad = None
    perturbed.task.loss(model(x), target).backward()
    for expected, got, other in zip(gradients(perturbed), perturbed.gradients, plain.gradients, strict=True):
        torch.testing.assert_close(got, expected, rtol=1e-3, atol=1e-5)
        assert not torch.allclose(got, other, rtol=1e-3)


def test_the_weights_and_the_statistics_themselves_stay(tmp_path):
    run = stepped(tmp_path, *NOW, "optimizer=sgd", "optimizer.lr=1e-30", "optimizer.weight_decay=0")
    for weight, before in zip(run.task.model.parameters(), run.before, strict=True):
        torch.testing.assert_close(weight, before, rtol=0, atol=1e-20)
    counted = [module.num_batches_tracked for module in run.task.modules() if isinstance(module, nn.BatchNorm1d)]
    assert counted and all(int(count) == 1 for count in counted)


def test_it_waits_for_its_epoch(tmp_path):
    early, plain = stepped(tmp_path, "awp=late"), stepped(tmp_path)
    for one, other in zip(early.gradients, plain.gradients, strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)
