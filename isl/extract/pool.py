"""Pool of worker processes with one job per worker at a time; a worker that dies loses only its own job.

``concurrent.futures`` stops all jobs when one worker dies, without the name of the job at fault. Workers are spawned,
never forked, as MediaPipe does not work after a fork.
"""

from __future__ import annotations

import math
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from typing import Any, Generic, TypeVar

Job = TypeVar("Job")
Result = TypeVar("Result")


class DeadWorkerError(Exception):
    """A worker process ended before its job had a result: it was killed, ran out of memory or crashed."""


def run_jobs(
    function: Callable[[Job], Result], jobs: Iterable[Job], workers: int, time_limit: float = math.inf
) -> Generator[tuple[Job, Result | Exception], None, None]:
    """Runs ``function`` on every job and yields (job, its result or exception) as results arrive.

    A job that takes longer than ``time_limit`` seconds has a ``DeadWorkerError`` as result; its worker is killed.

    ``function`` must be importable by name, as it runs in other processes; jobs, results and exceptions are pickled.
    """
    waiting = list(reversed(list(jobs)))
    team: list[_Worker[Job, Result]] = []
    try:
        for _ in range(min(workers, len(waiting))):
            team.append(_Worker(function, waiting.pop()))
        while team:
            left = min(worker.started for worker in team) + time_limit - time.monotonic()
            ready = wait([worker.connection for worker in team], None if left == math.inf else max(left, 0))
            overdue = time.monotonic() - time_limit
            done = [worker for worker in team if worker.connection in ready]
            late = [worker for worker in team if worker not in done and worker.started < overdue]
            for worker in [*done, *late]:
                job, result = worker.job, worker.result() if worker in done else worker.give_up(time_limit)
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
        theirs.close()  # so that the connection ends when the worker ends
        self.alive = True
        self.start(job)

    def start(self, job: Job) -> None:
        self.job, self.started = job, time.monotonic()
        with suppress(OSError):  # the worker died while idle; `result` detects it
            self.connection.send(job)

    def result(self) -> Result | Exception:
        try:
            return self.connection.recv()
        except (EOFError, OSError):
            self.stop()
            code = self._process.exitcode
            how = signal.Signals(-code).name if code is not None and code < 0 else f"exit code {code}"
            return DeadWorkerError(f"the process that read it died ({how})")

    def give_up(self, seconds: float) -> DeadWorkerError:
        """Kills the process of a job that hangs; SIGTERM would wait for the library that hangs."""
        self._process.kill()
        self.stop()
        return DeadWorkerError(f"no result after {seconds:g} s; give more by time_limit=, or cut the video")

    def stop(self) -> None:
        self.alive = False
        self.connection.close()
        self._process.terminate()
        self._process.join()


def _work(connection: Connection, function: Callable[[Any], Any]) -> None:
    """Main loop of a worker process; it ends when the connection or the parent process ends."""
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
        except Exception:  # the result can't be pickled
            connection.send(RuntimeError(f"{type(result).__name__}: {result}"))


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()  # returns when the parent has ended, even by kill -9
        os._exit(1)


@contextmanager
def _no_interrupts() -> Iterator[None]:
    """Block Ctrl-C in processes that are started in this context; the parent process receives it and stops them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # otherwise `Process.start` starts it, which unblocks interrupts again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # interrupts in the meantime are kept, not lost
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
