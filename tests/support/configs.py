"""Configs of command lines for tests. Composing takes a tenth of a second, so each set of choices is composed once."""

from __future__ import annotations

import copy
import re
from functools import cache

from hydra import compose, initialize_config_dir
from omegaconf import DictConfig

from isl.config.app import CONF

# An option with a value that Hydra and YAML read alike
PLAIN = re.compile(r"(?!hydra|without=)[\w.]+=(?!(yes|no|on|off|y|n)$)[\w./+\[\],-]+", re.IGNORECASE)


def config(name: str, *overrides: str) -> DictConfig:
    """Returns the config of the command ``name``. Choices of groups come first, then plain values are set in a copy."""
    values = [o for o in overrides if PLAIN.fullmatch(o) and not (CONF / o.partition("=")[0]).is_dir()]
    cfg = copy.deepcopy(_composed(name, tuple(o for o in overrides if o not in values)))
    cfg.merge_with_dotlist(values)
    return cfg


@cache
def _composed(name: str, choices: tuple[str, ...]) -> DictConfig:
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose(name, list(choices))
