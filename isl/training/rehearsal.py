"""Tries a training on two made-up clips, to find options that do not fit each other before the data are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lightning.pytorch import Trainer
from omegaconf import DictConfig, OmegaConf
from torch.utils.data import DataLoader

from isl.config.build import USERS, build
from isl.errors import InputError
from isl.training.parallel import Place
from isl.training.parts import WORDS, explain, make_clips
from isl.training.quiet import quieten
from isl.training.task import SignRecognition
from isl.training.trainer import build_named, build_trainer


def rehearse(cfg: DictConfig) -> None:
    """Build everything except the data, then train and validate on one batch.

    Raises:
        InputError: something cannot be built, or does not fit the rest.
    """
    quieten()
    config: dict[str, Any] = OmegaConf.to_container(cfg, resolve=True)  # type: ignore[assignment]
    one_device = {**config["trainer"], "devices": 1}
    build_trainer({**config, "logger": {}, "trainer": one_device}, Path(config["run_dir"]), Place())
    build_named(config, "logger")
    parts = {name: config[name] for name in ("features", "model", "augment", "optimizer", "scheduler")}
    task = SignRecognition(words=WORDS, **parts, label_smoothing=config["label_smoothing"])
    alone = {"devices": 1, "strategy": "auto", "num_nodes": 1, "fast_dev_run": True, "logger": False, "profiler": None}
    quiet = {"enable_progress_bar": False, "enable_model_summary": False}
    trainer: Trainer = build({**config["trainer"], **alone, **quiet}, trusted=USERS, at="trainer")
    batches: Any = [make_clips(task.reads_face)]

    def prepare(batch: Any) -> Any:
        return task.start_preparation()(batch)

    prepared: Any = DataLoader(batches, batch_size=None, collate_fn=prepare)
    try:
        trainer.fit(task, prepared, DataLoader(batches, batch_size=None))
    except InputError:
        raise
    except Exception as error:
        raise explain(error) from error
