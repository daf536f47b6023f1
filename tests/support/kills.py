"""Runs in separate processes: undisturbed, and killed several times."""

from __future__ import annotations

import contextlib
import multiprocessing
from multiprocessing.process import BaseProcess
from pathlib import Path

import numpy as np
import psutil


def attend(process: BaseProcess, most: float = float("inf")) -> float:
    """Wait until the process ends or has taken ``most`` seconds of processor time; returns the seconds it has taken."""
    taken = 0.0
    watched = psutil.Process(process.pid)
    while process.is_alive() and taken < most:
        with contextlib.suppress(psutil.Error):
            times = watched.cpu_times()
            taken = max(taken, times.user + times.system)
        process.join(0.005)
    return taken


def _go_on(folder: str, overrides: tuple[str, ...]) -> None:
    """Continues a run as ``train.py resume=true`` does in a run directory, but without Hydra."""
    from support.runs import train

    from isl.training.run_directory import claimed, finished_loss

    with claimed(Path(folder)):
        if finished_loss(Path(folder)) is None:
            train(Path(folder), *overrides, "resume=true")


def _start(folder: Path, overrides: tuple[str, ...]) -> BaseProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["support.runs", "isl.training.run", "isl.training.refit"])
    process = context.Process(target=_go_on, args=(str(folder), overrides))
    process.start()
    return process


def train_apart(folder: Path, overrides: tuple[str, ...]) -> float:
    """Train undisturbed, as ``train_despite_kills`` does: another number of threads rounds otherwise.

    Returns:
        The seconds of processor time that it took.
    """
    process = _start(folder, overrides)
    seconds = attend(process)
    process.join()
    assert process.exitcode == 0
    return seconds


def train_despite_kills(folder: Path, overrides: tuple[str, ...], kills: int, longest: float, seed: int) -> int:
    """Kill the run ``kills`` times, each time within ``longest`` seconds of processor time, then let it finish.

    Returns:
        The number of kills that stopped a run that was still at work.
    """
    rng, met = np.random.default_rng(seed), 0
    for _ in range(kills):
        process = _start(folder, overrides)
        attend(process, rng.uniform(0.0, longest))
        met += process.is_alive()
        process.kill()
        process.join()
    train_apart(folder, overrides)
    return met
