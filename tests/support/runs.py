"""Small real runs for tests: the shipped configs, with fewer signs and epochs."""

from __future__ import annotations

from pathlib import Path

from omegaconf import DictConfig
from support import configs

SMALL = (
    *("data.words=3", "data.signers=3", "data.clips=2", "trainer.max_epochs=2"),
    *("callbacks.progress=null", "+trainer.enable_progress_bar=false"),
)


def config(run_dir: Path, *overrides: str, name: str = "train", small: bool = True) -> DictConfig:
    """Returns the config of the command line. ``compose`` sets no HydraConfig, so ``run_dir`` is an argument."""
    return configs.config(name, *(SMALL if small else ()), *overrides, f"run_dir={run_dir}")


def train(run_dir: Path, *overrides: str, small: bool = True):
    """Fit, calibrate, test and report in ``run_dir``. Returns the run."""
    from isl.config.build import class_of

    cfg = config(run_dir, *overrides, small=small)
    run = class_of(cfg.run["_target_"])(cfg)
    run.fit()
    run.calibrate()
    run.test()
    run.report()
    return run
