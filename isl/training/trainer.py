"""Builds Lightning's trainer of a run, with its callbacks and loggers, from the config."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lightning.pytorch import Trainer

from isl.config.build import USERS, build
from isl.training.callbacks import StopOnSignal, WholeCheckpoints
from isl.training.option_checks import PROFILERS
from isl.training.parallel import OneMachine, Place


def build_trainer(config: Mapping[str, Any], folder: Path, place: Place) -> Trainer:
    """Returns the trainer of the run in ``folder``, for the process at ``place``. The first process alone has loggers.

    Raises:
        InputError: an option of the trainer, of a callback or of a logger has a wrong value.
    """
    options = config["trainer"]
    if profiler := PROFILERS.get(str(options.get("profiler"))):
        written = {"_target_": profiler, "dirpath": str(folder), "filename": "profile"}
        options = {**options, "profiler": build(written, trusted=USERS, at="trainer.profiler")}
    options = {**options, "strategy": "auto"}
    plugins: list[Any] = [WholeCheckpoints(str(folder / "checkpoints"))]
    if place.processes > 1:
        # every process reads whole batches: see isl.training.parallel
        options = {**options, "strategy": "ddp", "use_distributed_sampler": False}
        plugins.append(OneMachine(place))
    trainer: Trainer = build(
        options,
        callbacks=[StopOnSignal(), *build_named(config, "callbacks")],
        logger=build_named(config, "logger") if place.first else False,
        plugins=plugins,
        trusted=USERS,
        at="trainer",
    )
    return trainer


def alone(trainer: Trainer, folder: Path) -> Trainer:
    """Returns a trainer of one process, with the loggers of ``trainer``, to validate and test after the training."""
    return Trainer(
        accelerator="cpu" if trainer.strategy.root_device.type == "cpu" else "auto",
        devices=1,
        precision=trainer.precision,
        callbacks=[StopOnSignal()],
        logger=trainer.loggers,
        plugins=[WholeCheckpoints(str(folder / "checkpoints"))],
        enable_model_summary=False,
        enable_checkpointing=False,
        enable_progress_bar=False,
    )


def build_named(config: Mapping[str, Any], group: str) -> list[Any]:
    """Builds the callbacks or the loggers of the config; those that are null are left out."""
    return [build(one, trusted=USERS, at=f"{group}.{name}") for name, one in config[group].items() if one]
