"""Compares configs with the signatures of the classes that they name, without importing them.

torch and Lightning take seconds to load. The source files tell the names and the types of a constructor's arguments at
once, so that a misspelt option or a text in place of a number is refused before.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, Optional, Union

from isl.config.types import Count, NotNegative, Share, Size, check_type
from isl.errors import InputError, OptionError

OWN = "isl."
DEEPEST = 6  # imports and base classes that are followed to find a constructor
PLAIN = {  # the types that an annotation may consist of; one with others is not checked
    **{kind.__name__: kind for kind in (int, float, bool, str, list, dict, tuple, Sequence, Mapping, Iterable, Path)},
    **{"Any": Any, "Literal": Literal, "Optional": Optional, "Union": Union, "None": None},
    **{"Count": Count, "Size": Size, "NotNegative": NotNegative, "Share": Share},
    "_PATH": str | Path,  # Lightning's
}


class SourceClass(NamedTuple):
    """A class in the source file of a module."""

    module: str
    node: ast.ClassDef


def check_signature(config: Any, at: str, without: Sequence[str] = ()) -> None:
    """Checks names and types of the arguments of ``config``, and of all configs within it.

    Args:
        config: a ``_target_`` and its arguments. Anything else is not checked here.
        at: the option that holds the config, such as ``model``.
        without: arguments that isl takes out before the class is called.

    Raises:
        InputError: isl has no such class, or the class has no such argument.
        OptionError: an argument has another type.
    """
    if not isinstance(config, Mapping) or not isinstance(config.get("_target_"), str):
        return
    target = config["_target_"]
    given = {key: value for key, value in config.items() if not key.startswith("_") and key not in without}
    for key, value in given.items():
        for i, inner in enumerate(value if isinstance(value, list) else [value]):
            check_signature(inner, f"{at}.{key}" + (f"[{i}]" if isinstance(value, list) else ""))
    module, _, name = target.rpartition(".")
    source_class = _find_class(module, name)
    if source_class is None:
        if target.startswith(OWN):
            raise InputError(f"{at}._target_={target}: there is no such class in this version")
        return
    arguments = _constructor(source_class)
    if arguments is None:
        return
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs][1:]  # without self
    annotations = {argument.arg: argument.annotation for argument in named}
    for key, value in given.items():
        if key in annotations:
            _check_type(annotations[key], key, value, at)
        elif arguments.kwarg is None:
            listed = ", ".join(annotations) or "none"
            raise InputError(f"{at}.{key}={str(value)[:60]}: {name} has no such option; it has {listed[:300]}")


def _check_type(annotation: ast.expr | None, key: str, value: Any, at: str) -> None:
    if annotation is None:
        return
    try:
        kind = eval(compile(ast.Expression(annotation), "<annotation>", "eval"), {"__builtins__": {}}, PLAIN)
    except (NameError, TypeError, AttributeError):  # a type of a library
        return
    try:
        check_type(kind, key, value)
    except OptionError as error:
        raise error.within(at) from None


def _find_class(module: str, name: str, depth: int = 0) -> SourceClass | None:
    """Returns the class ``name`` of a module, also if the module imports it from another; None if it is not found."""
    tree = _parsed(module)
    if tree is None or depth > DEEPEST:
        return None
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == name:
            return SourceClass(module, node)
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return _find_class(_absolute(node, module), alias.name, depth + 1)
    return None


def _constructor(source_class: SourceClass, depth: int = 0) -> ast.arguments | None:
    """Returns the arguments of the constructor of a class, or of the base class it is inherited from."""
    for node in source_class.node.body:
        if isinstance(node, ast.FunctionDef) and node.name == "__init__":
            return node.args
    if source_class.node.decorator_list or depth > DEEPEST:  # a dataclass has no constructor in its source
        return None
    for base in source_class.node.bases:
        above = _find_class(source_class.module, base.id) if isinstance(base, ast.Name) else None
        return _constructor(above, depth + 1) if above else None
    return None


def _absolute(node: ast.ImportFrom, module: str) -> str:
    """Returns the module that an import names, as seen from ``module``."""
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    package = parts if (path := _file(module)) and path.name == "__init__.py" else parts[:-1]
    above = package[: len(package) - node.level + 1]
    return ".".join([*above, node.module] if node.module else above)


@cache
def _parsed(module: str) -> ast.Module | None:
    path = _file(module)
    try:
        return ast.parse(path.read_text(encoding="utf-8")) if path else None
    except (OSError, SyntaxError, ValueError):
        return None


@cache
def _file(module: str) -> Path | None:
    """Returns the source file of a module, of which nothing is imported."""
    top, *below = module.split(".")
    try:
        spec = importlib.util.find_spec(top) if top else None
    except (ImportError, ValueError):
        return None
    for folder in (spec.submodule_search_locations or []) if spec else []:
        place = Path(folder).joinpath(*below)
        for path in (place / "__init__.py", place.with_name(f"{place.name}.py")):
            if path.is_file():
                return path
    return None
