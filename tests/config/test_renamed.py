"""Old option names give a line with the new one."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hydra import compose, initialize_config_dir
from omegaconf import OmegaConf

from isl.config.app import CONF
from isl.config.renamed import RENAMED, find_renamed


@pytest.mark.parametrize(
    "command, old, new", [(command, old, new) for command, names in RENAMED.items() for old, new in names.items()]
)
def test_the_new_name_exists_and_is_in_the_message(command, old, new):
    assert f"type {new}=value" in find_renamed(command, ["stall=2", f"{old}=value"])
    with initialize_config_dir(str(CONF), version_base="1.3"):
        cfg = compose(command, ["ckpt_path=x", *(["experiment=best"] if command == "train" else [])])
    assert OmegaConf.select(cfg, new, default="absent") != "absent"


@pytest.mark.parametrize(
    "old, new",
    [
        ("without=streams", "without=branches"),
        ("without=[mixup,gap]", "without=[mixup,gap_filling]"),
        ("model=multi_stream", "model=multi_branch"),
        ("run=isl.training.refit.Refit", "run=refit"),
        ("average=ema", "callbacks=[default,average]"),
    ],
)
def test_the_new_choice_exists_and_is_in_the_message(old, new):
    assert find_renamed("train", ["seed=1", old]).endswith(f"type {new}")
    with initialize_config_dir(str(CONF), version_base="1.3"):
        compose("train", ["experiment=best", new])


def test_today_s_names_pass():
    assert find_renamed("live", ["record.word=Fever", "film=a.mp4", "--help"]) == ""
    assert find_renamed("train", ["record=a.mp4", "without=[mixup,gap_filling]", "run=refit"]) == ""


@pytest.mark.slow
def test_an_old_name_ends_the_command_with_one_line():
    done = subprocess.run(
        [sys.executable, CONF.parent / "live.py", "record_word=Fever"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "error: record_word=Fever: record_word is called record.word now; type record.word=Fever\n"
