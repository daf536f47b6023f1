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
