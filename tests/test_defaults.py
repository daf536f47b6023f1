"""A class used from Python does what the shipped config of it does."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from typing import Any, cast

import pytest
from hydra.utils import get_class
from omegaconf import OmegaConf

from isl.config.app import CONF

# Where the two differ on purpose: (class, argument)
DIFFERENT = {
    ("FolderClips", "help"),  # the commands, which a library has no use for
    ("BodyHands", "view_dropout"),  # views are left out while training; who computes features wants them all
    ("ConvTransformer", "dim"),  # narrower where it is one of four branches
    ("FolderClips", "group"),  # how isl18's clips name their session
    ("FolderClips", "unstable"),
    ("RoomClips", "words"),
    ("RoomClips", "leave_out"),  # a dataset's own clips, licences and shares are its config's
    ("RoomClips", "licences"),
    ("RoomClips", "least_rooms"),
    ("SeveralClips", "shares"),
    ("SeveralClips", "help"),
    ("FolderClips", "aspect"),
    ("FolderClips", "seconds"),
}


def objects(tree: Any) -> Iterator[dict[str, Any]]:
    """Every part of a config that has a ``_target_`` of ours."""
    if isinstance(tree, dict):
        if str(tree.get("_target_", "")).startswith("isl."):
            yield tree
        for branch in tree.values():
            yield from objects(branch)


def given(config: dict[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """The arguments that a config gives as plain values where the class has a default: name, value, default."""
    for name, parameter in inspect.signature(get_class(config["_target_"])).parameters.items():
        value = config.get(name)
        taken_from_elsewhere = isinstance(value, str) and "${" in value
        if name in config and parameter.default is not parameter.empty and not taken_from_elsewhere:
            yield name, value, parameter.default


CONFIGS = {path.relative_to(CONF).as_posix(): path for path in sorted(CONF.rglob("*.yaml"))}
OBJECTS = [
    pytest.param(config, id=f"{name}:{config['_target_']}")
    for name, path in CONFIGS.items()
    for config in objects(OmegaConf.to_container(OmegaConf.load(path)))
]


@pytest.mark.parametrize("config", OBJECTS)
def test_defaults_in_code_equal_those_in_the_config(config):
    kind = config["_target_"].rpartition(".")[2]
    for name, value, default in given(config):
        if (kind, name) not in DIFFERENT:
            if isinstance(default, float) and isinstance(value, float):
                assert value == pytest.approx(default, rel=1e-3), name  # a config writes 1/3 as 0.3333
            else:
                assert value == (list(default) if isinstance(default, tuple) else default), name


def test_the_listed_differences_still_exist():
    apart = {
        (config["_target_"].rpartition(".")[2], name)
        for config in (cast(Any, parameters.values[0]) for parameters in OBJECTS)
        for name, value, default in given(config)
        if value != default
    }
    assert apart >= DIFFERENT


def test_configs_were_found():
    assert len(OBJECTS) > 40
