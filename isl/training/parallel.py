"""Training on several devices of one machine: a process for each, all together computing the curve of one process.

The first process is the run itself. It starts the others and hands them its config, not its command line, so that a
multirun does not begin again in each. They take part in ``fit`` alone: the first process calibrates, tests and reports.

Every process reads the whole batch and distorts its own rows of it (``isl.training.rows``). Random numbers, and those
of the noise inside the network, are drawn for the whole batch in each, and batch normalisation sums over all processes
(``isl.models.frames.FrameNorm``). So the losses are those of one process with the same batches, up to rounding.
"""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lightning.fabric.plugins.environments.cluster_environment import ClusterEnvironment

from isl.errors import InputError
from isl.training.other_process import OtherProcess, receive_task
from isl.training.threads import fewer_threads

READY = "ready"  # printed by a process that could build the run
PATIENCE = 60.0  # seconds in which the other processes end after the training


@dataclass(frozen=True)
class Place:
    """This process among those of a training."""

    rank: int = 0
    processes: int = 1
    port: int = 0  # of the first process, on this machine

    @property
    def first(self) -> bool:
        """True in the process that is the run itself."""
        return self.rank == 0


_own: Place | None = None  # set in the other processes alone


def place_among(devices: Any) -> Place:
    """Returns the place of this process in a training on ``trainer.devices``, a number or a list of numbers."""
    if _own is not None:
        return _own
    processes = len(devices) if isinstance(devices, list) else int(devices)
    if processes == 1:
        return Place()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return Place(0, processes, taken.getsockname()[1])


class OneMachine(ClusterEnvironment):
    """Tells Lightning where this process stands, and that the others are started by us."""

    def __init__(self, place: Place) -> None:
        self.place = place

    @property
    def creates_processes_externally(self) -> bool:
        return True

    @property
    def main_address(self) -> str:
        return "127.0.0.1"

    @property
    def main_port(self) -> int:
        return self.place.port

    @staticmethod
    def detect() -> bool:
        return False

    def world_size(self) -> int:
        return self.place.processes

    def set_world_size(self, size: int) -> None:
        """The size is known from the start."""

    def global_rank(self) -> int:
        return self.place.rank

    def set_global_rank(self, rank: int) -> None:
        """The rank is known from the start."""

    def local_rank(self) -> int:
        return self.place.rank

    def node_rank(self) -> int:
        return 0


@contextmanager
def companions(place: Place, config: dict[str, Any], target: str) -> Iterator[None]:
    """Runs the other processes of a training while the block trains in the first one.

    Args:
        place: the place of the first process.
        config: the run's config.
        target: the class of the other processes' run, ``package.module.Class``.

    Raises:
        InputError: one of them ended before the training did; the message is its last line.
    """
    if place.processes == 1 or not place.first:
        yield
        return
    task = {"processes": place.processes, "port": place.port, "target": target, "config": config}
    started: list[OtherProcess] = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            with fewer_threads(place.processes) as threads:
                for rank in range(1, place.processes):
                    own = Path(folder) / str(rank)
                    own.mkdir()
                    started.append(OtherProcess(f"{__name__}.take_part", {**task, "rank": rank}, own, threads))
                for other in started:
                    if other.answer() != READY:
                        other.process.wait()
                        raise InputError(_ending(started))
                try:
                    yield
                except RuntimeError as error:  # a collective operation without its partner
                    if all(other.process.poll() is None for other in started):
                        raise
                    raise InputError(_ending(started)) from error
            for other in started:
                other.process.wait(PATIENCE)
        finally:
            for other in started:
                other.end()
            from isl.models.processes import leave

            leave()


def _ending(started: list[OtherProcess]) -> str:
    """Returns one line about the process that ended first."""
    rank, other = next((rank, other) for rank, other in enumerate(started, 1) if other.process.poll() is not None)
    return f"trainer.devices={len(started) + 1}: process {rank} ended: {other.reason()}"


def take_part() -> None:
    """Take part in a training on several devices: the work of the other processes."""
    global _own
    from omegaconf import OmegaConf

    from isl.config.build import class_of
    from isl.models.processes import leave

    task, answers = receive_task()
    _own = Place(task["rank"], task["processes"], task["port"])
    run = class_of(task["target"])(OmegaConf.create(task["config"]))
    print(READY, file=answers, flush=True)
    run.fit()
    leave()
