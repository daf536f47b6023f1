"""Prototypes: the rows of a classifier for words of which there are only a few clips.

A network that was trained on many signs maps clips of one sign by different people close to each other, even of signs
that it was not trained on. The mean of a few clips in front of its last layer, the prototype, then stands for a word,
and a clip belongs to the nearest prototype (Snell et al. 2017, arXiv:1703.05175). Nearness to prototypes is a linear
layer: ``-|x - p|^2 / 2 = x p - |p|^2 / 2``, up to a term that is the same for all words. So a prototype becomes a row
of the last layer, and the network can be trained further from there (imprinting, Qi et al. 2018, arXiv:1712.07136).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from isl.data.clips import Batch
from isl.features import Features
from isl.models.network import make_network

WON = 0.9  # share of the taught words' distorted clips that no old word may take: see tests/benchmarks/README.md

if TYPE_CHECKING:
    from isl.training.task import SignRecognition


def output_tensors(model: dict[str, Any], features: Features, outputs: int) -> set[str]:
    """Returns the names of a network's tensors that have a row for each output: those that grow with another word."""
    with torch.device("meta"):
        offered = {"skeleton": features.skeleton, "views": features.views}
        networks = [make_network(model, features.size, count, **offered) for count in (outputs, outputs + 1)]
        shapes = [{name: tensor.shape for name, tensor in one.state_dict().items()} for one in networks]
    return {f"model.{name}" for name, shape in shapes[0].items() if shapes[1][name] != shape}


def last_layers(task: SignRecognition, tensors: set[str]) -> list[nn.Linear]:
    """Returns the linear layers that ``tensors`` belong to, one for each branch."""
    return [
        module for name, module in task.named_modules() if isinstance(module, nn.Linear) and f"{name}.weight" in tensors
    ]


@torch.no_grad()
def set_prototypes(task: SignRecognition, batches: Iterable[Batch], trained: Tensor, tensors: set[str]) -> None:
    """Sets the rows of words in the last layers to their prototypes, the rows of new words only.

    The new rows get the size of the old rows, so that they can be compared with them.

    Args:
        task: the network.
        batches: clips of the new words; clips of other words are not used.
        trained: flags (words + signs,) of the rows that are already trained.
        tensors: the names of the tensors with a row for each output, see ``output_tensors``.
    """
    layers = last_layers(task, tensors)
    seen: list[list[Tensor]] = [[] for _ in layers]
    labels = []
    hooks = [
        layer.register_forward_pre_hook(lambda _, inputs, into=into: into.append(inputs[0].detach()))
        for layer, into in zip(layers, seen, strict=True)
    ]
    was = task.training
    task.eval()
    try:
        for batch in batches:
            task.branch_logits(batch.landmarks.to(task.device), batch.aspect.to(task.device))
            labels.append(batch.label)
    finally:
        task.train(was)
        for hook in hooks:
            hook.remove()
    label = torch.cat(labels).to(task.device)
    new = [int(word) for word in label.unique() if not trained[word]]
    if not new:
        return
    for layer, inputs in zip(layers, seen, strict=True):
        x = torch.cat(inputs)  # (N, D), in front of the last layer
        prototypes = torch.stack([x[label == word].mean(0) for word in new])  # (new, D)
        middle = prototypes.mean(0) if len(new) > 1 else torch.zeros_like(prototypes[0])
        apart = prototypes - middle
        rows = layer.weight[trained.to(layer.weight.device)]
        size = rows.norm(dim=1).mean() if len(rows) else torch.ones(())
        scale = size / apart.norm(dim=1).mean().clamp(min=1e-6)
        base = layer.bias[trained.to(layer.bias.device)].mean() if len(rows) else torch.zeros(())
        layer.weight[new] = scale * apart
        layer.bias[new] = base - scale * (prototypes.pow(2).sum(1) - middle.pow(2).sum()) / 2


@torch.no_grad()
def raise_words(task: SignRecognition, branches: Tensor, new: Tensor, tensors: set[str]) -> None:
    """Raises the rows of new words, all alike, until ``WON`` of their clips are likelier a new word than an old one.

    A word that a network was trained on reaches larger logits than a prototype, so that old words would take nearly
    every clip of the new ones. Rows that are high enough stay.

    Args:
        task: the network.
        branches: its branches' logits (N, branches, words + signs) for distorted clips of new words.
        new: flags (words,) of the new words.
        tensors: the names of the tensors with a row for each output, see ``output_tensors``.
    """
    which = torch.zeros(branches.shape[-1], dtype=torch.bool)
    which[: len(new)] = new

    def ahead(logits: Tensor) -> Tensor:
        own = task.model.combine(logits.to(task.device)).cpu()[:, : len(new)]
        return own[:, new].amax(1) - own[:, ~new].amax(1)  # (N,)

    now = ahead(branches)
    gained = ahead(branches + which) - now  # by a bias of 1: the sum of the branches' weights
    lacking = float((-now / gained).quantile(WON))
    for layer in last_layers(task, tensors):
        layer.bias[which.to(layer.bias.device)] += max(lacking, 0.0)
