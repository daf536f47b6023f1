"""Runs in separate processes: undisturbed, and killed several times."""

from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import numpy as np


def _go_on(folder: str, overrides: tuple[str, ...]) -> None:
    """Continues a run as ``train.py resume=true`` does in a run directory, but without Hydra."""
    from support.runs import train

    from isl.training.run_directory import claimed, finished_loss

    with claimed(Path(folder)):
        if finished_loss(Path(folder)) is None:
            train(Path(folder), *overrides, "resume=true")


def train_apart(folder: Path, overrides: tuple[str, ...]) -> None:
    """Train undisturbed, with as many threads as ``train_despite_kills``: another number rounds otherwise."""
    train_despite_kills(folder, overrides, kills=0, longest=0.0, seed=0)


def train_despite_kills(folder: Path, overrides: tuple[str, ...], kills: int, longest: float, seed: int) -> int:
    """Kill the run ``kills`` times, each time after at most ``longest`` seconds of work, then let it finish.

    Returns:
        The number of kills that stopped a run that was still at work.
    """
    rng, context, met = np.random.default_rng(seed), multiprocessing.get_context("forkserver"), 0
    context.set_forkserver_preload(["support.runs", "isl.training.run", "isl.training.refit"])
    for number in range(kills + 1):
        process = context.Process(target=_go_on, args=(str(folder), overrides))
        process.start()
        if number < kills:
            process.join(rng.uniform(0.0, longest))
            met += process.is_alive()
            process.kill()
        process.join()
        assert number < kills or process.exitcode == 0
        time.sleep(0.01)
    return met
