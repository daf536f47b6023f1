from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from isl.config.app import lost_job

ROOT = Path(__file__).parents[2]


def test_a_job_that_was_killed_on_a_cluster_is_reported_in_one_line():
    killed = type("UncompletedJobError", (RuntimeError,), {"__module__": "submitit.core.utils"})
    line = lost_job(killed("Job 7 (task: 0) has not produced any output\nNo error stream produced."))
    assert line.startswith("Job 7 (task: 0)") and "resume=true" in line and "\n" not in line


def test_other_errors_are_no_lost_job():
    assert lost_job(RuntimeError("a bug")) == ""


@pytest.mark.slow
def test_a_sweep_of_cluster_jobs_is_one_table_and_a_lost_job_is_done_again_alone(tmp_path):
    pytest.importorskip("hydra_plugins.hydra_submitit_launcher", reason="needs the extra slurm")
    small = ("seed=0,1", "data.words=3", "data.signers=3", "data.clips=2", "trainer.max_epochs=1")
    command = [sys.executable, "train.py", "-m", "hydra/launcher=submitit_local", *small, f"hydra.sweep.dir={tmp_path}"]

    def runs_of_the_table(*more: str) -> list[str]:
        result = subprocess.run([*command, *more], cwd=ROOT, capture_output=True, text=True, timeout=300)
        assert result.returncode == 0, result.stderr
        with (tmp_path / "sweep.csv").open() as table:
            return [row["runs"] for row in csv.DictReader(table)]

    assert runs_of_the_table() == ["2"]  # both seeds are one row
    kept, lost = sorted(tmp_path.glob("*/report.json"))
    written = kept.stat().st_mtime_ns
    lost.unlink()  # as if the job had been killed before its end
    assert runs_of_the_table("resume=true") == ["2"]
    assert kept.stat().st_mtime_ns == written and lost.exists()
