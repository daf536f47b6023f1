"""The commands as a user types them, in processes of their own."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.runs import SMALL

ROOT = Path(__file__).parents[2]
NETWORKS = ", ".join(sorted(path.stem for path in (ROOT / "conf" / "model").glob("*.yaml")))
pytestmark = pytest.mark.slow  # a process each, which loads torch anew


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "COLUMNS": "200", "OMP_NUM_THREADS": "1"}
    script = [sys.executable, str(ROOT / command[0]), *command[1:]]
    return subprocess.run(script, cwd=folder, env=env, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("train.py", "modle=lstm"), "modle"),
        (("train.py", "model=nope"), NETWORKS),
        (("train.py", "model=null"), "a group of options"),
        (("train.py", "optimizer.lr=abc", *SMALL), "optimizer.lr=abc"),
        (("train.py", "data=folder", "data.root=nowhere"), "data.root=nowhere"),
        (("train.py", "hydra/launcher=ray"), "pip install -e '.[ray]'"),
        (("train.py", "protocol=leave_one_group_out", "data=folder", "data.root=nowhere"), "data.root=nowhere"),
        (("train.py", "hydra.run.dir=/dev/null/a\nb"), "/dev/null/a?b: "),
        (("infer.py",), "input"),
        (("infer.py", "input=nowhere.mp4"), "input=nowhere.mp4"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_two(command, says, tmp_path):
    done = run(tmp_path, *command)
    assert done.returncode == 2
    assert says in done.stderr and "Traceback" not in done.stderr
    assert done.stderr.splitlines()[0].startswith("error: ")
    assert not any(tmp_path.iterdir()), "nothing half-written, nothing left behind"


@pytest.mark.parametrize(
    "name", ["my clip (1).mp4", "a=b.mp4", "बुखार.mp4", "it's.mp4", 'say "a".mp4', "back\\slash (1).mp4"]
)
def test_a_file_can_have_any_name(name, tmp_path):
    done = run(tmp_path, "infer.py", f"input={name}")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1) and f"input={name}: " in done.stderr


def test_tensorboard_starts():
    """Its own dependencies don't promise it."""
    command = [sys.executable, "-m", "tensorboard.main", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def test_help_can_be_cut_short(tmp_path):
    command = f"{sys.executable} {ROOT / 'train.py'} --help | head -1"
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.stderr == "" and done.stdout.strip()


@pytest.mark.parametrize("script", ["train.py", "infer.py"])
def test_help_and_the_composed_config_need_nothing_heavy(script, tmp_path):
    spy = """
import runpy, sys
sys.argv = sys.argv[1:]
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
finally:
    print("HEAVY", sorted({"torch", "lightning", "mediapipe", "cv2", "transformers", "matplotlib"} & set(sys.modules)))
"""
    for flag in (["--help"], ["--cfg", "job"]):
        done = subprocess.run(
            [sys.executable, "-c", spy, str(ROOT / script), *flag], cwd=tmp_path, capture_output=True, text=True
        )
        assert "HEAVY []" in done.stdout, done.stdout[-300:] + done.stderr[-300:]


def test_a_multirun_ends_in_one_table(tmp_path):
    done = run(tmp_path, "train.py", "model=bilstm_attn,lstm", "-m", "seed=0,1", "hydra.sweep.dir=all", *SMALL)
    assert done.returncode == 0, done.stderr
    rows = list(csv.DictReader((tmp_path / "all" / "sweep.csv").open()))
    assert len(rows) == 2 and {row["runs"] for row in rows} == {"2"}
    assert float(rows[0]["val_loss_mean"]) <= float(rows[1]["val_loss_mean"])
    assert rows[0]["command"].startswith(f"python {ROOT / 'train.py'} model=") and "seed" not in rows[0]["command"]
    assert f"lowest validation loss: {rows[0]['command']}" in done.stdout
    assert len(list((tmp_path / "all").glob("*/report.json"))) == 4


def test_leave_one_group_out_counts_the_groups_itself(tmp_path):
    signers = ("data.signers=4", "data.words=2", "data.clips=2")
    done = run(
        tmp_path, "train.py", "protocol=leave_one_group_out", "seed=0", "hydra.sweep.dir=all", *SMALL, *signers,
        "trainer.max_epochs=1",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (row,) = csv.DictReader((tmp_path / "all" / "sweep.csv").open())
    assert row["runs"] == "4"
    assert "top-1" in (tmp_path / "all" / "sweep.md").read_text()


@pytest.mark.parametrize(
    ("error", "name", "says"),
    [
        ("ENOSPC", '"a.csv"', "error: a.csv: no space left"),
        ("ENOSPC", "None", "error: no space left"),
        ("EACCES", '"a.csv"', "error: a.csv: permission denied; change its permissions"),
        ("EEXIST", '"sheets"', "error: sheets: file exists; make room there, or write elsewhere"),
    ],
)
def test_an_error_of_the_disk_is_one_line_in_every_command(error, name, says, tmp_path):
    code = (
        "import errno, os; from isl.config.app import app\n"
        f"def task(cfg): raise OSError(errno.{error}, os.strerror(errno.{error}), {name})\n"
        "app('info')(task)()"
    )
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1) and done.stderr.startswith(says), done.stderr
