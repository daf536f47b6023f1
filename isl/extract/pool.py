"""Jobs to worker processes and results back, one job a worker at a time; a worker that dies costs its job only.

``concurrent.futures`` gives up on all jobs when one worker dies, and cannot say which job killed it. Workers are
spawned, never forked: MediaPipe does not survive a fork.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


class DeadWorkerError(Exception):
    """The process that worked on a job ended before it had a result: killed, out of memory, crashed."""


def each(
    function: Callable[[Job], Result], jobs: Iterable[Job], workers: int
) -> Generator[tuple[Job, Result | Exception], None, None]:
    """``function`` of every job, as results come: (job, its result or the exception that it raised).

    ``function`` must be importable by name, as it runs in other processes; jobs, results and exceptions are pickled.
    """
    waiting = list(reversed(list(jobs)))
    team: list[_Worker[Job, Result]] = []
    try:
        for _ in range(min(workers, len(waiting))):
            team.append(_Worker(function, waiting.pop()))
        while team:
            ready = wait([worker.connection for worker in team])
            for worker in [worker for worker in team if worker.connection in ready]:
                job, result = worker.job, worker.result()
                if not worker.alive:
                    team.remove(worker)
                    if waiting:
                        team.append(_Worker(function, waiting.pop()))
                elif waiting:
                    worker.start(waiting.pop())
                else:
                    team.remove(worker)
                    worker.stop()
                yield job, result
    finally:
        for worker in team:
            worker.stop()


class _Worker(Generic[Job, Result]):
    def __init__(self, function: Callable[[Job], Result], job: Job) -> None:
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs, function), daemon=True)
        with _no_interrupts():
            self._process.start()
        theirs.close()  # so that its end here is the end of the worker
        self.alive = True
        self.start(job)

    def start(self, job: Job) -> None:
        self.job = job
        with suppress(OSError):  # it died while it was idle: `result` will find out
            self.connection.send(job)

    def result(self) -> Result | Exception:
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            self.stop()
            code = self._process.exitcode
            how = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
            return DeadWorkerError(f"the process that read it died ({how})")

    def stop(self) -> None:
        self.alive = False
        self.connection.close()
        self._process.terminate()
        self._process.join()


def _work(connection: Connection, function: Callable[[Any], Any]) -> None:
    """What a worker process does until there is nobody left to work for."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_die_with_parent, daemon=True).start()
    while True:
        try:
            job = connection.recv()
        except (EOFError, OSError):
            return
        try:
            result = function(job)
        except Exception as error:
            result = error
        try:
            connection.send(result)
        except OSError:
            return
        except Exception:  # it can't be pickled
            connection.send(RuntimeError(f"{type(result).__name__}: {result}"))


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()  # returns when it is gone, even by kill -9
        os._exit(1)


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Processes started in here never see Ctrl-C: who started them does, and stops them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # or `Process.start` starts it, which lets interrupts through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # what comes meanwhile is kept, not lost
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
