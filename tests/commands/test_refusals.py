"""A refusal comes before anything heavy is loaded."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = {"torch", "lightning", "mediapipe", "transformers", "matplotlib", "scipy"}
SPY = """
import sys
from isl.commands.{name} import main
try:
    main()
finally:
    print("HEAVY", sorted({heavy} & set(sys.modules)))
"""


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("infer", "input=nowhere.mp4"), "input=nowhere.mp4: no such file or folder"),
        (("infer", "input=.", "ckpt_path=nowhere.ckpt"), "nowhere.ckpt: no such checkpoint"),
        (("infer", "clip.mp4"), "input=clip.mp4"),
        (("live", "source=99", "display=none"), "source=99: camera 99 can't be opened"),
        (("live", "source=nowhere.mp4", "display=none"), "source=nowhere.mp4: no such file or folder"),
        (("train", "epochs=5"), "trainer.max_epochs=5"),
        (("train", "model.hidden=abc"), "model.hidden=abc: it should be a valid integer"),
        (("train", "+model.hiden=3"), "model.hiden=3: BiLSTMAttention has no such option; it has "),
        (("train", "+trainer.epochs=3"), "trainer.epochs=3: Trainer has no such option; it has "),
        (("train", "callbacks.patience.patience=x"), "callbacks.patience.patience=x: it should be a valid integer"),
        (("train", "model._target_=isl.models.Nothing"), "model._target_=isl.models.Nothing: there is no such class"),
        (("train", "trainer.accelerator=warp"), "trainer.accelerator=warp: choose auto, "),
        (("train", "seed=${nothing.at.all}"), "Interpolation key 'nothing.at.all' not found"),
        (("train", "data=isl18", "data.root=nowhere"), "data.root=nowhere: no such folder"),
        (("verify", "input=nowhere"), "input=nowhere: no such folder"),
        (("convert", "input=nowhere", "output=out"), "input=nowhere: no such file or folder"),
        (("extract", "input=nowhere", "output=out"), "input=nowhere: no such folder"),
        (("ensemble", "members=[a.ckpt,b.ckpt]"), "a.ckpt: no such checkpoint; give another members="),
        (("export", "ckpt_path=a.ckpt", "output=a.onnx"), "a.ckpt: no such checkpoint"),
        (("export", "ckpt_path=a.ckpt"), "output: name an .onnx file"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_refusal_loads_nothing_heavy(command, says, tmp_path):
    name, *arguments = command
    spy = SPY.format(name=name, heavy=HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", spy, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 2 and says in done.stderr, done.stderr
    assert done.stderr.count("\n") == 1 or "To get it:" in done.stderr  # the steps to a public dataset
    assert "HEAVY []" in done.stdout
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("model.dropout=3", "model.dropout=3: give a number, from 0 to 0.99"),
        ("scheduler.warmup_epochs=-1", "scheduler.warmup_epochs=-1"),
        ("optimizer.weight_decay=-1", "optimizer: torch.optim.AdamW"),
        ("trainer.precision=16-mixed", "trainer.precision=16-mixed: needs a GPU"),
    ],
)
def test_parts_of_a_training_are_tried_before_lightning_is_loaded(option, says, tmp_path):
    spy = SPY.format(name="train", heavy=HEAVY - {"torch"})
    arguments = [sys.executable, "-c", spy, option, "trainer.accelerator=cpu"]
    done = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, timeout=300)
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1, done.stderr
    assert "HEAVY []" in done.stdout
