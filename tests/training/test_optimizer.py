from __future__ import annotations

import pytest
import torch
from torch import nn

from isl.errors import InputError
from isl.training.optimizer import build_optimizer

ADAMW = {"_target_": "torch.optim.AdamW", "lr": 0.1, "weight_decay": 0.5}


def network() -> nn.Module:
    return nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))


def test_biases_and_norms_are_left_alone_where_the_config_says_so():
    net = network()
    optimizer = build_optimizer({**ADAMW, "decay_norms": False}, net)
    before = {name: parameter.detach().clone() for name, parameter in net.named_parameters()}
    for parameter in net.parameters():
        parameter.grad = torch.zeros_like(parameter)  # nothing but decay can move them
    optimizer.step()
    moved = {name for name, parameter in net.named_parameters() if not torch.equal(parameter, before[name])}
    assert moved == {"0.weight", "2.weight"}


@pytest.mark.parametrize("config", [ADAMW, {**ADAMW, "decay_norms": True}])
def test_all_parameters_decay_as_in_torch_otherwise(config):
    optimizer = build_optimizer(config, network())
    assert len(optimizer.param_groups) == 1 and optimizer.param_groups[0]["weight_decay"] == 0.5
    assert len(optimizer.param_groups[0]["params"]) == 6


def test_neither_yes_nor_no_is_an_error():
    with pytest.raises(InputError, match=r"optimizer.decay_norms=1"):
        build_optimizer({**ADAMW, "decay_norms": 1}, network())
