"""Compares the options of an object with the types that its class declares for them, and types with a range."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import partial
from typing import Annotated, Any, get_type_hints

from isl.config.options import number, whole
from isl.errors import OptionError

# Types with the check of their values; a config is compared with them before the module of its class is loaded
Count = Annotated[int, whole]
Size = Annotated[int, partial(whole, least=1)]
NotNegative = Annotated[float, number]
Share = Annotated[float, partial(number, most=1)]


def check_types(made: type, options: Mapping[str, Any]) -> None:
    """Checks plain ``options`` against the annotations of the constructor of ``made``, one of isl's own classes.

    Most classes check their options themselves, with better messages; this check finds what they leave out, such as a
    number in place of a path, before it does harm elsewhere.

    Raises:
        OptionError: an option has another type.
    """
    if not made.__module__.startswith("isl."):
        return
    try:
        hints = get_type_hints(made.__init__, include_extras=True)  # type: ignore[misc]
    except NameError:  # a type that is imported for type checkers only
        return
    parameters = inspect.signature(made).parameters
    for name, value in options.items():
        if name in hints and parameters[name].kind in (
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            inspect.Parameter.KEYWORD_ONLY,
        ):
            check_type(hints[name], name, value)


def check_type(kind: Any, name: str, value: Any) -> None:
    """Checks the value of the option ``name`` against a type. Raises ``OptionError`` if it is of another."""
    if checks := getattr(kind, "__metadata__", ()):
        for check in checks:
            check(value, name)
        return
    from pydantic import ConfigDict, TypeAdapter, ValidationError

    try:
        TypeAdapter(kind, config=ConfigDict(arbitrary_types_allowed=True, allow_inf_nan=False)).validate_python(value)
    except ValidationError as error:
        reason = error.errors(include_url=False, include_context=False)[0]["msg"].replace("Input", "it", 1)
        raise OptionError(name, f"={str(value)[:100]}: {reason}") from None
