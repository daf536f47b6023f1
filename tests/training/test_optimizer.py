from __future__ import annotations

import pytest
import torch
from torch import nn

from isl.errors import InputError
from isl.training.optimizer import build_optimizer

ADAMW = {"_target_": "torch.optim.AdamW", "lr": 0.1, "weight_decay": 0.5}


class Scaled(nn.Module):
    """A parameter of every number of dimensions that a network has: 0, 1, 2, 3."""

    def __init__(self) -> None:
        super().__init__()
        self.scale = nn.Parameter(torch.tensor(1.0))
        self.linear = nn.Linear(3, 4)
        self.norm = nn.BatchNorm1d(4)
        self.conv = nn.Conv1d(4, 2, 3)


def test_biases_and_norms_have_no_decay_with_decay_norms_false():
    net = Scaled()
    optimizer = build_optimizer({**ADAMW, "decay_norms": False}, net)
    before = {name: parameter.detach().clone() for name, parameter in net.named_parameters()}
    for parameter in net.parameters():
        parameter.grad = torch.zeros_like(parameter)  # nothing but decay can move them
    optimizer.step()
    moved = {name for name, parameter in net.named_parameters() if not torch.equal(parameter, before[name])}
    assert moved == {"linear.weight", "conv.weight"}


@pytest.mark.parametrize("decay_norms", [True, False])
def test_every_parameter_is_trained_in_one_group(decay_norms):
    net = Scaled()
    optimizer = build_optimizer({**ADAMW, "decay_norms": decay_norms}, net)
    trained = [id(parameter) for group in optimizer.param_groups for parameter in group["params"]]
    assert sorted(trained) == sorted(map(id, net.parameters()))


@pytest.mark.parametrize("config", [ADAMW, {**ADAMW, "decay_norms": True}])
def test_all_parameters_decay_as_in_torch_otherwise(config):
    optimizer = build_optimizer(config, Scaled())
    assert len(optimizer.param_groups) == 1 and optimizer.param_groups[0]["weight_decay"] == 0.5


def test_neither_yes_nor_no_is_an_error():
    with pytest.raises(InputError, match=r"optimizer.decay_norms=1"):
        build_optimizer({**ADAMW, "decay_norms": 1}, Scaled())
