"""Shrinks a run's checkpoint: ``python -m isl.export.small RUN/checkpoints/best.ckpt isl/weights/isl18.ckpt``."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from isl.recognition.checkpoint import load_checkpoint, save_checkpoint


def shrink(source: str | Path, target: str | Path) -> None:
    """Writes the checkpoint at ``source`` to ``target``, with weights in half precision and without training state."""
    checkpoint = load_checkpoint(source)
    state = {name: value.half() if value.is_floating_point() else value for name, value in checkpoint.state.items()}
    save_checkpoint(replace(checkpoint, state=state), target)


if __name__ == "__main__":
    shrink(*sys.argv[1:])
