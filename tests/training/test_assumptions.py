"""Facts that nobody gave are assumed aloud: the shape of the pictures and the length of a sign."""

from __future__ import annotations

import pytest
from support.folders import save_clips
from support.runs import config, train

from isl.recognition.introduction import describe
from isl.recognition.recognizer import Recognizer
from isl.training.run import Run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return save_clips(tmp_path_factory.mktemp("clips"), words=3, signers=2, clips=4)


SMALL = ("trainer.max_epochs=1", "callbacks.progress=null", "+trainer.enable_progress_bar=false", "model.hidden=8")


def test_what_is_assumed_stands_in_report_and_checkpoint_and_is_shown_live(folder, tmp_path):
    run = train(tmp_path, "data=folder", f"data.root={folder}", *SMALL, small=False)
    said = (run.folder / "report.md").read_text()
    assert "Assumed: width over height" in said and "data.aspect=" in said
    assert "2 seconds are assumed (data.seconds=)" in said and len(run.result["assumed"]) == 2
    lines = describe(Recognizer.load(run.best_path), [run.best_path])
    assert any("width / height = 1 is assumed" in line for line in lines) and any(
        "2 s are assumed" in line for line in lines
    )


def test_nothing_is_assumed_where_the_options_state_it(folder, tmp_path, capsys):
    cfg = config(
        tmp_path, "data=folder", f"data.root={folder}", "data.aspect=1.5", "data.seconds=3", *SMALL, small=False
    )
    run = Run(cfg)
    run.introduce()
    assert "is assumed" not in capsys.readouterr().out
    assert run.about["aspect"] == pytest.approx(1.5) and run.about["seconds"] == 3
