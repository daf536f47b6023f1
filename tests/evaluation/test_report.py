from __future__ import annotations

import json
import warnings
from dataclasses import replace

import numpy as np
import pytest
from support.answered import evaluation

from isl.evaluation import report
from isl.evaluation.card import model_card
from isl.evaluation.scores import Evaluation


def written_report(folder, predictions, about):
    result = report.summarise(predictions, about)
    report.write(folder, result, predictions)
    return result


def test_the_folder_can_be_understood_alone(tmp_path, pictures):
    written_report(tmp_path, evaluation(), {"protocol": "a protocol", "seed": 3})
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["protocol"] == "a protocol" and written["test"]["n"] == 40 and len(written["words"]) == 6
    pictures = ["confusion.png", "reliability.png", "risk_coverage.png"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        *pictures[:1], "predictions.csv", *pictures[1:2], "report.json", "report.md", *pictures[2:],
    ]  # fmt: skip
    text = (tmp_path / "report.md").read_text()
    assert "w3" in text and "test_stable" not in written
    for picture in pictures:
        assert f"]({picture})" in text
        assert (tmp_path / picture).read_bytes().startswith(b"\x89PNG")


def test_pictures_show_words_of_any_script(tmp_path):
    words = ["बुखार", "காய்ச்சல்", "发烧", "🤒", "حمى", "Größe"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a letter without a shape
        written_report(tmp_path, replace(evaluation(), words=words), {"protocol": "a protocol"})
    assert all(word in (tmp_path / "report.md").read_text("utf-8") for word in words)


FACTS = {
    "protocol": "p",
    "seed": 0,
    "model": "m",
    "features": "f",
    "params": 1,
    "data": "d",
    "seconds": 2.0,
    "command": "c",
}


def test_scores_are_given_with_and_without_unstable_words(tmp_path):
    ev = evaluation()
    result = written_report(tmp_path, ev, {**FACTS, "unstable": ["w1", "w4"]})
    kept = ~np.isin(ev.labels, [1, 4])
    assert result["test"]["n"] == 40 and result["test_stable"]["n"] == kept.sum()
    assert result["test_stable"]["top1"] == (ev.predicted == ev.labels)[kept].mean()
    assert json.loads((tmp_path / "report.json").read_text())["unstable"] == ["w1", "w4"]
    for text in ((tmp_path / "report.md").read_text(), model_card(result)):
        assert "without w1, w4" in text and f"{result['test_stable']['top1']:.1%}" in text


def test_stable_scores_are_none_where_every_test_clip_is_of_an_unstable_word():
    assert "test_stable" not in report.summarise(evaluation(), {**FACTS, "unstable": [f"w{i}" for i in range(6)]})


def test_numbers_that_are_not_finite_are_null(tmp_path):
    written_report(tmp_path, evaluation(), {**FACTS, "val": {"best_loss": float("nan")}, "some": [float("inf"), 1.5]})
    text = (tmp_path / "report.json").read_text()
    written = json.loads(text, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert written["val"]["best_loss"] is None and written["some"] == [None, 1.5]


def scored(n: int, words: int, wrong: int = 0) -> dict:
    """A report on ``n`` clips, of which the first ``wrong`` are taken for the next word."""
    labels = np.arange(n) % words
    answers = (labels + (np.arange(n) < wrong)) % words
    return report.summarise(
        Evaluation([f"w{i}" for i in range(words)], ["c"] * n, labels, np.eye(words)[answers]), FACTS
    )


def test_top_5_and_weakest_words_are_left_out_where_five_words_make_them_empty():
    few, many = scored(40, 5, wrong=1), scored(40, 6, wrong=1)
    assert [row[0] for row in report.headline(many)][2] == "top-5" and "top-5" not in str(report.headline(few))
    assert "Weakest words, by F1: w0 (0.92), w1 (0.93)." in model_card(many)
    assert "Weakest words" not in model_card(few) and "Weakest words" not in model_card(scored(40, 6))


def test_the_card_names_the_folder_that_was_trained_on_and_the_checkpoint_it_began_with():
    about = {"data": "FolderClips mine: 40 clips of 6 words", "adapted_from": "isl18"}
    card = model_card(scored(40, 6) | about)
    assert "| adapted from | isl18 |\n| trained on | mine: 40 clips of 6 words |" in card
    assert "adapted from" not in model_card(scored(40, 6))


def test_an_interval_is_left_out_where_few_clips_or_no_errors_make_it_empty():
    assert report.headline(scored(5, 6))[1][1] == "100.0%"
    top1, macro_f1 = (dict(report.headline(scored(40, 6)))[name] for name in ("top-1", "macro-F1"))
    assert top1.startswith("100.0% (91") and macro_f1 == "100.0%"


def test_answers_are_looked_up_for_all_clips_at_once(tmp_path, monkeypatch):
    asked = []
    sure = Evaluation.confidence.fget
    monkeypatch.setattr(Evaluation, "confidence", property(lambda ev: asked.append(ev) or sure(ev)))
    rng = np.random.default_rng(0)
    ev = Evaluation(["a", "b"], [f"a/{i}" for i in range(100)], np.zeros(100, np.int64), rng.dirichlet([1, 1], 100))
    report._write_predictions(tmp_path / "predictions.csv", [ev], 0.5)
    assert len(asked) == 1
    assert len((tmp_path / "predictions.csv").read_text().splitlines()) == 101
