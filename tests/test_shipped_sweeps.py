"""The sweeps that ship: that they list what there is, and that leaving something out leaves something out."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf
from support.runs import SMALL, config

from isl.config.app import CONF
from isl.config.without import WITHOUT

NO_OPTUNA = importlib.util.find_spec("optuna") is None
needs_optuna = pytest.mark.skipif(NO_OPTUNA, reason="needs the extra: pip install -e '.[optuna]'")


def choices(sweep: str, name: str) -> list[str]:
    """Returns the values that ``conf/sweep/<sweep>.yaml`` tries for the option ``name``."""
    params = OmegaConf.load(CONF / "sweep" / f"{sweep}.yaml").hydra.sweeper.params
    (override,) = OverridesParser.create().parse_overrides([f"{name}={params[name]}"])
    return [str(value) for value in override.sweep_iterator()]


def flat(tree: Any, path: str = "") -> dict[str, Any]:
    """Every leaf of a config under its dotted name."""
    if not isinstance(tree, dict) or not tree:
        return {path: tree}
    return {key: leaf for name in tree for key, leaf in flat(tree[name], f"{path}.{name}".lstrip(".")).items()}


def left_out(name: str) -> dict[str, Any]:
    """The options of a row of the table, to the last leaf."""
    return {leaf: value for option, tree in WITHOUT[name][1].items() for leaf, value in flat(tree, option).items()}


@pytest.fixture(scope="module")
def best(tmp_path_factory):
    return OmegaConf.to_container(config(tmp_path_factory.mktemp("best"), "experiment=best", small=False))


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(path.stem, marks=needs_optuna if path.stem == "optuna" else ())
        for path in sorted((CONF / "sweep").glob("*.yaml"))
    ],
)
def test_every_sweep_composes(name, tmp_path):
    config(tmp_path, f"sweep={name}")


def test_sweeps_list_all_networks_and_ingredients():
    assert sorted(choices("models", "model")) == sorted(path.stem for path in (CONF / "model").glob("*.yaml"))
    assert choices("ablation", "without") == list(WITHOUT)


@pytest.mark.parametrize("name", [name for name in WITHOUT if name != "nothing"])
def test_an_ingredient_left_out_was_one_of_the_best_recipe(name, best):
    """A row that named an option that does not exist, or its present value, would leave nothing out."""
    for option, value in left_out(name).items():
        there = best
        for key in option.split("."):
            assert key in there, f"{option} is no option of experiment=best"
            there = there[key]
        assert there != value, f"{option} is {value} anyway"


def test_every_view_and_step_of_the_best_recipe_can_be_left_out(best):
    steps = {f"augment.steps.{name}" for name, step in best["augment"]["steps"].items() if step is not None}
    views = {f"features.{name}" for name, value in best["features"].items() if value is True}
    changed = set()
    for name in set(WITHOUT) - {"augmentation"}:
        changed |= set(left_out(name))
    missing = sorted((steps | views) - changed)
    assert not missing, f"give each a row in isl/config/without.py and a place in conf/sweep/ablation.yaml: {missing}"


def test_several_ingredients_can_be_left_out(tmp_path):
    cfg = config(tmp_path, "experiment=best", "without=[mixup,trim]", small=False)
    assert cfg.augment.steps.mixup is None and cfg.features.trim is False and cfg.augment.steps.mirror is not None


def test_without_reaches_a_run_last(tmp_path):
    cfg = config(tmp_path, "experiment=best", "without=mixup", small=False)
    assert cfg.augment.steps.mixup is None and cfg.augment.steps.mirror is not None


@needs_optuna
@pytest.mark.slow
def test_optuna_finds_the_lowest_validation_loss(tmp_path):
    command = [sys.executable, str(CONF.parent / "train.py"), "sweep=optuna", "hydra.sweep.dir=all", *SMALL]
    command += ["hydra.sweeper.n_trials=3", "hydra.sweeper.sampler.n_startup_trials=1"]
    env = {**os.environ, "COLUMNS": "200", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-500:]
    losses = [json.loads(path.read_text())["val"]["best_loss"] for path in tmp_path.glob("all/*/report.json")]
    found = OmegaConf.load(tmp_path / "all" / "optimization_results.yaml")
    assert len(losses) == 3 and found.best_value == pytest.approx(min(losses))
    rates = {OmegaConf.load(path).optimizer.lr for path in Path(tmp_path).glob("all/*/config.yaml")}
    assert found.best_params["optimizer.lr"] in rates and len(rates) == 3
