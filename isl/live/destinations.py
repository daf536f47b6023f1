"""Checks the files that a command will write, before anything is opened."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, ListConfig

from isl.files import destination


def check_destinations(cfg: DictConfig, **suffixes: Iterable[str]) -> list[Path | None]:
    """Returns the path of each of these options, in order; None if the option is null.

    Args:
        cfg: the command's configuration.
        suffixes: for each option the allowed suffixes of its file.

    Raises:
        InputError: a file can't be written there, or another option reads or writes it too.
    """
    read = [cfg.get("source"), cfg.get("input"), *as_list(cfg.ckpt_path)]
    paths: list[Path | None] = []
    for option, endings in suffixes.items():
        paths.append(None if cfg[option] is None else destination(cfg[option], option, endings, [*read, *paths]))
    return paths


def as_list(value: Any) -> list[Any]:
    """Returns the values of an option that takes one or several values; an empty list for null."""
    if value is None:
        return []
    return list(value) if isinstance(value, ListConfig) else [value]
