from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchmetrics.functional.classification import multiclass_calibration_error, multiclass_f1_score

from isl import report


def evaluation(n: int = 40, words: int = 6, seed: int = 0) -> report.Evaluation:
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(n, words)).astype(np.float32)
    labels = rng.integers(words, size=n)
    logits[np.arange(n), labels] += 1.5
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return report.Evaluation([f"w{i}" for i in range(words)], [f"c{i}" for i in range(n)], labels, probabilities)


@given(st.integers(0, 1000), st.integers(2, 60))
def test_scores_agree_with_torchmetrics(seed, n):
    ev = evaluation(n, seed=seed)
    scores = report.scores(ev)
    probabilities, labels = torch.tensor(ev.probabilities), torch.tensor(ev.labels)
    f1 = multiclass_f1_score(probabilities, labels, num_classes=6, average="macro")
    assert scores["macro_f1"] == pytest.approx(float(f1), abs=1e-6)
    ece = multiclass_calibration_error(probabilities, labels, num_classes=6, n_bins=15)
    assert scores["ece"] == pytest.approx(float(ece), abs=1e-4)


@given(st.integers(0, 1000))
def test_intervals_hold_their_estimates_and_top5_holds_top1(seed):
    scores = report.scores(evaluation(seed=seed))
    for name in ("top1", "top5", "macro_f1"):
        low, high = scores[f"{name}_ci95"]
        assert 0 <= low <= scores[name] + 0.02 and scores[name] - 0.02 <= high <= 1
    assert scores["top5"] >= scores["top1"]


def test_wilson_agrees_with_a_published_example():
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662
    assert report.wilson(81, 263) == pytest.approx([0.2553, 0.3662], abs=1e-4)


def test_a_perfect_answer_scores_one():
    labels = np.array([0, 1, 2, 2])
    ev = report.Evaluation(["a", "b", "c"], list("wxyz"), labels, np.eye(3, dtype=np.float32)[labels])
    scores = report.scores(ev)
    assert (scores["top1"], scores["macro_f1"], scores["ece"]) == (1.0, 1.0, 0.0)
    assert all(row["recall"] == 1 for row in report.per_word(ev))


def test_support_counts_the_clips_of_a_word():
    ev = evaluation()
    assert [row["support"] for row in report.per_word(ev)] == np.bincount(ev.labels, minlength=6).tolist()


def test_the_folder_can_be_understood_alone(tmp_path):
    report.write(tmp_path, evaluation(), {"protocol": "a protocol", "seed": 3})
    written = json.loads((tmp_path / "report.json").read_text())
    assert written["protocol"] == "a protocol" and written["test"]["n"] == 40 and len(written["words"]) == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "confusion.png", "predictions.csv", "report.json", "report.md",
    ]  # fmt: skip
    assert "w3" in (tmp_path / "report.md").read_text()
    assert (tmp_path / "confusion.png").read_bytes().startswith(b"\x89PNG")
