"""Exchange between the processes of a training, which all have some clips of each batch (``isl.training.parallel``)."""

from __future__ import annotations

import os
from multiprocessing.connection import Client, Connection, Listener
from typing import Any

import torch.distributed as dist
from torch import Tensor

SMALL = 2**15  # bytes: a message of this size fits into the buffer of a local connection before it is read
_connections: list[Connection | None] = []  # to each process of the group; None for this one
_cores: set[int] = set()  # on which this process ran before it was in the group


def are_several() -> bool:
    """Returns True in a training of several processes."""
    return dist.is_available() and dist.is_initialized()


def gather(x: Tensor) -> Tensor:
    """Collects a tensor of every process, without gradients: ``(...)`` to ``(processes, ...)``.

    Small ones on the CPU go over a local connection: gloo hands each to a thread of its own and takes 2 to 3 ms, if all
    cores are at work, where a connection takes 0.3.
    """
    x = x.detach().contiguous()
    parts = x.new_empty(dist.get_world_size(), *x.shape)
    if x.device.type != "cpu" or x.nbytes > SMALL:
        dist.all_gather([*parts], x)
        return parts
    if not _connections:
        _connect()
    parts[dist.get_rank()] = x
    own = x.flatten().numpy().data
    try:
        for connection in _connections:
            if connection:
                connection.send_bytes(own)
        for part, connection in zip(parts.flatten(1).numpy(), _connections, strict=True):
            if connection:
                connection.recv_bytes_into(part)
    except (OSError, EOFError) as error:
        raise RuntimeError("another process of the training has ended") from error
    return parts


def leave() -> None:
    """Leave the group of processes, if this process is in one."""
    for connection in _connections:
        if connection:
            connection.close()
    _connections.clear()
    if _cores:
        os.sched_setaffinity(0, _cores)
        _cores.clear()
    if are_several():
        dist.destroy_process_group()


def _connect() -> None:
    """Connect this process with each other one, and keep it on cores of its own.

    Linux would wake the reader of a message on the core of its writer, and leave the other cores idle.
    """
    rank, size = dist.get_rank(), dist.get_world_size()
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) >= size:
        _cores.update(cores)
        os.sched_setaffinity(0, cores[rank::size])
    shared: list[Any] = [os.urandom(32)]
    dist.broadcast_object_list(shared)
    (key,) = shared
    _connections.extend([None] * size)
    with Listener(backlog=size, authkey=key) as listener:
        addresses: list[Any] = [None] * size
        dist.all_gather_object(addresses, listener.address)
        for other in range(rank):
            connection = _connections[other] = Client(addresses[other], authkey=key)
            connection.send_bytes(bytes([rank]))
        for _ in range(rank + 1, size):
            connection = listener.accept()
            _connections[connection.recv_bytes()[0]] = connection
