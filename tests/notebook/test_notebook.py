"""The notebook runs from its first cell to its last, and a word is understood at its end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

NOTEBOOK = Path(__file__).parent / "recordings_to_a_live_word.ipynb"


@pytest.mark.slow
def test_the_notebook_ends_in_the_words_that_were_signed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    for number, cell in enumerate(json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]):
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"cell {number}", "exec"), names)
    assert names["findings"].problems == 0 and names["done"].returncode == 0
    signed = [names["everybody"].name[number].split("/")[0] for number in names["stranger"]]
    right = sum(word in signed for word in names["words"])
    assert right >= 2, f"{names['words']} were understood of {signed}"


def test_the_notebook_is_kept_without_its_output():
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") and cell.get("execution_count") is None for cell in cells)
