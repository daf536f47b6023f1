from __future__ import annotations

import multiprocessing
from pathlib import Path

from isl.data.table import add_row, locked, read_table


def record(root: Path, name: str, clips: int) -> None:
    """Records as a recorder does: takes the next free number, writes the clip, adds its row."""
    for _ in range(clips):
        with locked(root):
            number = 0
            while (path := root / "Doctor" / f"{number:03d}.npy").exists():
                number += 1
            path.parent.mkdir(exist_ok=True)
            path.touch()
            add_row(root, {"word": "Doctor", "clip": path.stem, "group": name})


def test_three_recorders_on_one_root_lose_nothing(tmp_path):
    context = multiprocessing.get_context("fork")
    team = [context.Process(target=record, args=(tmp_path, name, 20)) for name in "abc"]
    for process in team:
        process.start()
    for process in team:
        process.join()
    rows = read_table(tmp_path / "clips.csv")
    assert len(rows) == 60 == len(list((tmp_path / "Doctor").iterdir()))
    assert sorted(row.columns["group"] for row in rows.values()) == sorted("abc" * 20)


def test_a_row_is_added_to_a_table_of_any_separator_and_its_columns_stay(tmp_path):
    (tmp_path / "clips.csv").write_bytes("\ufeffword;clip;note\r\nFever;1;a, b\r\n".encode())
    add_row(tmp_path, {"word": "Doctor", "clip": "2", "group": "anna"})
    rows = read_table(tmp_path / "clips.csv")
    assert rows["Fever", "1"].columns == {"note": "a, b", "group": ""}
    assert rows["Doctor", "2"].columns == {"note": "", "group": "anna"}
