"""Checks the configs in a checkpoint: the classes that they name, and the sizes of the network."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from isl.errors import InputError
from isl.recognition.manifest import TensorRecord

DEEPEST = 16  # levels of values within values
LONGEST_STRIDE = 64  # frames; a clip has 60
TARGET = re.compile(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", re.ASCII)


class Kind(NamedTuple):
    """The classes that may be named at one place of a checkpoint: some of isl's own, and those of a part of torch."""

    name: str
    package: str  # of isl
    classes: tuple[str, ...]
    torch: str = ""


# Nothing is imported to check a name. The base class is checked again where the object is built
KINDS = {
    "features": Kind("features", "isl.features", ("BodyFeatures", "BodyHands", "RawFeatures")),
    "model": Kind(
        "network",
        "isl.models",
        (
            *("BiLSTMAttention", "CNNBiLSTMAttention", "ConvTransformer", "GRUAttention", "MemberAverage"),
            *("MultiBranch", "PoseTransformer", "STGCN", "StackedLSTM", "TemporalConvNet"),
        ),
    ),
    "augment": Kind(
        "augmentation",
        "isl.augment",
        (
            *("NoAugmentation", "Noise", "Strong", "Affine", "Approach", "FrameMask", "HandTurn", "Jitter", "Mirror"),
            *("Missing", "Mixup", "OtherBody", "Tempo"),
        ),
    ),
    "optimizer": Kind("optimiser", "torch.optim", (), "torch.optim"),
    "scheduler": Kind("schedule", "isl.training.schedule", ("WarmupCosine",), "torch.optim.lr_scheduler"),
}


def check_targets(described: Mapping[str, Any], trusted: Sequence[str]) -> None:
    """Checks every ``_target_`` in a checkpoint's hyper-parameters; ``trusted`` are packages besides isl's own.

    Raises:
        ValueError: one of them is no class of its kind.
    """
    for place, kind in KINDS.items():
        for value in walk(described.get(place)):
            if isinstance(value, dict) and "_target_" in value:
                _check_target(value["_target_"], kind, trusted)


def check_sizes(model: Any, weights: Mapping[str, TensorRecord]) -> None:
    """Checks the whole numbers among the options of isl's own networks, before torch is loaded.

    A network has a weight as wide as each of its sizes, and more weights than layers. A larger number than both belongs
    to a network that is not in the file, and building it could take all memory.

    Raises:
        ValueError: a number is negative, or too large for the weights.
    """
    widest = max((extent for tensor in weights.values() for extent in tensor.shape), default=0)
    most = max(widest, len(weights), LONGEST_STRIDE)
    for name, value in _own_numbers(model, "model"):
        if not 0 <= value <= most:
            raise ValueError(f"{name}={value} does not fit its weights, which are {widest} numbers wide or less")


def trusted_packages(value: Any) -> tuple[str, ...]:
    """Returns the packages of ``trusted=``, one or a list of them.

    Raises:
        InputError: a value is not the name of a package.
    """
    listed = [value] if isinstance(value, str) else value if value is not None else []
    if not isinstance(listed, Sequence) or not all(isinstance(name, str) and _package(name) for name in listed):
        raise InputError(f"trusted={value}: give the names of packages whose classes may be loaded, such as [my_lab]")
    return tuple(listed)


def walk(value: Any, depth: int = 0) -> Iterator[Any]:
    """Yields ``value`` and, after it, all values and keys within it.

    Raises:
        ValueError: they are nested too deeply.
    """
    if depth > DEEPEST:
        raise ValueError(f"its values are nested deeper than {DEEPEST} levels")
    yield value
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, (list, tuple)) and not isinstance(value, TensorRecord):
        for entry in value:
            yield from walk(entry, depth + 1)


def _own_numbers(value: Any, name: str) -> Iterator[tuple[str, int | float]]:
    """Yields the numbers in the config of a network with their names; whole subtrees of other packages are left out."""
    if isinstance(value, dict):
        if str(value.get("_target_", "isl.")).startswith("isl."):
            for key, entry in value.items():
                yield from _own_numbers(entry, f"{name}.{key}")
    elif isinstance(value, (list, tuple)):
        for i, entry in enumerate(value):
            yield from _own_numbers(entry, f"{name}[{i}]")
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield name, value


def _check_target(target: Any, kind: Kind, trusted: Sequence[str]) -> None:
    if not isinstance(target, str) or len(target) > 200 or not TARGET.fullmatch(target):
        raise ValueError("a _target_ that names no class")
    name = target.rpartition(".")[2]
    if target.startswith(f"{kind.package}.") and name in kind.classes:
        return
    if kind.torch and target.startswith(f"{kind.torch}.") and name[0].isupper():
        return
    if target.startswith(tuple(f"{package}." for package in trusted)):
        return
    listed = " or ".join(sorted({kind.package, kind.torch} - {""}))
    package = target.partition(".")[0]
    advice = "" if package in ("isl", "torch") else f"; if you trust the package {package}, add trusted=[{package}]"
    raise ValueError(f"_target_={target} is no {kind.name} of {listed}{advice}")


def _package(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))
