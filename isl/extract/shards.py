"""Sweep over shards: the input is checked before the first shard starts, and one last line reports on all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hydra.experimental.callback import Callback
from omegaconf import DictConfig

from isl.config.app import stop
from isl.data.table import read_table
from isl.errors import InputError
from isl.extract.command import plan, report
from isl.extract.ledger import CLIPS, FAILED


class ShardsReport(Callback):
    """Hydra's hooks around ``isl-extract -m shard=...``."""

    def on_multirun_start(self, config: DictConfig, **_: Any) -> None:
        try:
            plan(config)
        except InputError as error:  # a job on another machine would print a traceback
            stop(str(error))

    def on_multirun_end(self, config: DictConfig, **_: Any) -> None:
        root = Path(str(config.output)).expanduser()
        failures = read_table(root / FAILED).values()
        failed = sum(failure.columns.get("clip_written") == "no" for failure in failures)
        report(root, failed, len(read_table(root / CLIPS)) + failed)
