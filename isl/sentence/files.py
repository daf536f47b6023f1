"""The tables as files."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, cast

from isl.errors import InputError

TABLES = Path(__file__).parent / "tables"


@cache
def table(name: str) -> dict[str, Any]:
    """One of the shipped tables, read once."""
    return read_table(TABLES / f"{name}.yaml")


def read_table(path: Path, where: str = "") -> dict[str, Any]:
    """A YAML file that is a mapping; ``where`` names it in an error, in place of its path."""
    from omegaconf import OmegaConf

    try:
        content = OmegaConf.to_container(OmegaConf.load(path))
    except FileNotFoundError:
        raise InputError(f"{where or path}: no such file; name a YAML file with one 'Gloss: class' a line") from None
    except Exception as error:  # YAML has many ways to be wrong, and each has its own exception
        raise InputError(f"{where or path}: not readable as YAML: {str(error).splitlines()[0]}") from None
    if not isinstance(content, dict):
        raise InputError(f"{where or path}: not a mapping; write one 'Gloss: class' a line")
    return cast("dict[str, Any]", content)
