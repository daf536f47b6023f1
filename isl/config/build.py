"""From a plain dict with a ``_target_`` to the object it names: how configs and checkpoints become modules."""

from __future__ import annotations

import inspect
from importlib import import_module
from typing import Any

from isl.errors import InputError

# A checkpoint may come from a stranger, and a `_target_` is code to be run: only these packages' own classes are
OURS = ("isl.", "torch.optim.")
USERS = (*OURS, "lightning.")  # what the user's own config may name besides


def build(config: dict[str, Any], *args: Any, trusted: tuple[str, ...] = OURS, **extra: Any) -> Any:
    """Make an object of the class ``config["_target_"]``, with the config's other entries as arguments.

    Args:
        config: a ``_target_`` and its arguments; plain values all, never built themselves.
        args, extra: further arguments, for what a config cannot hold.
        trusted: how the class's own module must begin.

    Raises:
        InputError: the class is not among the ``trusted``, does not exist, or refuses its arguments.
    """
    target = str(config.get("_target_", "missing"))
    made = class_of(target, trusted)
    options = {key: value for key, value in config.items() if not key.startswith("_")}
    try:
        inspect.signature(made).bind(*args, **options, **extra)
    except TypeError as error:
        raise InputError(f"{target}: {error}") from None
    try:
        return made(*args, **options, **extra)
    except InputError:
        raise  # ours say themselves what is wrong with an argument
    except (TypeError, ValueError, RuntimeError) as error:
        raise InputError(f"{target}: {str(error).splitlines()[0]}") from error


def class_of(target: str, trusted: tuple[str, ...] = OURS) -> type:
    """The class that ``target`` names, ``package.module.Class``, where its module is among the ``trusted``.

    Raises:
        InputError: it is not, or there is no such class.
    """
    refused = f"_target_={target}: only classes of {', '.join(name.rstrip('.') for name in trusted)} are built"
    if not target.startswith(trusted):
        raise InputError(refused)
    module, _, name = target.rpartition(".")
    try:
        found = getattr(import_module(module), name)
    except (ImportError, AttributeError):
        raise InputError(f"_target_={target}: there is no such class in this version") from None
    # Its own module counts, not the name that it was reached by: isl.vision.video.Path is pathlib's
    if not isinstance(found, type) or not f"{found.__module__}.".startswith(trusted):
        raise InputError(refused)
    return found
