"""The base class of all networks, and their construction: options and size are checked before memory is allocated."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
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
MOST_SIZE = 16_384  # of one layer
MOST_KERNEL = 1001


class Network(nn.Module):
    """Features ``(B, T, inputs)`` to logits ``(B, words)``: ``forward(x, mask=None)``, made with ``(inputs, words)``.

    ``mask (B, T)`` is True for real frames, and padding must not change the logits. Training and calibration use the
    logits of each branch (``branch_logits``); serving uses their combination (``combine``). A network without branches
    counts as one branch, for which both are the same.
    """

    framewise: ClassVar[bool] = False  # True if ``project`` and ``forward_projected`` are implemented
    backward_threads = 1  # in which a network with branches runs their backward passes

    def branch_logits(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        """Returns the logits of every branch: ``x (B, T, inputs)`` to ``(B, branches, words)``."""
        logits: Tensor = self(x, mask)
        return logits[:, None]

    def combine(self, logits: Tensor) -> Tensor:
        """Combines the branches' logits: ``(B, branches, words)`` to ``(B, words)``."""
        return logits[:, 0]

    def set_branch_weights(self, weights: Sequence[float]) -> dict[str, float]:
        """Sets the branches' ``weights (branches,)``; returns them by the branches' names, {} for a single branch."""
        return {}

    def describe(self) -> list[str]:
        """Returns the lines about the network that a run logs before training."""
        return []

    def project(self, x: Tensor) -> Tensor:
        """Projects each frame alone: ``(..., inputs)`` to ``(..., P)``."""
        raise NotImplementedError

    def forward_projected(self, projected: Tensor) -> Tensor:
        """Computes the rest of ``forward`` after ``project``: ``(B, T, P)`` to logits ``(B, words)``."""
        raise NotImplementedError


def check_sizes(**sizes: Any) -> None:
    """Checks the arguments of a network that are sizes or counts: each a whole number or a list of whole numbers.

    Raises:
        InputError: an argument is wrong; the message names it.
    """
    for name, size in sizes.items():
        if isinstance(size, Sequence) and not isinstance(size, str):
            if not 1 <= len(size) <= MOST_SIZE:
                raise InputError(f"model.{name}={list(size)}: give a list of one or more whole numbers")
            check_sizes(**{f"{name}[{i}]": entry for i, entry in enumerate(size)})
        else:
            whole(size, f"model.{name}", least=1, most=MOST_SIZE)


def check_shares(**shares: Any) -> None:
    """Checks the arguments of a network that are dropout shares, from 0 to 0.99.

    Raises:
        InputError: an argument is wrong; the message names it.
    """
    for name, share in shares.items():
        number(share, f"model.{name}", most=0.99)


def check_heads(dim: int, heads: int) -> None:
    """Checks that ``dim`` channels can be split evenly over ``heads``. Raises an ``InputError`` otherwise."""
    check_sizes(dim=dim, heads=heads)
    if dim % heads:
        raise InputError(f"model.heads={heads}: does not divide model.dim={dim}; choose one that does")


def check_odd(kernel: int) -> None:
    """Checks that a kernel has an odd size, so that it has a middle. Raises an ``InputError`` otherwise."""
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
    """Returns the network of ``config``. Its size is checked before its memory is allocated.

    Args:
        config: a ``_target_`` and its arguments.
        inputs, words: the number of features per frame and of words.
        skeleton, views: those of the features, for a network that takes them.

    Raises:
        InputError: as for ``isl.config.build.build``; or the class is not a ``Network``; or the network is too large.
    """
    whole(inputs, "the features' size", least=1, most=MOST_INPUTS)
    make = partial(make_network, config, inputs, words, skeleton=skeleton, views=views)
    try:
        with size_limit(), torch.device("meta"):
            make()
    except InputError as error:
        if "meta" not in str(error.__cause__):  # else: a user's own network that computes in its constructor
            raise
    with size_limit():
        return make()


def make_network(config: dict[str, Any], inputs: int, words: int, **offered: Any) -> Network:
    """Returns the network of ``config`` on the default device. Networks that contain networks call it as well.

    ``offered`` are further arguments, which only the networks get that take them: ``skeleton`` and ``views``.
    """
    if not isinstance(config, dict):
        raise InputError(f"model={config}: give a network, a _target_ and its arguments")
    taken = inspect.signature(class_of(str(config.get("_target_", "missing")), ANY, Network)).parameters
    extra = {name: value for name, value in offered.items() if name in taken}
    result: Network = build(config, base=Network, trusted=ANY, at="model", inputs=inputs, words=words, **extra)
    return result


@contextmanager
def size_limit(most: int = MOST_PARAMETERS, most_modules: int = MOST_MODULES) -> Iterator[None]:
    """Limits the size of all modules that are made inside the block.

    Numbers are counted when a module registers them, before they are initialised. On torch's ``meta`` device nothing
    has been allocated by then.

    Raises:
        InputError: more than ``most`` numbers in parameters and buffers, or more than ``most_modules`` modules.
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
