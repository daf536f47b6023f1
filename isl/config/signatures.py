"""Compares configs with the signatures of the classes that they name, without importing them.

torch and Lightning take seconds to load. The source files tell the names and the types of a constructor's arguments at
once, and what it is derived from, so that a misspelt option, a text in place of a number or a class of another kind is
refused before.
"""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any, Literal, NamedTuple, Optional, Union

from isl.config.types import Count, NotNegative, Share, Size, check_type
from isl.errors import InputError, OptionError

OWN = "isl."
DEEPEST = 6  # imports and base classes that are followed
MODULE = "torch.nn.modules.module"  # where torch.nn.Module is defined, whose constructor refuses all arguments
NOTHING = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
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


def check_kind(target: str, base: str, at: str) -> None:
    """Checks that the class ``target`` is derived from the class ``base``, as far as the source files tell.

    Raises:
        InputError: it is not, or it is ``base`` and made only to be derived from, or its package is not installed.
    """
    top, required, named = target.partition(".")[0], _find_named(base), _find_named(target)
    if top not in sys.stdlib_module_names and _package(top) is None:
        raise InputError(f"{at}._target_={target}: there is no such class here; is its package installed?")
    if named is None and (_parsed(target) or _is_function(target)):
        raise InputError(f"{at}._target_={target}: not a class")
    if required and named == required and "raise NotImplementedError" in ast.unparse(required.node):
        raise InputError(f"{at}._target_={target}: the base class of others; name one of those")
    above = list(_lineage(named))
    if top in sys.stdlib_module_names or (required not in above and None not in above):
        raise InputError(f"{at}._target_={target}: not a subclass of {base}, as it must be")


def check_signature(config: Any, at: str, without: Sequence[str] = (), given: Sequence[str] = ()) -> None:
    """Checks names and types of the arguments of ``config``, and of all configs within it.

    Args:
        config: a ``_target_`` and its arguments. Anything else is not checked here.
        at: the option that holds the config, such as ``model``.
        without: arguments that isl takes out before the class is called.
        given: arguments that isl itself gives to the class.

    Raises:
        InputError: isl has no such class, or the class has no such argument.
        OptionError: an argument has another type.
    """
    if not isinstance(config, Mapping) or not isinstance(config.get("_target_"), str):
        return
    target = config["_target_"]
    options = {key: value for key, value in config.items() if not key.startswith("_") and key not in without}
    for key, value in options.items():
        for i, inner in enumerate(value if isinstance(value, list) else [value]):
            check_signature(inner, f"{at}.{key}" + (f"[{i}]" if isinstance(value, list) else ""))
    named = _find_named(target)
    if named is None:
        if target.startswith(OWN):
            raise InputError(f"{at}._target_={target}: there is no such class in this version")
        return
    arguments = _constructor(named)
    if arguments is None:
        return
    annotations = {
        argument.arg: argument.annotation
        for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        if argument.arg not in ("self", *given)
    }
    for key, value in options.items():
        if key in annotations:
            _check_type(annotations[key], key, value, at)
        elif arguments.kwarg is None or key in given:
            listed = ", ".join(annotations) or "none"
            raise InputError(
                f"{at}.{key}={str(value)[:60]}: {named.node.name} has no such option; it has {listed[:300]}"
            )


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


def _find_named(dotted: str) -> SourceClass | None:
    """Returns the class ``package.module.Class``; None if its source is not found."""
    module, _, name = dotted.rpartition(".")
    return _find_class(module, name)


def _is_function(dotted: str) -> bool:
    module, _, name = dotted.rpartition(".")
    tree = _parsed(module)
    return tree is not None and any(isinstance(node, ast.FunctionDef) and node.name == name for node in tree.body)


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
                if alias.name == "*" and (other := _find_class(_absolute(node, module), name, depth + 1)):
                    return other
    return None


def _find_base(module: str, base: ast.expr) -> SourceClass | None:
    """Returns the class that a module names ``Module``, ``nn.Module`` or ``torch.nn.Module``; None if not found."""
    first, _, rest = ast.unparse(base).partition(".")
    if not rest:
        return _find_class(module, first)
    for node in tree.body if (tree := _parsed(module)) else []:
        if isinstance(node, ast.ImportFrom):  # from torch import nn
            names = {alias.asname or alias.name: f"{_absolute(node, module)}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):  # import torch.nn as nn; without "as" the name is that of the package
            tops = [alias.name.partition(".")[0] for alias in node.names if not alias.asname]
            names = {**{alias.asname: alias.name for alias in node.names if alias.asname}, **{top: top for top in tops}}
        else:
            continue
        if first in names:
            return _find_named(f"{names[first]}.{rest}")
    return None


def _lineage(named: SourceClass | None, depth: int = 0) -> Iterator[SourceClass | None]:
    """Yields a class and all above it, in the order of their constructors; None for one that is not found."""
    yield named if depth <= DEEPEST else None
    if named is not None and depth <= DEEPEST:
        for base in named.node.bases:
            yield from _lineage(_find_base(named.module, base), depth + 1)


def _constructor(named: SourceClass) -> ast.arguments | None:
    """Returns the arguments of the constructor of a class, or of the base class it is inherited from."""
    for above in _lineage(named):
        if above is None:
            return None
        if above.module == MODULE:
            return NOTHING
        for node in above.node.body:
            if isinstance(node, ast.FunctionDef) and node.name == "__init__":
                return node.args
        if above.node.decorator_list:  # a dataclass has no constructor in its source
            return None
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
    spec = _package(top)
    for folder in (spec.submodule_search_locations or []) if spec else []:
        place = Path(folder).joinpath(*below)
        for path in (place / "__init__.py", place.with_name(f"{place.name}.py")):
            if path.is_file():
                return path
    return None


def _package(name: str) -> ModuleSpec | None:
    """Returns the place of a package of the highest level; None if it is not installed."""
    try:
        return importlib.util.find_spec(name) if name else None
    except (ImportError, ValueError):
        return None
