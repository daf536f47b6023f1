from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from support.answered import evaluation
from torchmetrics.functional.classification import multiclass_calibration_error, multiclass_f1_score

from isl.evaluation.scores import Evaluation, per_word, scores, wilson


@given(st.integers(0, 1000), st.integers(2, 60))
def test_scores_agree_with_torchmetrics(seed, n):
    ev = evaluation(n, seed=seed)
    found = scores(ev)
    probabilities, labels = torch.tensor(ev.probabilities), torch.tensor(ev.labels)
    f1 = multiclass_f1_score(probabilities, labels, num_classes=6, average="macro")
    assert found["macro_f1"] == pytest.approx(float(f1), abs=1e-6)
    ece = multiclass_calibration_error(probabilities, labels, num_classes=6, n_bins=15)
    assert found["ece"] == pytest.approx(float(ece), abs=1e-4)


@given(st.integers(0, 1000))
def test_intervals_contain_their_estimates_and_top5_is_at_least_top1(seed):
    found = scores(evaluation(seed=seed))
    for name in ("top1", "top5", "macro_f1"):
        low, high = found[f"{name}_ci95"]
        assert 0 <= low <= found[name] + 0.02 and found[name] - 0.02 <= high <= 1
    assert found["top5"] >= found["top1"]


def test_wilson_agrees_with_a_published_example():
    # Newcombe 1998, table I: 81 of 263 gives 0.2553 to 0.3662
    assert wilson(81, 263) == pytest.approx([0.2553, 0.3662], abs=1e-4)


def test_a_perfect_answer_scores_one():
    labels = np.array([0, 1, 2, 2])
    ev = Evaluation(["a", "b", "c"], list("wxyz"), labels, np.eye(3, dtype=np.float32)[labels])
    found = scores(ev)
    assert (found["top1"], found["macro_f1"], found["ece"], found["aurc"]) == (1.0, 1.0, 0.0, 0.0)
    assert all(row["recall"] == 1 for row in per_word(ev))


def test_support_counts_the_clips_of_a_word():
    ev = evaluation()
    assert [row["support"] for row in per_word(ev)] == np.bincount(ev.labels, minlength=6).tolist()


def test_leaving_words_out_removes_their_clips_only():
    ev = evaluation()
    rest = ev.leaving_out(["w1", "w4"])
    kept = ~np.isin(ev.labels, [1, 4])
    np.testing.assert_array_equal(rest.probabilities, ev.probabilities[kept])  # among all words, as before
    np.testing.assert_array_equal(rest.labels, ev.labels[kept])
    assert rest.names == [name for name, keep in zip(ev.names, kept, strict=True) if keep]
    assert scores(rest)["top1"] == pytest.approx((ev.predicted == ev.labels)[kept].mean())
    assert scores(ev.leaving_out([])) == scores(ev)


def test_a_word_left_out_is_no_part_of_the_mean_over_words():
    labels = np.array([0, 0, 1, 2])
    ev = Evaluation(["a", "b", "c"], list("wxyz"), labels, np.eye(3, dtype=np.float32)[[0, 0, 1, 1]])
    assert scores(ev.leaving_out(["c"]))["macro_f1"] == 1.0
    confused = Evaluation(["a", "b", "c"], list("wxyz"), labels, np.eye(3, dtype=np.float32)[[0, 2, 1, 1]])
    assert scores(confused.leaving_out(["c"]))["macro_f1"] == pytest.approx((2 / 3 + 1) / 2)  # "a" missed once
