"""Joins several checkpoints to an ensemble, written as one checkpoint."""

from __future__ import annotations

from omegaconf import DictConfig

from isl import console
from isl.commands.presence import check_checkpoint
from isl.config.app import app
from isl.errors import InputError
from isl.files import destination


@app("ensemble")
def main(cfg: DictConfig) -> None:
    """Write the ensemble of ``members`` to ``output``."""
    paths = check_checkpoint(
        [cfg.members] if isinstance(cfg.members, str) else list(cfg.members), cfg.trusted, "members"
    )
    if len(paths) < 2:
        raise InputError(f"members={cfg.members}: an ensemble needs two or more checkpoints, and this is one")
    output = destination(cfg.output, "output", [".ckpt", ".pth", ".pt"], paths)
    from isl.recognition.checkpoint import save_checkpoint
    from isl.recognition.configs import trusted_packages
    from isl.recognition.ensembles import load_ensemble
    from isl.recognition.recognizer import Recognizer

    joined = load_ensemble(paths, trusted_packages(cfg.trusted))
    Recognizer(joined)  # refuses weights that are not those of the networks which the members describe
    save_checkpoint(joined, output)
    for path in paths:
        console.out.print(str(path), soft_wrap=True)
    console.out.print(f"{len(paths)} members, {len(joined.words)} words: {output}", soft_wrap=True)


if __name__ == "__main__":
    main()
