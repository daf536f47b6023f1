"""``isl-extract`` as it is typed. The videos are bad ones, so that nothing waits for MediaPipe."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from support.fakes import contents


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from isl.commands.extract import main; main()", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture
def bad(tmp_path) -> Path:
    for name in ("Doctor/text.mp4", "Doctor/other.avi", "Fever/text.mov"):
        (tmp_path / "videos" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "videos" / name).write_text("no video")
    return tmp_path


def test_failed_videos_are_listed_and_the_exit_code_is_1(bad):
    result = run("input=videos", "output=landmarks", "workers=1", cwd=bad)
    assert result.returncode == 1
    assert result.stderr.splitlines()[-1].startswith("error: 3 of 3 videos gave no clip: landmarks/failed.csv")
    assert (bad / "landmarks" / "failed.csv").read_text().count("not a video") == 3
    assert {path.name for path in bad.iterdir()} == {"videos", "landmarks"}  # Hydra leaves nothing


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ([], "input= is not set"),
        (["input=nowhere"], "input=nowhere: no such folder"),
        (["input=videos", "frames=none"], "frames=none: give a whole number, 1 or more, or all"),
        (["input=videos", "workers=0"], "workers=0"),
        (["input=videos", "layout=zip"], "layout=zip: choose clip or frames"),
        (["input=videos", "shard=2", "num_shards=2"], "shard=2: give 0 to 1"),
        (["input=videos", "framez=60"], "framez"),
        (["input=videos", "face=maybe"], "face=maybe: choose true or false"),
        (["input=videos", "data=folder"], "data.root= is not set"),
    ],
)
def test_bad_options_are_one_line_and_exit_code_2(bad, arguments, complaint, monkeypatch, capsys):
    from isl.commands.extract import main

    monkeypatch.chdir(bad)
    monkeypatch.setattr(sys, "argv", ["isl-extract", *arguments])
    with pytest.raises(SystemExit) as stopped:
        main()
    error = capsys.readouterr().err.strip().splitlines()
    assert stopped.value.code == 2 and complaint in error[-1], error
    assert not (bad / "landmarks").exists()


@pytest.mark.slow
def test_shards_on_a_cluster_are_one_extraction(bad):
    pytest.importorskip("hydra_plugins.hydra_submitit_launcher", reason="needs the extra slurm")
    shards = ("-m", "input=videos", "workers=1", "shard=range(0,3)", "num_shards=3")
    assert run("input=videos", "output=whole", cwd=bad).returncode == 1
    result = run(*shards, "output=cluster", "hydra/launcher=submitit_local", cwd=bad)
    assert result.returncode == 1 and "3 of 3 videos gave no clip" in result.stderr
    assert contents(bad / "cluster") == contents(bad / "whole")
    assert run(*shards, "output=here", cwd=bad).returncode == 1
    assert contents(bad / "here") == contents(bad / "whole")


@pytest.mark.slow
def test_bad_input_of_a_sweep_is_found_before_it_starts(bad):
    result = run("-m", "input=nowhere", "num_shards=2", "shard=range(0,2)", cwd=bad)
    assert result.returncode == 2 and result.stderr.strip().startswith("error: input=nowhere")
    assert not (bad / "landmarks").exists()
