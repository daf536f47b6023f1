"""``isl-verify`` as it is typed."""

from __future__ import annotations

import sys

import pytest


def test_verifying_draws_sheets_and_its_exit_code_reports_problems(make_dataset, tmp_path, monkeypatch, capsys):
    from isl.commands.verify import main

    root = make_dataset()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["isl-verify", "plot=true", f"input={root}", "sheets=drawn"])
    main()
    assert {path.name for path in (tmp_path / "drawn").iterdir()} == {"Doctor.png", "Fever.png", "Pain.png"}
    (root / "Fever" / "copy.npy").write_bytes((root / "Doctor" / "a_0.npy").read_bytes())
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    assert "clips with a problem: 1, listed above" in capsys.readouterr().err


def test_a_missing_folder_is_one_line(tmp_path, monkeypatch, capsys):
    from isl.commands.verify import main

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["isl-verify", "input=nowhere"])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 2
    assert capsys.readouterr().err.splitlines() == [
        "error: input=nowhere: no such folder; name a folder of landmarks <word>/<clip>.npy"
    ]
