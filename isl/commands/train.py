"""Trains a sign recogniser, tests it on unseen clips, and writes report, pictures and checkpoint to a new folder."""

from __future__ import annotations

from omegaconf import DictConfig

from isl.config.app import app


@app("train")
def main(cfg: DictConfig) -> float:
    """Do one run. Returns the best validation loss, which sweeps minimise."""
    from isl.training.endings import run_to_end

    return run_to_end(cfg, train)


def train(cfg: DictConfig) -> float:
    """Train, test and report."""
    from isl.config.build import class_of
    from isl.training.option_checks import check_options

    check_options(cfg)
    from isl.training.parts import try_parts  # loads torch

    try_parts(cfg)
    from isl.training.rehearsal import rehearse  # loads Lightning

    rehearse(cfg)
    run = class_of(cfg.run["_target_"])(cfg)
    run.introduce()
    run.fit()
    run.calibrate()
    run.test()
    run.report()
    return run.best_loss


if __name__ == "__main__":
    main()
