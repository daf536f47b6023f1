"""Counts the groups of the data before a protocol's first run: ``${groups:}`` in ``conf/protocol``."""

from __future__ import annotations

from typing import Any

from omegaconf import DictConfig, OmegaConf

from isl.config.build import build
from isl.data.elsewhere import own_options
from isl.errors import InputError


def number_of_groups(_root_: DictConfig) -> int:
    """Returns the number of folds of the chosen split and data: the number of groups unless folds are given.

    Raises:
        InputError: the data can't be read, or their groups are not known.
    """
    chosen: dict[str, Any] = {name: OmegaConf.to_container(_root_[name], resolve=True) for name in ("data", "split")}
    split = build(chosen["split"])
    if not hasattr(split, "count"):
        raise InputError(f"split._target_={chosen['split']['_target_']}: it holds out no groups; choose split=group")
    return int(split.count(build(own_options(chosen["data"])).load()))
