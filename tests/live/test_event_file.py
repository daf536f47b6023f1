"""The file of ``events=`` holds complete lines, also on a full disk."""

from __future__ import annotations

import resource

import pytest

from isl.live.event_file import EventFile

LINE = '{"event": "word", "word": "Doctor"}\n'


def test_each_line_can_be_read_at_once(tmp_path):
    events = EventFile(path := tmp_path / "new" / "a.jsonl")
    for count in (1, 2):
        events.write(LINE)
        assert path.read_text() == count * LINE
    events.close()
    assert events.failure is None


def test_without_a_path_nothing_is_written(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    events = EventFile(None)
    events.write(LINE)
    events.close()
    assert not list(tmp_path.iterdir())


@pytest.fixture
def small_disk():
    """No file may become larger than three and a half lines."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(3.5 * len(LINE)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_leaves_complete_lines_and_one_line_about_it(small_disk, tmp_path):
    events = EventFile(path := tmp_path / "a.jsonl")
    for _ in range(6):
        events.write(LINE)
    events.close()
    assert path.read_text() == 3 * LINE
    assert "a.jsonl: file too large; the file ends before" in str(events.failure)
    assert str(events.failure).isprintable()
