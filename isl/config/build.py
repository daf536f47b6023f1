"""Builds the object that a plain dict with a ``_target_`` names, from configs and from checkpoints."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from isl.config.types import check_types
from isl.errors import InputError, OptionError

# A checkpoint may come from a stranger, and a `_target_` runs code: only classes of these packages are built
OURS = ("isl.", "torch.optim.")
USERS = (*OURS, "lightning.")  # the packages that the user's own config may name
ANY = ("",)  # any package, also the user's own; isl.recognition.schema checks a checkpoint's targets before


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
        config: a ``_target_`` and its arguments. The arguments are plain values; none of them is built.
        args, extra: further arguments, which a config cannot hold.
        trusted: the prefixes of modules whose classes may be built.
        base: the base class that the class must have: a network, features, an optimiser, ...
        at: the option that holds the config, such as ``model``. Errors then name the argument ``model.hidden``.

    Raises:
        InputError: the class is not ``trusted``, does not exist, is not a subclass of ``base``, or refuses its
            arguments.
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
        check_types(made, options)
        return made(*args, **options, **extra)
    except OptionError as error:
        raise error.within(at) from None
    except InputError:
        raise  # the message already describes the wrong argument
    except Exception as error:  # a library may raise any error for a user's value
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(f"{place}{target}: {reason[:200]}") from error


def class_of(target: str, trusted: tuple[str, ...] = OURS, base: type = object) -> type:
    """Returns the class that ``target`` names as ``package.module.Class``.

    Raises:
        InputError: its module is not ``trusted``, there is no such class, or it is not a subclass of ``base``.
    """
    packages = ", ".join(name.rstrip(".") for name in trusted if name)  # "" trusts all of them
    refused = f"_target_={target}: {f'only classes of {packages} are built' if packages else 'not a class'}"
    if not target.startswith(trusted):
        raise InputError(refused)
    module, _, name = target.rpartition(".")
    try:
        named = getattr(import_module(module), name)
    except (ImportError, AttributeError, ValueError):
        where = "in this version" if target.startswith(OURS) else "here; is its package installed"
        raise InputError(f"_target_={target}: there is no such class {where}") from None
    # The module that defines the class is checked, not the module in ``target``: isl.vision.video.Path is pathlib's
    if not isinstance(named, type) or not f"{named.__module__}.".startswith(trusted):
        raise InputError(refused)
    if not issubclass(named, base):
        raise InputError(f"_target_={target}: not a subclass of {base.__module__}.{base.__name__}, as it must be")
    return named
