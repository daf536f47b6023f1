"""The base of all networks, and how one is built: its options checked and its size known before it is allocated."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn.modules.module import (
    register_module_buffer_registration_hook,
    register_module_module_registration_hook,
    register_module_parameter_registration_hook,
)

from isl.config.build import ANY, build, class_of
from isl.config.options import number, whole
from isl.errors import InputError
from isl.skeleton import Skeleton

MOST_PARAMETERS = 32_000_000  # 128 MB; the largest network here has two million
MOST_MODULES = 10_000  # 160 for `experiment=best`
MOST_INPUTS = 20_000
MOST_SIZE = 16_384  # of a layer
MOST_KERNEL = 1001


class Network(nn.Module):
    """Features ``(B, T, inputs)`` to logits ``(B, words)``: ``forward(x, mask=None)``, made with ``(inputs, words)``.

    ``mask (B, T)`` is True for real frames, and padding must not change the logits. What is trained and calibrated is
    every branch of a network for itself (``branch_logits``), what is served is ``combine``: for one network the same.
    """

    framewise: ClassVar[bool] = False  # whether it has ``project`` and ``forward_projected``

    def branch_logits(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """What every branch says for itself: ``x (B, T, inputs)`` to logits ``(B, branches, words)``."""
        logits: Tensor = self(x, mask)
        return logits[:, None]

    def combine(self, logits: Tensor) -> Tensor:
        """What the branches' logits ``(B, branches, words)`` come to: ``(B, words)``."""
        return logits[:, 0]

    def set_branch_weights(self, weights: Sequence[float]) -> dict[str, float]:
        """Let each branch count as much as ``weights (branches,)`` say; these by the branches' names, {} for one."""
        return {}

    def describe(self) -> list[str]:
        """What a run says of the network before it trains it."""
        return []

    def project(self, x: Tensor) -> Tensor:
        """What a network makes of each frame, whatever the others are: ``(..., inputs)`` to ``(..., P)``."""
        raise NotImplementedError

    def forward_projected(self, projected: Tensor) -> Tensor:
        """``forward`` from where ``project`` ends: ``(B, T, P)`` to logits ``(B, words)``."""
        raise NotImplementedError


def check_sizes(**sizes: Any) -> None:
    """Check a network's arguments that are sizes or counts, each a whole number, or a list of some.

    Raises:
        InputError: naming the argument.
    """
    for name, size in sizes.items():
        if isinstance(size, Sequence) and not isinstance(size, str):
            if not 1 <= len(size) <= MOST_SIZE:
                raise InputError(f"model.{name}={list(size)}: give a list of one or more whole numbers")
            check_sizes(**{f"{name}[{i}]": entry for i, entry in enumerate(size)})
        else:
            whole(size, f"model.{name}", least=1, most=MOST_SIZE)


def check_shares(**shares: Any) -> None:
    """Check a network's arguments that are shares of what is left out in training, from 0 to 0.99.

    Raises:
        InputError: naming the argument.
    """
    for name, share in shares.items():
        number(share, f"model.{name}", most=0.99)


def check_heads(dim: int, heads: int) -> None:
    """Check that ``heads`` of an attention share ``dim`` channels evenly. Raises an ``InputError`` otherwise."""
    check_sizes(dim=dim, heads=heads)
    if dim % heads:
        raise InputError(f"model.heads={heads}: does not divide model.dim={dim}; choose one that does")


def check_odd(kernel: int) -> None:
    """Check that a kernel has a middle. Raises an ``InputError`` otherwise."""
    whole(kernel, "model.kernel", least=1, most=MOST_KERNEL)
    if kernel % 2 == 0:
        raise InputError(f"model.kernel={kernel}: give an odd number of frames, so that it has a middle")


def build_network(
    config: dict[str, Any],
    inputs: int,
    words: int,
    skeleton: Skeleton | None = None,
    views: Mapping[str, int] | None = None,
) -> Network:
    """Returns the network of ``config``, whose size is known before any of it is allocated.

    Args:
        config: a ``_target_`` and its arguments.
        inputs, words: the sizes of what it sees and says.
        skeleton, views: the features', for a network that takes them.

    Raises:
        InputError: as ``isl.config.build.build`` does; the class is no ``Network``, or the network is too large.
    """
    whole(inputs, "the features' size", least=1, most=MOST_INPUTS)
    try:
        with size_limit(), torch.device("meta"):
            make_network(config, inputs, words, skeleton, views)
    except InputError as error:
        if "meta" not in str(error.__cause__):  # otherwise a network of the user's own that computes while it is made
            raise
    with size_limit():
        return make_network(config, inputs, words, skeleton, views)


def make_network(
    config: dict[str, Any],
    inputs: int,
    words: int,
    skeleton: Skeleton | None = None,
    views: Mapping[str, int] | None = None,
) -> Network:
    """Returns the network of ``config`` on the default device; for networks that are made of networks."""
    if not isinstance(config, dict):
        raise InputError(f"model={config}: give a network, a _target_ and its arguments")
    taken = inspect.signature(class_of(str(config.get("_target_", "missing")), ANY, Network)).parameters
    offered: dict[str, Any] = {"skeleton": skeleton, "views": views}
    extra = {name: value for name, value in offered.items() if name in taken}
    result: Network = build(config, base=Network, trusted=ANY, at="model", inputs=inputs, words=words, **extra)
    return result


@contextmanager
def size_limit(most: int = MOST_PARAMETERS, most_modules: int = MOST_MODULES) -> Iterator[None]:
    """Inside it, a module that brings the parameters and buffers made so far above ``most`` raises an ``InputError``.

    So does one that brings the modules above ``most_modules``. Numbers are counted when a module takes them over, which
    is before they are initialised; on torch's ``meta`` device nothing is allocated until then.
    """
    numbers = modules = 0

    def count_tensor(_: nn.Module, __: str, tensor: Tensor | None) -> None:
        nonlocal numbers
        numbers += 0 if tensor is None else tensor.numel()
        if numbers > most:
            raise InputError(f"model: more than {most:,} parameters; give it smaller widths or fewer layers")

    def count_module(_: nn.Module, __: str, ___: nn.Module | None) -> None:
        nonlocal modules
        modules += 1
        if modules > most_modules:
            raise InputError(f"model: more than {most_modules:,} layers; give it fewer")

    hooks = [
        register_module_parameter_registration_hook(count_tensor),
        register_module_buffer_registration_hook(count_tensor),
        register_module_module_registration_hook(count_module),
    ]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()
