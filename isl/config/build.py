"""From a plain dict with a ``_target_`` to the object it names: how configs and checkpoints become modules."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from isl.errors import InputError, OptionError

# A checkpoint may come from a stranger, and a `_target_` is code to be run: only these packages' own classes are
OURS = ("isl.", "torch.optim.")
USERS = (*OURS, "lightning.")  # what the user's own config may name besides
ANY = ("",)  # the user's own package too; a checkpoint's targets were checked before: isl.recognition.schema


def build(
    config: Mapping[str, Any],
    *args: Any,
    trusted: tuple[str, ...] = OURS,
    base: type = object,
    at: str = "",
    **extra: Any,
) -> Any:
    """Make an object of the class ``config["_target_"]``, with the config's other entries as arguments.

    Args:
        config: a ``_target_`` and its arguments; plain values all, never built themselves.
        args, extra: further arguments, for what a config cannot hold.
        trusted: how the class's own module must begin.
        base: what the class must be a subclass of: a network, features, an optimiser, ...
        at: the option that holds the config, such as ``model``: errors name arguments ``model.hidden``.

    Raises:
        InputError: the class is not among the ``trusted``, does not exist, is no ``base``, or refuses its arguments.
    """
    if not isinstance(config, Mapping):
        raise InputError(f"{at or 'an object'}={config}: give a _target_ and its arguments")
    target, place = str(config.get("_target_", "missing")), f"{at}: " if at else ""
    made = class_of(target, trusted, base)
    options = {key: value for key, value in config.items() if not key.startswith("_")}
    try:
        inspect.signature(made).bind(*args, **options, **extra)
    except TypeError as error:
        raise InputError(f"{place}{target}: {error}") from None
    try:
        return made(*args, **options, **extra)
    except OptionError as error:
        raise error.within(at) from None
    except InputError:
        raise  # ours say themselves what is wrong with an argument
    except Exception as error:  # a library's, of any kind: what it was given is a user's
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(f"{place}{target}: {reason[:200]}") from error


def class_of(target: str, trusted: tuple[str, ...] = OURS, base: type = object) -> type:
    """Returns the class ``package.module.Class`` that ``target`` names, where its module is among the ``trusted``.

    Raises:
        InputError: it is not, there is no such class, or it is no subclass of ``base``.
    """
    refused = f"_target_={target}: only classes of {', '.join(name.rstrip('.') for name in trusted)} are built"
    if not target.startswith(trusted):
        raise InputError(refused)
    module, _, name = target.rpartition(".")
    try:
        named = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        where = "in this version" if target.startswith(OURS) else "here; is its package installed"
        raise InputError(f"_target_={target}: there is no such class {where}") from None
    # Its own module counts, not the name that it was reached by: isl.vision.video.Path is pathlib's
    if not isinstance(named, type) or not f"{named.__module__}.".startswith(trusted):
        raise InputError(refused)
    if not issubclass(named, base):
        raise InputError(f"_target_={target}: not a subclass of {base.__module__}.{base.__name__}, as it must be")
    return named
