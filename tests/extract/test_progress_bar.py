from __future__ import annotations

import pytest
from rich.console import Console

from isl import console
from isl.extract import progress_bar


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    now = [1000.0]
    monkeypatch.setattr(progress_bar.time, "monotonic", lambda: now[0])
    return now


def test_a_log_gets_a_line_a_minute(clock, monkeypatch, capsys):
    monkeypatch.setattr(console, "err", Console(stderr=True, force_terminal=False, width=120))
    with progress_bar.Bar(done=10, total=40) as bar:
        for _ in range(20):
            clock[0] += 10
            bar.advance(60)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0] == "16 of 40 clips, 0.10 clips/s, 6 frames/s, 4 min left"
    assert len(lines) == 3


def test_a_terminal_gets_a_bar(clock, monkeypatch, capsys):
    monkeypatch.setattr(console, "err", Console(stderr=True, force_terminal=True, width=120))
    with progress_bar.Bar(done=10, total=40) as bar:
        clock[0] += 10
        bar.advance(60)
    text = capsys.readouterr().err
    assert "11/40" in text and "0.10 clips/s, 6 frames/s" in text
