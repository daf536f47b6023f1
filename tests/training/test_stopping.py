"""A run that is killed, stopped or fails, and what is left of it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from support.kills import train_apart, train_despite_kills
from support.runs import SMALL

from isl.config.app import CONF
from isl.errors import InputError
from isl.training.run_directory import claimed, finished_loss, record_config

TRAIN = str(CONF.parent / "train.py")
ENDLESS = (*SMALL, "trainer.max_epochs=100000", "callbacks.patience=null")
RECIPES = {
    "default": ("trainer.max_epochs=8", "augment=noise"),
    "averaged": ("callbacks=[last,average]", "trainer.max_epochs=8", "batch_size=2"),
    "refit": ("run=refit", "callbacks=last", "trainer.max_epochs=6", "augment=strong"),
}


def start(folder: Path, *overrides: str) -> subprocess.Popen[str]:
    env = {**os.environ, "OMP_NUM_THREADS": "1", "COLUMNS": "200"}
    pipes: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([sys.executable, TRAIN, *overrides], cwd=folder, env=env, text=True, **pipes)


def figures(folder: Path) -> dict:
    """The report without what differs between two runs of the same options; no NaN is in it."""
    text = (folder / "report.json").read_text()
    report = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    return {key: value for key, value in report.items() if key not in ("command", "seconds_trained")}


def files(folder: Path) -> set[str]:
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return {name for name in names if "tensorboard" not in name}  # a file of curves for each start


@pytest.mark.slow
@pytest.mark.parametrize("recipe", RECIPES.values(), ids=RECIPES.keys())
def test_killed_at_random_moments_a_run_ends_with_the_same_figures_and_files(recipe, tmp_path):
    seconds = train_apart(tmp_path / "whole", recipe)
    met = train_despite_kills(tmp_path / "killed", recipe, kills=6, longest=seconds / 2, seed=len(recipe))
    assert met > 0
    assert figures(tmp_path / "killed") == figures(tmp_path / "whole")
    assert files(tmp_path / "killed") == files(tmp_path / "whole")


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_run_prints_the_command_to_go_on(number, code, tmp_path):
    process = start(tmp_path, *ENDLESS, "hydra.run.dir=run")
    while not (tmp_path / "run" / "checkpoints" / "last.ckpt").exists():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    process.send_signal(number)
    _, said = process.communicate(timeout=300)
    assert process.returncode == code
    first, second = said.splitlines()
    assert first.startswith("stopped at epoch ") and first.split()[-1].isdigit()
    assert second.startswith("to go on: python ") and second.endswith("hydra.run.dir=run resume=true")
    assert finished_loss(tmp_path / "run") is None


@pytest.mark.slow
def test_one_failing_run_does_not_end_a_sweep_and_the_missing_ones_are_made_up(tmp_path):
    sweep = ("-m", *SMALL, "optimizer.lr=1e-3,-1,2e-3", "hydra.sweep.dir=all")
    process = start(tmp_path, *sweep)
    said, failed = process.communicate(timeout=300)
    assert process.returncode == 1 and "1 runs failed" in failed
    assert "optimizer.lr=-1: give a number above 0" in (tmp_path / "all" / "1" / "failed.txt").read_text()
    assert "Failed: run 1" in (tmp_path / "all" / "sweep.md").read_text() and said.count("test scores") == 1
    kept = (tmp_path / "all" / "0" / "report.json").stat().st_mtime_ns
    before = figures(tmp_path / "all" / "2")
    (tmp_path / "all" / "2" / "report.json").unlink()
    process = start(tmp_path, *sweep, "resume=true")
    process.communicate(timeout=300)
    assert (tmp_path / "all" / "0" / "report.json").stat().st_mtime_ns == kept
    assert figures(tmp_path / "all" / "2") == before


@pytest.mark.slow
def test_two_runs_of_one_second_have_a_folder_each(tmp_path):
    processes = [start(tmp_path, *SMALL, "trainer.max_epochs=1") for _ in range(2)]
    assert [process.wait(300) for process in processes] == [0, 0]
    assert len(list(tmp_path.glob("outputs/*/*/report.json"))) == 2


def test_a_run_directory_is_locked_by_one_process_and_cleared_of_unfinished_files(tmp_path):
    half = tmp_path / "checkpoints" / ".0a.unfinished.ckpt"
    half.parent.mkdir()
    half.touch()
    with claimed(tmp_path):
        assert not half.exists()
        with pytest.raises(InputError, match="another train"), claimed(tmp_path):
            pass
    with claimed(tmp_path):
        pass


def test_a_run_is_gone_on_with_by_its_own_options_wherever_it_was_moved(tmp_path):
    old, new = tmp_path / "old", tmp_path / "new"
    options = {"seed": 0, "data": {"root": "a"}, "run_dir": str(old), "callbacks": {"best": {"dirpath": f"{old}/x"}}}
    record_config(old, options, resume=False)
    old.rename(new)
    moved = {**options, "run_dir": str(new), "callbacks": {"best": {"dirpath": f"{new}/x"}}, "data": {"root": "b"}}
    record_config(new, moved, resume=True)
    with pytest.raises(InputError, match="seed=0, not 1"):
        record_config(new, {**moved, "seed": 1}, resume=True)
