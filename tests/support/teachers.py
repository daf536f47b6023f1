"""A teacher for tests, whose process writes what a training writes, without its work."""

from __future__ import annotations

import sys

from isl.web.teaching import Teacher

TRAINED = """
import json, pathlib, sys
folder = pathlib.Path(sys.argv[1], "checkpoints")
folder.mkdir(parents=True)
for epoch in range(4):
    print(f"epoch {epoch} of 4: train/loss 0.1; 0 s left", flush=True)
(folder / "best.ckpt").write_bytes(b"network")
scores = {"before": {"top1": 0.5, "n": 4}, "test": {"top1": 1.0}}
folder.with_name("report.json").write_text(json.dumps(scores))
"""


class QuickTeacher(Teacher):
    """Runs the program ``code`` in place of a training."""

    code = TRAINED

    def command(self, folder: str) -> list[str]:
        return [sys.executable, "-c", self.code, folder]
