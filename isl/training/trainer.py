"""Builds Lightning's trainer of a run, with its callbacks and loggers, from the config."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lightning.pytorch import Trainer

from isl.config.build import USERS, build
from isl.training.callbacks import StopOnSignal, WholeCheckpoints
from isl.training.options import PROFILERS


def build_trainer(config: Mapping[str, Any], folder: Path) -> Trainer:
    """Returns the trainer of the run in ``folder``.

    Raises:
        InputError: an option of the trainer, of a callback or of a logger has a wrong value.
    """
    options = config["trainer"]
    if profiler := PROFILERS.get(str(options.get("profiler"))):
        place = {"_target_": profiler, "dirpath": str(folder), "filename": "profile"}
        options = {**options, "profiler": build(place, trusted=USERS, at="trainer.profiler")}
    trainer: Trainer = build(
        options,
        callbacks=[StopOnSignal(), *build_named(config, "callbacks")],
        logger=build_named(config, "logger"),
        plugins=[WholeCheckpoints(str(folder / "checkpoints"))],
        trusted=USERS,
        at="trainer",
    )
    return trainer


def build_named(config: Mapping[str, Any], group: str) -> list[Any]:
    """Builds the callbacks or the loggers of the config; those that are null are left out."""
    return [build(one, trusted=USERS, at=f"{group}.{name}") for name, one in config[group].items() if one]
