from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchmetrics.functional.classification import binary_auroc

from isl.confidence import (
    auroc,
    false_accepts,
    fit_temperature,
    fit_weights,
    reliability,
    risk_coverage,
    separation,
    softened,
    threshold,
)


def answers(seed: int, n: int = 50) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    confidence = rng.integers(0, 20, n) / 20  # with ties
    return confidence, rng.random(n) < confidence


@given(st.integers(0, 1000))
def test_every_answer_is_in_one_bin_and_the_bins_hold_the_mean(seed):
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


@given(st.integers(0, 200), st.floats(0.2, 5))
def test_the_temperature_of_logits_that_were_drawn_at_it_is_found(seed, temperature):
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(4000, 5)) * 2 * temperature
    weight = np.exp(logits / temperature)
    labels = (rng.random((4000, 1)) > (weight / weight.sum(1, keepdims=True)).cumsum(1)).sum(1)
    assert fit_temperature(logits, labels) == pytest.approx(temperature, rel=0.15)


@given(st.integers(0, 200), st.floats(0.5, 2))
def test_the_temperature_scales_with_the_logits_and_no_other_is_likelier(seed, scale):
    rng = np.random.default_rng(seed)
    logits, labels = rng.normal(size=(60, 4)), rng.integers(4, size=60)
    logits[np.arange(60), labels] += 1

    def loss(temperature: float) -> float:
        p = torch.tensor(logits / temperature).log_softmax(1)
        target = torch.full((60, 4), 1 / 62 / 3, dtype=p.dtype)  # Platt's: 61 of 62 for the label
        target[torch.arange(60), torch.tensor(labels)] = 61 / 62
        return float(-(target * p).sum(1).mean())

    best = fit_temperature(logits, labels)
    assert fit_temperature(scale * logits, labels) == pytest.approx(scale * best, rel=1e-6)
    assert loss(best) <= min(loss(best * 1.05), loss(best / 1.05))


def test_few_right_answers_are_no_reason_to_be_certain_and_many_are():
    def confidence(n: int) -> float:
        logits = np.tile(5 * np.eye(3), (n, 1))
        return float(softened(logits, fit_temperature(logits, np.tile(np.arange(3), n))).max())

    assert confidence(1) == pytest.approx(4 / 5)  # Platt's (N + 1) / (N + 2)
    assert confidence(10) == pytest.approx(31 / 32) and confidence(1000) > 0.999


def test_answers_that_are_all_wrong_are_worth_nothing():
    assert fit_temperature(5 * np.eye(3), np.array([1, 2, 0])) == pytest.approx(20)


@given(st.integers(0, 200), st.floats(0.1, 5))
def test_a_temperature_changes_no_answer_and_leaves_probabilities(seed, temperature):
    logits = np.random.default_rng(seed).normal(size=(20, 5)) * 100
    probabilities = softened(logits, temperature)
    np.testing.assert_allclose(probabilities.sum(1), 1)
    np.testing.assert_array_equal(probabilities.argmax(1), logits.argmax(1))


def test_separation_says_what_the_threshold_lets_pass():
    found = separation(np.array([0.9, 0.8, 0.3, 0.7]), np.array([0.2, 0.75]), reject=0.5)
    assert (found["accepted_known"], found["accepted_unknown"]) == (0.75, 0.5)
    assert (found["known"], found["unknown"], found["auroc"]) == (4, 2, 0.75)


def opinions(seed: int, n: int = 400, words: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Logits ``(n, 2, words)`` of a stream that knows much and of one that knows nothing, and the labels."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, words, n)
    streams = rng.normal(size=(n, 2, words))
    streams[np.arange(n), 0, labels] += 2.0
    return streams, labels


def test_a_stream_that_knows_nothing_weighs_nothing():
    streams, labels = opinions(0)
    good, bad = fit_weights(streams, labels, len(labels))
    assert bad < 0.05 < 0.7 < good


@given(st.integers(0, 100))
def test_no_other_weights_are_likelier_and_one_stream_alone_weighs_its_temperatures_inverse(seed):
    streams, labels = opinions(seed)
    streams[:, 1] += streams[:, 0]  # both know something
    said = np.log(softened(streams, 1.0))
    sure = (len(labels) + 1) / (len(labels) + 2)

    def loss(weights: np.ndarray) -> float:
        p = np.log(softened(weights @ said, 1.0))
        own = p[np.arange(len(labels)), labels]
        return -(sure * own + (1 - sure) * (p.sum(1) - own) / (p.shape[1] - 1)).mean()

    best = fit_weights(streams, labels, 10**9)  # so many clips that nothing pulls the weights together
    for step in ([0.05, 0], [-0.05, 0], [0, 0.05], [0, -0.05]):
        assert loss(best) <= loss(np.maximum(best + step, 0)) + 1e-9
    (alone,) = fit_weights(streams[:, :1], labels, len(labels))
    assert alone == pytest.approx(1 / fit_temperature(streams[:, 0], labels), rel=1e-2)


def test_few_clips_leave_the_weights_together():
    streams, labels = opinions(1, n=8)
    few, many = fit_weights(streams, labels, 1), fit_weights(streams, labels, 10**6)
    assert np.ptp(few) < np.ptp(many)


def test_streams_that_are_always_right_get_finite_weights():
    labels = np.arange(12) % 3
    streams = np.repeat(10.0 * np.eye(3)[labels][:, None], 2, axis=1)
    assert (fit_weights(streams, labels, 12) <= 20).all()


def test_streams_of_which_none_was_ever_right_still_say_something():
    streams = np.repeat(np.array([[3.0, 0.0, 0.0]])[None], 10, axis=0)  # (10, 1, 3): the same clip ten times
    assert (fit_weights(np.concatenate([streams, streams], 1), np.ones(10, int), 1) > 0).all()
