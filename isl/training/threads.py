"""Threads of a training on the CPU: one prepares the next batch, others run the backward passes of branches.

A step is many small operations, of which a second thread inside an operation takes little off; several at once keep
all cores at work. The digits are those of one thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from lightning.pytorch import Trainer

from isl.data.module import SignData
from isl.data.preparation import Preparation
from isl.training.task import SignRecognition


def training_threads(trainer: Trainer, task: SignRecognition) -> int:
    """Returns the number of threads: 1 on a GPU, in one of several processes, and where augmentation takes no time."""
    alone = trainer.strategy.root_device.type == "cpu" and trainer.world_size == 1
    return torch.get_num_threads() if alone and task.augment.changes_landmarks else 1


@contextmanager
def threads_of(threads: int, task: SignRecognition, data: SignData) -> Iterator[None]:
    """In the block, batches are prepared as ``task`` wants it. With several ``threads``, one of them does it ahead."""
    data.preparation = Preparation(task.start_preparation, ahead=threads > 1)
    task.model.backward_threads = threads
    try:
        with limited_threads(torch.get_num_threads() - (threads > 1)):
            yield
    finally:
        data.preparation = None


@contextmanager
def fewer_threads(processes: int) -> Iterator[int]:
    """Divides the cores among the processes; yields the number of threads of each."""
    with limited_threads(torch.get_num_threads() // processes):
        yield torch.get_num_threads()


@contextmanager
def limited_threads(count: int) -> Iterator[None]:
    """Limits torch to ``count`` threads in each operation, 1 at least."""
    before = torch.get_num_threads()
    torch.set_num_threads(max(count, 1))
    try:
        yield
    finally:
        torch.set_num_threads(before)
