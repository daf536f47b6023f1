"""``python -m isl.ensemble members=[a.ckpt,b.ckpt] output=ensemble.ckpt``: several checkpoints written as one."""

from __future__ import annotations

from omegaconf import DictConfig
from rich.console import Console

from isl import checkpoint, ensemble
from isl.app import app
from isl.errors import InputError
from isl.files import destination


@app("ensemble")
def main(cfg: DictConfig) -> None:
    """Write the ensemble of ``members`` to ``output``."""
    paths = checkpoint.paths_of([cfg.members] if isinstance(cfg.members, str) else list(cfg.members))
    if len(paths) < 2:
        raise InputError(f"members={cfg.members}: an ensemble has two or more, here is one")
    output = destination(cfg.output, "output", [".ckpt", ".pth", ".pt"], paths)
    joined = ensemble.read(paths)
    checkpoint.save(joined, output)
    console = Console()
    for path in paths:
        console.print(str(path), soft_wrap=True)
    console.print(f"{len(paths)} members, {len(joined.words)} words: {output}", soft_wrap=True)


if __name__ == "__main__":
    main()
