from __future__ import annotations

import csv
import json
import shlex
from pathlib import Path

import numpy as np
import pytest
from omegaconf import OmegaConf
from support.runs import config

from isl.config.app import CONF
from isl.console import typed
from isl.evaluation import sweep, sweep_choices

ALL = ("test", "test_stable", "rejection")


def scores(top1: float) -> dict[str, float]:
    return {"n": 10, "top1": top1, "top5": 1.0, "macro_f1": top1, "ece": 0.1, "aurc": 0.01}


def run(
    folder: Path, overrides: list[str], loss: float, top1: float, fold: int, seed: int, parts=ALL, recall=0.9
) -> None:
    """A run directory as ``train.py`` leaves it, as far as a sweep looks at it."""
    report: dict = {part: scores(top1) for part in parts if part != "rejection"}
    if "rejection" in parts:
        report["rejection"] = {"auroc": 0.9, "false_accepts": 0.2}
    words = [{"word": "Hello", "recall": recall, "support": 5}, {"word": "I", "recall": 1.0, "support": 5}]
    report |= {"seed": seed, "fold": fold, "val": {"best_loss": loss}, "per_word": words}
    (folder / ".hydra").mkdir(parents=True)
    (folder / "report.json").write_text(json.dumps(report))
    OmegaConf.save(
        OmegaConf.create([*overrides, f"split.fold={fold}", f"seed={seed}"]), folder / ".hydra/overrides.yaml"
    )


def protocol(folder: Path) -> sweep_choices.Choice:
    for number, (fold, seed, top1) in enumerate([(0, 0, 0.8), (1, 0, 0.6), (0, 1, 0.9), (1, 1, 0.7)]):
        run(folder / str(number), ["data=isl18"], 1.0, top1, fold, seed, recall=top1)
    (choice,) = sweep_choices.collect(folder)
    return choice


def test_a_score_is_the_mean_over_folds_and_its_spread_that_of_the_seeds(tmp_path):
    score = protocol(tmp_path).score("top1")
    assert (score.mean, score.repeats) == (pytest.approx(0.75), 2)  # seeds: 0.7 and 0.8
    assert score.sd == pytest.approx(np.std([0.7, 0.8], ddof=1))
    assert score.half == pytest.approx(12.706 * score.sd / np.sqrt(2), rel=1e-4)


def test_a_table_says_that_runs_are_missing(tmp_path):
    protocol(tmp_path)

    def table() -> str:
        return sweep._markdown(sweep_choices.collect(tmp_path), {})

    assert "runs are missing" not in table()
    (tmp_path / "3" / "report.json").unlink()  # the second seed's second fold
    assert "3 runs; spread over 2 seeds of the mean over folds; runs are missing." in table()


# Two-sided 95 % quantiles of Student's t with n - 1 degrees of freedom, from printed tables
@pytest.mark.parametrize(("repeats", "quantile"), [(2, 12.706), (5, 2.776), (11, 2.228), (12, 2.201), (31, 2.042)])
def test_the_interval_is_students_t_for_any_number_of_repeats(repeats, quantile):
    values = np.linspace(0.9, 0.98, repeats).tolist()
    half = quantile * np.std(values, ddof=1) / np.sqrt(repeats)
    assert sweep_choices.Score.of(values).half == pytest.approx(half, rel=1e-3)


def test_equal_repeats_have_no_interval():
    score = sweep_choices.Score.of([1.0] * 5)
    assert str(score) == "1.000" and score.row == ["1.000", "0.000", ""]


@pytest.mark.parametrize(
    ("started", "typed"), [("train.py", "python train.py"), ("/somewhere/bin/isl-train", "isl-train")]
)
def test_a_sweep_writes_commands_with_the_program_that_ran_it(tmp_path, monkeypatch, started, typed):
    monkeypatch.setattr("sys.argv", [started, "sweep=models"])
    choice = protocol(tmp_path)
    assert f"    {typed} data=isl18\n" in sweep._markdown([choice], {})
    assert f",{typed} data=isl18\n" in sweep._csv([choice])


def test_a_protocol_shows_mean_sd_interval_weak_words_and_folds(tmp_path, capsys):
    choice = protocol(tmp_path)
    sweep._show([choice])
    shown = capsys.readouterr().out
    for text in (
        "top-1 (stable words)",
        "calibration error",
        "AUROC",
        "0.750",
        "0.071",
        "4 runs",
        "0: 0.850, 1: 0.650",
    ):
        assert text in shown
    assert "Hello 0.75 (0.60)" in shown  # the mean, and the worst of the four runs
    written = sweep._markdown([choice], {})
    assert "| top-1 | 0.750 | 0.071 |" in written and "| Hello | 0.750 | 0.600 |" in written


def test_words_that_are_not_one_movement_stand_apart_from_the_weakest(tmp_path):
    choice = protocol(tmp_path)
    for report in choice.reports:
        report["unstable"] = ["Hello"]
    assert sweep._weakest(choice) == "I 1.00 (1.00); not one movement: Hello 0.75 (0.60)"
    assert "| Hello (not one movement) | 0.750 |" in sweep._markdown([choice], {})


def test_choices_are_named_by_their_own_options_and_ordered_by_validation_loss(tmp_path):
    for number, (model, loss, top1) in enumerate([("lstm", 0.5, 0.9), ("tcn", 0.3, 0.7)]):
        for seed in (0, 1):
            run(tmp_path / f"{number}{seed}", ["data=isl18", f"model={model}"], loss, top1 + seed / 100, 0, seed)
    found = sweep_choices.collect(tmp_path)
    headings, first, second = sweep._compare_choices(found)
    assert (first[0], second[0]) == ("model=tcn", "model=lstm")
    assert first[headings.index("top-1")].startswith("0.705 ±")
    rows = list(csv.DictReader(sweep._csv(found).splitlines()))
    assert (
        float(rows[0]["test_top1_sd"]) == pytest.approx(0.0071, abs=1e-4)
        and float(rows[0]["rejection_auroc_mean"]) == 0.9
    )


def test_a_score_that_a_run_lacks_is_left_out(tmp_path):
    run(tmp_path / "0", [], 1.0, 0.9, 0, 0)
    run(tmp_path / "1", [], 1.0, 0.9, 0, 1, parts=("test",))
    (choice,) = sweep_choices.collect(tmp_path)
    assert {column.part for column in choice.measured} == {"test"}


def test_folds_of_unknown_words_repeat_one_choice(tmp_path):
    for fold in (0, 1):
        run(tmp_path / str(fold), [f"unknown.fold={fold}"], 1.0, 0.9, 0, 0)
    assert len(sweep_choices.collect(tmp_path)) == 1


@pytest.mark.parametrize("path", sorted((CONF / "protocol").glob("*.yaml")), ids=lambda path: path.stem)
def test_every_protocol_composes(path, tmp_path):
    config(tmp_path, f"protocol={path.stem}")


@pytest.mark.parametrize(("width", "columns"), [(200, 6), (80, 5), (60, 4), (10, 4)])
def test_a_narrow_screen_shows_fewer_columns_and_those_whole(width, columns):
    """A choice of several options may be broken between them."""
    headings = ["choice", "runs", "val loss", "top-1", "top-1 (stable words)", "calibration error"]
    row = ["model=conv_transformer optimizer.lr=3e-4", "2", "0.074", "0.875 ± 0.506", "0.950 ± 0.132", "0.047 ± 0.395"]
    shown = sweep.fit_columns([headings, row], width)
    assert shown == [headings[:columns], row[:columns]]


@pytest.mark.parametrize(
    "argument", ["data.group='^([a-z]+)_'", "without=[mixup,trim]", "a='$b'", 'it\'s "a"', "seed=0"]
)
def test_a_typed_line_is_read_back_by_the_shell(monkeypatch, argument):
    monkeypatch.setattr("sys.argv", ["train.py"])
    assert shlex.split(typed([argument])) == ["python", "train.py", argument]
    assert '"\'"' not in typed(["data.group='^([a-z]+)_'"])
