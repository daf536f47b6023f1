from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.drawn import draw_video
from support.fakes import FRAMES

from isl.extract import extraction


@pytest.fixture
def recorded(tmp_path) -> Path:
    """Five small videos of two words."""
    for word, lengths in FRAMES.items():
        for i, length in enumerate(lengths):
            draw_video(tmp_path / "videos" / word / f"{word.lower()}{i}.avi", length)
    return tmp_path / "videos"


@pytest.fixture
def inline(monkeypatch) -> None:
    """No worker processes: jobs are done here, in order."""

    def run_jobs(
        function: Callable[[Any], Any], jobs: Iterable[Any], workers: int, limit: float
    ) -> Iterator[tuple[Any, Any]]:
        for job in jobs:
            try:
                yield job, function(job)
            except Exception as error:
                yield job, error

    monkeypatch.setattr(extraction, "run_jobs", run_jobs)
