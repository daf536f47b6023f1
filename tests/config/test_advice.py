"""A wrong option is answered with the right one."""

from __future__ import annotations

import shlex
import sys

import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import OmegaConf
from support.configs import config

from isl.config.advice import EVERYDAY, misspelt, unknown
from isl.config.app import CONF, quoted


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        ("infer.py clip.mp4", "input=clip.mp4"),
        ("infer.py 'my clip.mp4'", "input='my clip.mp4'"),
        ("live.py clip.mp4", "source=clip.mp4"),
        ("live.py --source 0", "source=0"),
        ("live.py --source=0", "source=0"),
        ("train.py --epochs 5", "trainer.max_epochs=5"),
        ("train.py --batch-size 5", "batch_size=5"),
        ("train.py --cfg job --lr 1", "optimizer.lr=1"),
        ("extract.py videos", "input=videos"),
    ],
)
def test_an_argument_that_hydra_cannot_read_is_answered_with_a_correct_one(command, typed):
    name, *arguments = shlex.split(command)
    said = misspelt(arguments, name.removesuffix(".py"), CONF)
    assert typed in said and "\n" not in said


@pytest.mark.parametrize(
    ("command", "typed"),
    [
        ("train.py epochs=5", "trainer.max_epochs=5"),
        ("train.py lr=1e-3", "optimizer.lr=1e-3"),
        ("train.py hidden=64", "model.hidden=64"),
        ("train.py modle=lstm", "model=lstm"),
        ("train.py optimizer.lrr=1", "optimizer.lr=1"),
        ("train.py data.root=x", "add data=folder"),
        ("train.py data=folder data.rot=x", "data.root=x"),
        ("train.py optimizer.momentum=0.5", "add optimizer=sgd"),
        ("infer.py video=x.mp4", "input=x.mp4"),
        ("live.py camera=1", "source=1"),
        ("train.py something.else=1", "no such option"),
    ],
)
def test_an_unknown_option_is_answered_with_the_one_that_is_meant(command, typed):
    name, *arguments = shlex.split(command)
    said = unknown(arguments, name.removesuffix(".py"), CONF)
    assert typed in said and "\n" not in said


@pytest.mark.parametrize(
    "command",
    [
        "train.py model=lstm optimizer.lr=1 +extra=2 ~callbacks.best hydra.run.dir=x data=folder data.root=y",
        "train.py --config-dir mine --cfg job -m seed=1,2",
        "train.py without=[mixup,trim] experiment=best features.gap_filling=null",
        "infer.py input=a.mp4 segment=true",
    ],
)
def test_right_options_need_no_advice(command):
    name, *arguments = shlex.split(command)
    assert misspelt(arguments, name.removesuffix(".py"), CONF) == ""
    assert unknown(arguments, name.removesuffix(".py"), CONF) == ""


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("model=bilstm", "model=bilstm: no such choice; choose from bilstm_attn, cnn_"),
        ("data=mine", "data=mine: a folder is named by data=folder data.root=mine (--help"),
        ("background=mine/others", "a folder is named by background=folder background.root=mine/others (--help"),
    ],
)
def test_a_choice_that_does_not_exist_is_answered_with_what_to_type(typed, answer, tmp_path, monkeypatch, capsys):
    from isl.commands.train import main

    (tmp_path / "mine" / "others").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["train.py", typed])
    with pytest.raises(SystemExit):
        main()
    assert answer in capsys.readouterr().err


def test_everyday_names_mean_options_that_some_command_has():
    missing = {option for options in EVERYDAY.values() for option in options.split()} - {"hydra.run.dir"}  # Hydra's own
    for command, *chosen in (("train", "data=folder"), ("live", "sentence=llama"), ("infer",), ("extract",), ("info",)):
        cfg = config(command, *chosen, *(["ckpt_path=x"] if command != "extract" else []))
        missing = {option for option in missing if OmegaConf.select(cfg, option, default="absent") == "absent"}
    assert missing == set()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("[बुखार,Doctor]", ["बुखार", "Doctor"]),
        ("[காய்ச்சல், 😀 smile]", ["காய்ச்சல்", "😀 smile"]),
        ("['बुखार',発熱]", ["बुखार", "発熱"]),
        ("[it's,Fever]", ["it's", "Fever"]),
        ("[Doctor,7]", ["Doctor", 7]),
        ("[]", []),
    ],
)
def test_words_of_any_script_can_be_listed(typed, words):
    assert OverridesParser.create().parse_override(quoted(f"data.words={typed}")).value() == words
