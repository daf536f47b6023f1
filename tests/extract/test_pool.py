from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support.fakes import gone

from isl.extract.pool import DeadWorkerError, run_jobs


def work(job):
    """Runs in a worker."""
    if job == "crash":
        os.kill(os.getpid(), signal.SIGKILL)
    if job == "raise":
        raise ValueError("no")
    if job == "unpicklable":
        return lambda: None
    if isinstance(job, tuple):
        Path(job[0]).write_text(str(os.getpid()))
        time.sleep(600)
    return job * 2


def sleep_for(seconds: float) -> float:
    """Runs in a worker."""
    time.sleep(seconds)
    return seconds


def test_a_bad_job_costs_itself_only():
    jobs = [1, "raise", 2, "crash", 3, "unpicklable", 4]
    results = dict(run_jobs(work, jobs, workers=2))
    assert list(results) != [] and set(results) == set(jobs)
    assert [results[i] for i in (1, 2, 3, 4)] == [2, 4, 6, 8]
    assert isinstance(results["raise"], ValueError)
    assert isinstance(results["crash"], DeadWorkerError) and "SIGKILL" in str(results["crash"])
    assert isinstance(results["unpicklable"], RuntimeError)


def test_a_dead_worker_is_replaced():
    results = dict(run_jobs(work, ["crash", 1], workers=1))
    assert results[1] == 2 and isinstance(results["crash"], DeadWorkerError)


def test_no_jobs_need_no_workers():
    assert list(run_jobs(work, [], workers=2)) == []


def test_leaving_early_stops_the_workers(tmp_path):
    jobs = [1, (str(tmp_path / "pid"),)]
    results = run_jobs(work, jobs, workers=2)
    assert next(results) == (1, 2)
    pid = _pid_in(tmp_path / "pid")
    results.close()
    assert gone(pid)


@pytest.mark.slow
def test_workers_end_with_the_process_that_started_them(tmp_path):
    paths = [str(Path(__file__).parent), *sys.path]
    code = (
        f"import sys; sys.path[:0] = {paths!r}; from isl.extract.pool import run_jobs; from test_pool import work\n"
        f"list(run_jobs(work, [({str(tmp_path / 'pid')!r},)], 1))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    pid = _pid_in(tmp_path / "pid")
    parent.kill()
    parent.wait()
    assert gone(pid)


def _pid_in(path: Path) -> int:
    for _ in range(3000):
        if path.is_file() and path.read_text():
            return int(path.read_text())
        time.sleep(0.1)
    pytest.fail("the worker did not start")


@pytest.mark.slow
def test_a_job_that_hangs_is_given_up_and_the_others_go_on():
    results = dict(run_jobs(sleep_for, [600.0, 0.0, 0.01], workers=2, time_limit=15.0))
    assert isinstance(results[600.0], DeadWorkerError) and "time_limit=" in str(results[600.0])
    assert results[0.0] == 0.0 and results[0.01] == 0.01
