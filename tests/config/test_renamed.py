"""Old option names give a line with the new one."""

from __future__ import annotations

import subprocess
import sys

import pytest
from support.configs import config

from isl.config.app import CONF
from isl.config.renamed import find_renamed


@pytest.mark.parametrize(
    ("command", "old", "new"),
    [
        ("live", "record=a.mp4", "film=a.mp4"),
        ("live", "record_seconds=2", "record.seconds=2"),
        ("infer", "record=a.mp4", "film=a.mp4"),
        ("train", "features.left_out=0.1", "features.view_dropout=0.1"),
        ("train", "features.gap=null", "features.gap_filling=null"),
        ("train", "without=streams", "without=branches"),
        ("train", "without=[mixup,gap]", "without=[mixup,gap_filling]"),
        ("train", "model=multi_stream", "model=multi_branch"),
        ("train", "run=isl.training.refit.Refit", "run=refit"),
        ("train", "average=ema", "callbacks=[default,average]"),
    ],
)
def test_the_new_name_exists_and_is_in_the_message(command, old, new):
    assert find_renamed(command, ["stall=2", old]).endswith(f"type {new}")
    config(command, *(["experiment=best"] if command == "train" else []), new)


def test_today_s_names_pass():
    assert find_renamed("live", ["record.word=Fever", "film=a.mp4", "--help"]) == ""
    assert find_renamed("train", ["record=a.mp4", "without=[mixup,gap_filling]", "run=refit"]) == ""


@pytest.mark.slow
def test_an_old_name_ends_the_command_with_one_line():
    done = subprocess.run(
        [sys.executable, CONF.parent / "live.py", "record_word=Fever"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr == "error: record_word=Fever: is called otherwise now; type record.word=Fever\n"
