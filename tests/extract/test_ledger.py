from __future__ import annotations

import multiprocessing
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support.fakes import contents

from isl.data.table import read_table
from isl.errors import InputError
from isl.extract.ledger import CLIPS, FAILED, Ledger, Note
from isl.extract.store import Store

CLIP = np.zeros((1, 1662), np.float32)


def done(root: Path, number: int) -> None:
    """Clip ``number`` was extracted."""
    store = Store(root)
    store.put("Doctor", str(number), CLIP)
    Ledger(store).read().add(("Doctor", str(number)), Note(row={"fps": "30", "kept": str(number)}))


def groups(count: int) -> dict[tuple[str, str], Any]:
    return {("Doctor", str(number)): "" for number in range(count)}


def many(root: Path, numbers: range, count: int) -> None:
    """The work of one of several runs."""
    for number in numbers:
        done(root, number)
        Ledger(Store(root)).publish(groups(count))


@pytest.mark.slow
def test_runs_beside_each_other_lose_nothing(tmp_path):
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=many, args=(tmp_path, range(i, 24, 3), 24)) for i in range(3)]
    for process in runs:
        process.start()
    for process in runs:
        process.join()
        assert process.exitcode == 0
    assert {clip: row.columns["kept"] for (_, clip), row in read_table(tmp_path / CLIPS).items()} == {
        str(number): str(number) for number in range(24)
    }
    assert not (tmp_path / ".extract").exists()


def test_only_one_run_at_a_time_writes_the_tables(tmp_path, monkeypatch):
    done(tmp_path, 0)
    done(tmp_path, 1)
    other = threading.Thread(target=Ledger(Store(tmp_path)).publish, args=(groups(2),))
    write = Ledger._write
    waited: list = []

    def slowly(self, *args):
        if not waited:
            waited.append(True)
            other.start()
            other.join(0.3)
            waited.append(other.is_alive())
        write(self, *args)

    monkeypatch.setattr(Ledger, "_write", slowly)
    Ledger(Store(tmp_path)).publish(groups(2))
    other.join()
    assert waited == [True, True]
    assert len(read_table(tmp_path / CLIPS)) == 2
    assert not (tmp_path / ".extract").exists()


def test_a_run_that_reads_old_notes_cannot_undo_a_later_one(tmp_path):
    done(tmp_path, 0)
    early = Ledger(Store(tmp_path)).read()
    done(tmp_path, 1)
    Ledger(Store(tmp_path)).publish(groups(2))
    early.publish(groups(2))
    assert len(read_table(tmp_path / CLIPS)) == 2


def test_notes_stay_until_every_clip_has_an_outcome(tmp_path):
    done(tmp_path, 0)
    Ledger(Store(tmp_path)).publish(groups(2))
    assert (tmp_path / ".extract").is_dir()
    Ledger(Store(tmp_path)).read().add(("Doctor", "1"), Note(failure={"reason": "bad"}))
    Ledger(Store(tmp_path)).publish(groups(2))
    assert set(contents(tmp_path)) == {"Doctor/0.npy", CLIPS, FAILED}


def test_a_row_without_its_clip_is_dropped(tmp_path):
    done(tmp_path, 0)
    done(tmp_path, 1)
    (tmp_path / "Doctor" / "0.npy").unlink()
    Ledger(Store(tmp_path)).publish({})
    assert list(read_table(tmp_path / CLIPS)) == [("Doctor", "1")]


def test_a_note_cut_short_is_passed_over(tmp_path):
    done(tmp_path, 0)
    (tmp_path / ".extract" / "note-1.json").write_text('{"word": "Doc')
    assert list(Ledger(Store(tmp_path)).read().notes) == [("Doctor", "0")]


def test_names_with_commas_and_quotes_survive(tmp_path):
    key = ('He said, "no"', "a,b'c")
    store = Store(tmp_path)
    store.put(*key, CLIP)
    Ledger(store).read().add(key, Note(row={"fps": "30"}))
    Ledger(store).publish({key: {"group": "anna, ben"}})
    assert read_table(tmp_path / CLIPS)[key].columns["group"] == "anna, ben"


def test_a_malformed_table_is_refused(tmp_path):
    (tmp_path / CLIPS).write_text("a,b\n1,2\n")
    with pytest.raises(InputError, match=r"clips\.csv, line 1"):
        Ledger(Store(tmp_path)).read()
