"""Extraction with real worker processes, the tracker replaced or not."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from support import fakes
from support.drawn import draw_video
from support.fakes import contents, extracted, gone

from isl.extract.extraction import Options, extract
from isl.extract.recordings import find_recordings
from isl.extract.store import Store


@pytest.mark.slow
def test_bytes_do_not_depend_on_the_number_of_workers(recorded, tmp_path):
    for workers in (1, 2, 4):
        extracted(recorded, tmp_path / str(workers), workers=workers)
    assert contents(tmp_path / "1") == contents(tmp_path / "2") == contents(tmp_path / "4") != {}


def test_a_video_that_kills_its_worker_costs_itself_only(recorded, tmp_path):
    draw_video(recorded / "Doctor" / "crash.avi", 3)
    result = extracted(recorded, tmp_path / "out", workers=2)
    assert result.extracted == 5
    assert "died (SIGKILL)" in result.failed["Doctor", "crash"]["reason"]


def started(source, output) -> subprocess.Popen:
    code = (
        f"import signal, sys; sys.path[:0] = {sys.path!r}\n"
        # a background job of a shell inherits deafness to Ctrl-C
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from pathlib import Path; from support import fakes\n"
        f"fakes.extracted(Path({str(source)!r}), Path({str(output)!r}), workers=2, landmark=fakes.slow_landmark)"
    )
    return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, start_new_session=True)


def workers_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")
def test_ctrl_c_stops_the_workers_too(recorded, tmp_path):
    process = started(recorded, tmp_path / "out")
    while len(workers := workers_of(process.pid)) < 2:
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, errors = process.communicate(timeout=300)
    assert errors.decode().count("KeyboardInterrupt") == 1  # no worker has anything to say
    assert all(gone(pid) for pid in workers)


@pytest.mark.slow
def test_killed_twenty_times_and_finished_is_the_same_as_undisturbed(tmp_path):
    for i in range(24):
        draw_video(tmp_path / "videos" / f"Word{i % 3}" / f"{i}.avi", 3 + i)
    extracted(tmp_path / "videos", tmp_path / "whole", workers=2)
    chance = random.Random(0)
    for _ in range(20):
        process = started(tmp_path / "videos", tmp_path / "out")
        time.sleep(chance.uniform(0.1, 1.2))
        process.kill()
        process.communicate()
    extracted(tmp_path / "videos", tmp_path / "out", workers=2)
    assert contents(tmp_path / "out") == contents(tmp_path / "whole")


@pytest.mark.slow
def test_extracted_recordings_are_what_landmarking_the_video_gives(videos, landmarked, tmp_path):
    extract(
        find_recordings(videos).recordings,
        Store(tmp_path),
        Options(frames=len(next(iter(landmarked.values())))),
        workers=2,
    )
    for path, clip in landmarked.items():
        assert np.array_equal(np.load(tmp_path / path.parent.name / f"{path.stem}.npy"), clip)


def test_the_fake_is_what_workers_use(recorded, tmp_path):
    extracted(recorded, tmp_path / "out", workers=1)
    clip, _ = fakes.landmark(recorded / "Doctor" / "doctor0.avi", 60)
    assert np.array_equal(np.load(tmp_path / "out" / "Doctor" / "doctor0.npy"), clip)
