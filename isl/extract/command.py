"""The steps of the command ``isl-extract``: options checked, videos extracted, the outcome shown."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig

from isl import console
from isl.config.app import SOME_FAILED, STOPPED, stop
from isl.config.options import choice, positive, switch, whole
from isl.errors import InputError
from isl.extract.ledger import FAILED
from isl.vision.cut import FRAMES, SECONDS

if TYPE_CHECKING:  # slow imports that --help does not need
    from isl.extract.extraction import Options
    from isl.extract.recordings import Recording
    from isl.extract.store import Store


@dataclass(frozen=True)
class Plan:
    """The checked options of a command."""

    recordings: list[Recording]
    remarks: list[str]  # on what was left out or assumed
    store: Store
    options: Options
    workers: int | None
    shard: int
    num_shards: int


def plan(cfg: DictConfig) -> Plan:
    """Check the options and list the videos; download them first if ``data.download`` is true.

    Raises:
        InputError: an option is wrong, or there are no videos.
    """
    from isl.extract.extraction import Options
    from isl.extract.recordings import find_recordings
    from isl.extract.store import Store

    frames = None if cfg.frames == "all" else whole(cfg.frames, "frames", 1, otherwise=", or all")
    workers = None if cfg.workers is None else whole(cfg.workers, "workers", 1)
    shard, num_shards = whole(cfg.shard, "shard"), whole(cfg.num_shards, "num_shards", 1)
    source, root = _from_and_to(cfg)
    store = Store(root, cfg.layout)
    unit = None if cfg.unit is None else choice(cfg.unit, "unit", (SECONDS, FRAMES))
    options = Options(frames, switch(cfg.face, "face"), positive(cfg.time_limit, "time_limit"))
    listing = find_recordings(source, None if cfg.tier is None else str(cfg.tier), unit)
    return Plan(listing.recordings, listing.remarks, store, options, workers, shard, num_shards)


def run(cfg: DictConfig) -> None:
    """Extract the videos of ``cfg.input`` into ``cfg.output``, and print a summary.

    Raises:
        InputError: the extraction could not start or write.
        SystemExit: some videos gave no clip.
    """

    from isl.extract.extraction import extract
    from isl.extract.summary import summary

    chosen = plan(cfg)
    for remark in chosen.remarks:
        console.print_remark(remark)
    try:
        extraction = extract(
            chosen.recordings, chosen.store, chosen.options, chosen.workers, chosen.shard, chosen.num_shards
        )
    except KeyboardInterrupt:
        stop(f"stopped; the same command goes on, as what is in {chosen.store.root} by now is kept", STOPPED)
    console.out.print(summary(extraction))
    if HydraConfig.get().mode == RunMode.RUN:  # in a sweep over shards, isl.extract.shards reports at its end
        report(chosen.store.root, len(extraction.failed), len(extraction.notes))


def report(root: Path, failed: int, total: int) -> None:
    """Print the last line of an extraction and set its exit code."""
    if failed:
        advice = f"{root / FAILED} says why; mend or delete them and run again"
        stop(f"{failed} of {total} videos gave no clip: {advice}", SOME_FAILED)
    print(f"train on them: {console.command_line('train')} data=folder data.root={shlex.quote(str(root))}")


def _from_and_to(cfg: DictConfig) -> tuple[Path, Path]:
    """Returns the folders of videos and of landmarks; those of the dataset if one is named."""
    if not cfg.get("data"):
        return _folder(cfg, "input"), _folder(cfg, "output")
    if not cfg.data.get("root"):
        raise InputError("data.root= is not set: name the folder that the landmarks go to, or leave data= out")
    root = Path(str(cfg.data.root)).expanduser()
    if not cfg.data.get("download"):
        return _folder(cfg, "input"), root
    from isl.extract.download import fetch_include24

    return fetch_include24(root), root


def _folder(cfg: DictConfig, key: str) -> Path:
    if not cfg[key]:
        raise InputError(f"{key}= is not set: isl-extract input=<folder of videos> output=<folder>")
    return Path(str(cfg[key])).expanduser()
