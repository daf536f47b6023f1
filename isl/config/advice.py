"""Advice for a wrong option: one line for an option that does not exist, or that is not written as Hydra reads it."""

from __future__ import annotations

import difflib
import shlex
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from omegaconf import DictConfig, OmegaConf

# For each command, the option that a word without a name stands for
MAIN = {"infer": "input", "extract": "input", "verify": "input", "live": "source", "ensemble": "members"}
WITH_VALUE = set("--cfg -c --package -p --config-path -cp --config-name -cn --config-dir -cd --info -i".split())
WITH_VALUE |= {"--experimental-rerun"}
FLAGS = set("--help -h --hydra-help --version --resolve --run -r --multirun -m --shell-completion -sc".split())

# Names from other programs, each with the options that it may mean. The first one that the command has is proposed
EVERYDAY = {
    "epochs epoch max_epochs num_epochs n_epochs": "trainer.max_epochs",
    "lr learning_rate rate": "optimizer.lr",
    "batch bs batchsize": "batch_size",
    "wd decay": "optimizer.weight_decay",
    "gpu gpus cuda accelerator": "trainer.accelerator",
    "device": "trainer.accelerator sentence.device",
    "root dataset data_dir data_root": "data.root",
    "workers num_workers": "workers",
    "video videos file clip path src in": "input source",
    "camera cam webcam": "source camera",
    "out dest destination o": "output hydra.run.dir",
    "checkpoint ckpt weights resume model_path model": "ckpt_path",
    "fold": "split.fold",
    "signer": "split.fold record.group",
}


def misspelt(arguments: Sequence[str], name: str, conf: Path) -> str:
    """Returns a line about the first argument that is neither ``name=value`` nor a flag of Hydra; "" if there is none.

    Args:
        arguments: the arguments of the command line, without the program's name.
        name: the name of the command, and of its file in ``conf``.
    """
    waiting = iter(enumerate(arguments))
    for place, argument in waiting:
        key, equals, value = argument.partition("=")
        following = arguments[place + 1] if place + 1 < len(arguments) else ""
        if key in WITH_VALUE:
            if not equals and following and "=" not in following:
                next(waiting)
        elif argument.startswith("-") and key not in FLAGS:
            if not equals and following and not following.startswith("-") and "=" not in following:
                value = following
            options = set(_names(_composed(name, conf)))
            proposed = _proposed(key.lstrip("-").replace("-", "_"), name, options) or key.lstrip("-")
            value = shlex.quote(value) if value else "..."
            return _line(argument, f"options are written name=value: {proposed}={value}")
        elif not equals and not argument.startswith(("-", "~")) and argument.strip():
            return _line(argument, _bare(argument, name))
    return ""


def unknown(arguments: Sequence[str], name: str, conf: Path) -> str:
    """Returns a line about the first ``name=value`` whose name is not an option of the command; "" if all are."""
    given = [
        argument for argument in arguments if "=" in argument and not argument.startswith(("-", "~", "hydra", "+"))
    ]
    cfg = _composed(name, conf, *(argument for argument in given if _is_group(argument.partition("=")[0], conf)))
    options = set(_names(cfg))
    for argument in given:
        key, _, value = argument.partition("=")
        if key in options or _is_group(key, conf) or OmegaConf.select(cfg, key) is not None:
            continue
        group, _, option = key.partition(".")
        owners = _owners(conf / group, option)
        if owners:
            others = f" (or of {', '.join(owners[1:])})" if owners[1:] else ""
            return _line(argument, f"an option of {group}={owners[0]}{others}; add {group}={owners[0]}")
        proposed = _proposed(key, name, options)
        return _line(argument, f"no such option; type {proposed}={value}" if proposed else "no such option")
    return ""


def _is_group(key: str, conf: Path) -> bool:
    """Returns True if ``key`` names a group of configs: a folder, or a group in Hydra's config store."""
    group = key.partition("@")[0]
    return (conf / group).is_dir() or group in ConfigStore.instance().repo


def _line(argument: str, advice: str) -> str:
    return f"{argument}: {advice} (--help lists the options)"


def _bare(argument: str, name: str) -> str:
    """Returns advice for a word without ``name=``: the main option of the command."""
    quoted = shlex.quote(argument)
    if name in MAIN:
        return f"options are written name=value: {MAIN[name]}={quoted}"
    if name == "train" and Path(argument).is_dir():
        return f"options are written name=value: data=folder data.root={quoted}"
    return "options are written name=value, as in batch_size=16"


def _proposed(key: str, name: str, options: set[str]) -> str:
    """Returns the option that ``key`` most likely means, or "". Tries everyday names, its last part, its spelling."""
    if key in options:
        return key
    meant = [option for names, meanings in EVERYDAY.items() if key in names.split() for option in meanings.split()]
    meant += sorted((option for option in options if option.rpartition(".")[2] == key.rpartition(".")[2]), key=len)
    meant += difflib.get_close_matches(key, sorted(options), n=1, cutoff=0.7)
    allowed = options | {"hydra.run.dir"} if name == "train" else options
    return next((option for option in meant if option in allowed), "")


@cache
def _composed(name: str, conf: Path, *choices: str) -> DictConfig:
    """Returns the command's config with these ``choices`` of groups, or its default if they cannot be composed."""
    for overrides in (choices, ()):
        try:
            with initialize_config_dir(str(conf), version_base="1.3"):
                return compose(name, list(overrides))
        except Exception:  # Hydra has many errors for a wrong choice
            continue
    return OmegaConf.create({})


def _names(tree: Any, path: str = "") -> Iterator[str]:
    """Yields the dotted names of all options in a config, and of the nodes that contain them."""
    if isinstance(tree, DictConfig):
        for key in tree:
            name = f"{path}.{key!s}".lstrip(".")
            yield name
            node = tree._get_node(key)
            if isinstance(node, DictConfig) and not node._is_none():
                yield from _names(node, name)


def _owners(group: Path, option: str) -> list[str]:
    """Returns the choices of a group that have the option; choices with fewer defaults come first."""
    trees = {path.stem: OmegaConf.load(path) for path in sorted(group.glob("*.yaml")) if option}
    own = {name: tree for name, tree in trees.items() if isinstance(tree, DictConfig) and option in tree}
    return sorted(own, key=lambda name: len(own[name].get("defaults", [])))
