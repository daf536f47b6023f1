from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import softmax

from isl.training.calibration import fit_temperature, fit_weights


def opinions(seed: int, n: int = 400, words: int = 6) -> tuple[np.ndarray, np.ndarray]:
    """Logits ``(n, 2, words)`` of a stream that knows much and of one that knows nothing, and the labels."""
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, words, n)
    streams = rng.normal(size=(n, 2, words))
    streams[np.arange(n), 0, labels] += 2.0
    return streams, labels


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


def test_the_fitted_confidence_grows_with_the_number_of_right_answers():
    def confidence(n: int) -> float:
        logits = np.tile(5 * np.eye(3), (n, 1))
        return float(softmax(logits / fit_temperature(logits, np.tile(np.arange(3), n)), -1).max())

    assert confidence(1) == pytest.approx(4 / 5)  # Platt's (N + 1) / (N + 2)
    assert confidence(10) == pytest.approx(31 / 32) and confidence(1000) > 0.999


def test_a_network_that_is_always_wrong_gets_no_confidence():
    assert fit_temperature(5 * np.eye(3), np.array([1, 2, 0])) == pytest.approx(20)


def test_a_branch_without_information_gets_weight_zero():
    streams, labels = opinions(0)
    good, bad = fit_weights(streams, labels, len(labels))
    assert bad < 0.05 < 0.7 < good


@given(st.integers(0, 100))
def test_the_fitted_weights_are_the_likeliest_and_a_single_branch_gets_one_over_its_temperature(seed):
    streams, labels = opinions(seed)
    streams[:, 1] += streams[:, 0]  # both know something
    said = np.log(softmax(streams, -1))
    sure = (len(labels) + 1) / (len(labels) + 2)

    def loss(weights: np.ndarray) -> float:
        p = np.log(softmax(weights @ said, -1))
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


def test_branches_that_are_always_right_get_finite_weights():
    labels = np.arange(12) % 3
    streams = np.repeat(10.0 * np.eye(3)[labels][:, None], 2, axis=1)
    assert (fit_weights(streams, labels, 12) <= 20).all()


def test_branches_that_are_always_wrong_get_finite_weights():
    streams = np.repeat(np.array([[3.0, 0.0, 0.0]])[None], 10, axis=0)  # (10, 1, 3): the same clip ten times
    assert (fit_weights(np.concatenate([streams, streams], 1), np.ones(10, int), 1) > 0).all()
