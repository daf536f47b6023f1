"""Handles runs that end before their report: by a signal, on a full disk, or by an error in one run of a sweep."""

from __future__ import annotations

import math
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig
from omegaconf.errors import MissingMandatoryValue

from isl import console
from isl.errors import InputError, describe_disk_error
from isl.files import write_text
from isl.training.run_directory import FAILED, claimed, command_to_go_on, finished_loss
from isl.training.stopping import SignalReceived, stoppable


def run_to_end(cfg: DictConfig, run: Callable[[DictConfig], float]) -> float:
    """Call ``run(cfg)`` unless a resumed run in ``cfg.run_dir`` is finished already; returns the validation loss.

    On Ctrl-C and SIGTERM the program prints the command that resumes the run, and ends. In a multirun a run that fails
    is marked by ``failed.txt`` in its folder, its loss is NaN, and the next run starts.

    Raises:
        InputError: the disk is full, or whatever ``run`` raises outside a multirun.
    """
    if not isinstance(cfg.run_dir, str):
        raise InputError(f"run_dir={cfg.run_dir}: give the name of a folder")
    folder = Path(cfg.run_dir)
    many = HydraConfig.get().mode == RunMode.MULTIRUN
    try:
        with claimed(folder), stoppable():
            _check_resume(cfg.resume)
            if cfg.resume and (loss := finished_loss(folder)) is not None:
                return loss
            (folder / FAILED).unlink(missing_ok=True)
            return _naming_full_disk(folder, lambda: run(cfg))
    except SignalReceived as stopped:
        option, place = ("hydra.sweep.dir", folder.parent) if many else ("hydra.run.dir", folder)
        console.err.print(f"stopped {stopped.at}".strip(), soft_wrap=True)
        console.err.print(f"to go on: {command_to_go_on(place, option)}", soft_wrap=True)
        sys.exit(stopped.code)
    except Exception as error:
        if not many:
            raise
        expected = isinstance(error, (InputError, MissingMandatoryValue))
        reason = str(error) if expected else f"{type(error).__name__}: {error}".splitlines()[0]
        write_text(folder / FAILED, f"{reason}\n" + ("" if expected else traceback.format_exc()))
        console.err.print(f"run {folder.name} failed: {reason}", soft_wrap=True)
        return math.nan


def _check_resume(resume: object) -> None:
    if not isinstance(resume, bool):
        raise InputError(f"resume={resume}: choose true or false")
    # the command line of the first process, also in a job on a cluster, whose own is the launcher's
    if "hydra.run.dir=" in HydraConfig.get().overrides.hydra:
        raise InputError("hydra.run.dir=: empty; name a folder, or leave it out for a new one")
    named = {word.split("=")[0] for word in HydraConfig.get().overrides.hydra}
    if resume and not named & {"hydra.run.dir", "hydra.sweep.dir"}:
        raise InputError("resume=true: name the run to continue, by hydra.run.dir=, or the sweep, by hydra.sweep.dir=")


def _naming_full_disk(folder: Path, run: Callable[[], float]) -> float:
    try:
        return run()
    except OSError as error:
        if not (line := describe_disk_error(error, folder)):
            raise
        raise InputError(f"{line}; then go on with {command_to_go_on(folder, 'hydra.run.dir')}") from None
