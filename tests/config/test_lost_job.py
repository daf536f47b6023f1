from __future__ import annotations

from isl.config.app import lost_job


def test_a_job_that_was_killed_on_a_cluster_is_said_in_one_line():
    killed = type("UncompletedJobError", (RuntimeError,), {"__module__": "submitit.core.utils"})
    line = lost_job(killed("Job 7 (task: 0) has not produced any output\nNo error stream produced."))
    assert line.startswith("Job 7 (task: 0)") and "resume=true" in line and "\n" not in line


def test_other_errors_are_no_lost_job():
    assert lost_job(RuntimeError("a bug")) == ""
