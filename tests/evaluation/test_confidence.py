from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchmetrics.functional.classification import binary_auroc

from isl.evaluation.confidence import (
    auroc,
    false_accepts,
    reliability,
    risk_coverage,
    separation,
    threshold,
)


def answers(seed: int, n: int = 50) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    confidence = rng.integers(0, 20, n) / 20  # with ties
    return confidence, rng.random(n) < confidence


@given(st.integers(0, 1000))
def test_every_answer_is_in_one_bin_and_the_bins_keep_the_mean(seed):
    confidence, right = answers(seed)
    found = reliability(confidence, right)
    there = found.count > 0
    assert found.count.sum() == 50
    assert (found.count * found.accuracy)[there].sum() == pytest.approx(right.sum())
    assert (found.count * found.confidence)[there].sum() == pytest.approx(confidence.sum())


def test_a_confidence_of_one_is_in_the_last_bin():
    found = reliability(np.ones(3), np.array([True, False, True]), bins=4)
    assert found.count.tolist() == [0, 0, 0, 3] and found.error == pytest.approx(1 / 3)


@given(st.integers(0, 1000))
def test_the_order_of_equally_sure_answers_does_not_matter(seed):
    confidence, right = answers(seed)
    order = np.random.default_rng(seed).permutation(50)
    curve, again = risk_coverage(confidence, right), risk_coverage(confidence[order], right[order])
    np.testing.assert_allclose(curve.risk, again.risk)
    assert curve.risk[-1] == pytest.approx((~right).mean())


def test_the_risk_falls_with_the_coverage_where_wrong_answers_are_the_least_sure():
    curve = risk_coverage(np.array([0.9, 0.2, 0.8, 0.1]), np.array([True, False, True, False]))
    np.testing.assert_allclose(curve.coverage, [0.25, 0.5, 0.75, 1])
    np.testing.assert_allclose(curve.risk, [0, 0, 1 / 3, 1 / 2])
    assert curve.area == pytest.approx((1 / 3 + 1 / 2) / 4)


@given(st.integers(0, 1000))
def test_auroc_agrees_with_torchmetrics(seed):
    known, unknown = answers(seed)[0] ** 0.5, answers(seed + 1)[0]
    both = torch.tensor(np.concatenate([known, unknown]))
    label = torch.cat([torch.ones(50), torch.zeros(50)]).long()
    assert auroc(known, unknown) == pytest.approx(float(binary_auroc(both, label)), abs=1e-6)
    assert auroc(known, unknown) == pytest.approx(1 - auroc(unknown, known))


@given(st.integers(0, 1000), st.floats(0.5, 1))
def test_a_threshold_keeps_the_recall_and_is_the_highest_that_does(seed, recall):
    known = answers(seed)[0]
    least = threshold(known, recall)
    assert (known >= least).mean() >= recall - 1e-9
    assert (known > least).mean() <= recall or least == known.max()


def test_false_accepts_count_unknown_signs_above_the_threshold():
    known = np.linspace(0.5, 1, 21)
    assert false_accepts(known, np.array([0.1, 0.2, 0.6, 0.9])) == 0.5
    assert false_accepts(known, known) >= 0.95


def test_separation_counts_the_answers_above_the_threshold():
    found = separation(np.array([0.9, 0.8, 0.3, 0.7]), np.array([0.2, 0.75]), reject=0.5)
    assert (found["accepted_known"], found["accepted_unknown"]) == (0.75, 0.5)
    assert (found["known"], found["unknown"], found["auroc"]) == (4, 2, 0.75)
