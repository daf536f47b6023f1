from __future__ import annotations

from rich.console import Console
from support.fakes import extracted

from isl.extract.summary import summary


def test_square_brackets_in_a_clips_name_are_shown(recorded, inline, tmp_path):
    (recorded / "Fever" / "fever0.avi").rename(recorded / "Fever" / "take [b] of [two].avi")
    console = Console(record=True, width=100)
    console.print(summary(extracted(recorded, tmp_path / "landmarks")))
    assert "Fever/take [b] of [two]" in console.export_text()
