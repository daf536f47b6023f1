"""A refusal comes before anything heavy is loaded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = ["torch", "lightning", "mediapipe", "transformers", "matplotlib", "scipy"]
REFUSED = [
    (("infer", "input=nowhere.mp4"), "input=nowhere.mp4: no such file or folder"),
    (("live", "source=99", "display=none"), "source=99: camera 99 can't be opened"),
    (("train", "epochs=5"), "trainer.max_epochs=5"),
    (("train", "model.hidden=abc"), "model.hidden=abc: it should be a valid integer"),
    (("verify", "input=nowhere"), "input=nowhere: no such folder"),
    (("convert", "input=nowhere", "output=out"), "input=nowhere: no such file or folder"),
    (("extract", "input=nowhere", "output=out"), "input=nowhere: no such folder"),
    (("ensemble", "members=[a.ckpt,b.ckpt]"), "a.ckpt: no such checkpoint; give another members="),
    (("export", "ckpt_path=a.ckpt", "output=a.onnx"), "a.ckpt: no such checkpoint"),
]
FURTHER = [
    (("infer", "input=.", "ckpt_path=nowhere.ckpt"), "nowhere.ckpt: no such checkpoint"),
    (("infer", "clip.mp4"), "input=clip.mp4"),
    (("live", "source=nowhere.mp4", "display=none"), "source=nowhere.mp4: no such file or folder"),
    (("train", "+model.hiden=3"), "model.hiden=3: BiLSTMAttention has no such option; it has "),
    (("train", "trainer.accelerator=warp"), "trainer.accelerator=warp: choose auto, "),
    (("train", "seed=${nothing.at.all}"), "Interpolation key 'nothing.at.all' not found"),
    (("train", "data=isl18", "data.root=nowhere"), "data.root=nowhere: no such folder"),
    (("train", "-m", "seed=range(0,1000000000)"), "1,000,000,000 runs, more than 10,000"),
    (("train", "-m", "seed=range(0,9999)", "model=lstm,tcn"), "19,998 runs"),
    (("train", "run_dir=7"), "run_dir=7: give the name of a folder"),
    (("train", "model=[null]"), "Hydra cannot go on: "),
    (("train", "seed=" + "{a: " * 400 + "1" + "}" * 400), "nested too deeply"),
    (("train", "seed=" + "9" * 5000), "Exceeds the limit"),
    (("train", "model=" + "x" * 5000), "x ... "),
    (("train", "hydra.run.dir=/dev/null"), "/dev/null: file exists; name another"),
    (("infer", "input=a.mp4", "--resolve"), "can only be used in conjunction"),
    (("infer", "input=a.mp4", "--multirun=1"), "ignored explicit argument '1'"),
    (("infer", "input=a.mp4", "--experimental-rerun=x"), "x does not exist"),
    (("export", "ckpt_path=a.ckpt"), "output: name an .onnx file"),
]
CPU = "trainer.accelerator=cpu"
TRIED = [  # parts of a training that are built to try them, for which torch is loaded, and Lightning is not
    (("train", "model.dropout=3", CPU), "model.dropout=3: give a number, from 0 to 0.99"),
    (("train", "scheduler.warmup_epochs=-1", CPU), "scheduler.warmup_epochs=-1"),
    (("train", "trainer.precision=16-mixed", CPU), "trainer.precision=16-mixed: needs a GPU"),
]
# Each command runs in a fork of a process that has imported no more than the commands' own modules and those given
SPY = """
import importlib, json, os, sys
from pathlib import Path
commands, heavy, modules = json.loads(sys.argv[1])
import isl.training.option_checks, pydantic.deprecated.decorator  # quick to load, and needed by many of the commands
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.plugins import Plugins
Plugins.instance()  # looks for plugins of Hydra
OverridesParser.create().parse_override("a=1")
mains = {name: importlib.import_module(f"isl.commands.{name}").main for name, *_ in commands}
for module in modules:
    importlib.import_module(module)
for number, (name, *arguments) in enumerate(commands):
    place = Path(str(number))
    place.mkdir()
    process = os.fork()
    if process == 0:
        os.dup2(os.open(f"{number}.out", os.O_CREAT | os.O_WRONLY), 1)
        os.dup2(os.open(f"{number}.err", os.O_CREAT | os.O_WRONLY), 2)
        os.chdir(place)
        sys.argv = [f"isl-{name}", *arguments]
        try:
            mains[name]()
        finally:
            print("HEAVY", sorted({*heavy} & {*sys.modules}))
    else:
        code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
        Path(f"{number}.code").write_text(str(code))
"""


def run_all(folder, commands, heavy, modules=()):
    """Writes the exit code, the output and the errors of each command to ``folder``, by its number."""
    arguments = json.dumps([[command for command, _ in commands], heavy, modules])
    subprocess.run([sys.executable, "-c", SPY, arguments], cwd=folder, check=True, timeout=300)
    return folder


def check(folder, number, complaint):
    error = (folder / f"{number}.err").read_text()
    assert (folder / f"{number}.code").read_text() == "2" and complaint in error, error
    assert error.count("\n") == 1 or "To get it:" in error  # the steps to a public dataset
    assert "HEAVY []" in (folder / f"{number}.out").read_text()
    assert not any((folder / str(number)).iterdir())


@pytest.fixture(scope="module")
def refused(tmp_path_factory):
    return run_all(tmp_path_factory.mktemp("refused"), REFUSED, HEAVY)


@pytest.mark.parametrize("number", range(len(REFUSED)), ids=[" ".join(command) for command, _ in REFUSED])
def test_a_refusal_loads_nothing_heavy(refused, number):
    check(refused, number, REFUSED[number][1])


@pytest.mark.slow
def test_further_refusals_load_nothing_heavy(tmp_path):
    run_all(tmp_path, FURTHER, HEAVY)
    for number, (_, complaint) in enumerate(FURTHER):
        check(tmp_path, number, complaint)


@pytest.mark.slow
def test_a_part_of_a_training_is_tried_without_lightning(tmp_path):
    without_torch = [library for library in HEAVY if library != "torch"]
    run_all(tmp_path, TRIED, without_torch, ["isl.training.parts"])
    for number, (_, complaint) in enumerate(TRIED):
        check(tmp_path, number, complaint)
