from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from isl.models.multi_branch import MultiBranch
from isl.recognition.decision import Decision, align_offsets
from isl.training.calibration import balance, fit_logistic

LOGITS = hnp.arrays(np.float64, (7, 5), elements=st.floats(-20, 20))


@given(LOGITS, st.floats(0.1, 5), st.floats(0, 10), st.floats(-4, 1))
def test_words_never_have_more_than_all_of_the_probability_and_keep_their_order(logits, temperature, slope, middle):
    decision = Decision(3, temperature, 1.0, slope, middle)
    probabilities = decision(torch.from_numpy(logits))
    assert probabilities.shape == (7, 3)
    assert (probabilities >= 0).all() and (probabilities.sum(-1) <= 1 + 1e-9).all()
    plain = torch.from_numpy(logits[:, :3] / temperature).softmax(-1)
    torch.testing.assert_close(probabilities * plain.sum(-1, keepdim=True), plain * probabilities.sum(-1, keepdim=True))


@given(LOGITS, st.floats(0.1, 5), st.floats(0.1, 10), st.floats(-4, 1))
def test_the_confidence_is_the_lesser_of_two_probabilities(logits, temperature, slope, middle):
    decision = Decision(3, temperature, 1.0, slope, middle)
    among_words = torch.from_numpy(logits[:, :3] / temperature).softmax(-1).amax(-1)
    of_a_word = torch.sigmoid(slope * (decision.familiarity(torch.from_numpy(logits)) - middle))
    torch.testing.assert_close(decision(torch.from_numpy(logits)).amax(-1), torch.minimum(among_words, of_a_word))


def test_without_a_background_every_sign_is_taken_for_a_word():
    logits = torch.randn(4, 3)
    torch.testing.assert_close(Decision(3, 2.0)(logits), (logits / 2).softmax(-1))


@given(LOGITS, st.lists(st.floats(-3, 3), min_size=3, max_size=3), st.floats(0.1, 2))
def test_offsets_choose_among_words_and_leave_the_familiarity(logits, offsets, softness):
    plain = Decision(3, softness=softness)
    shifted = Decision(3, softness=softness, offsets=offsets)
    own = torch.from_numpy(logits)
    torch.testing.assert_close(shifted(own), (own[:, :3] + softness * own.new_tensor(offsets)).softmax(-1))
    torch.testing.assert_close(shifted.familiarity(own), plain.familiarity(own))


def test_a_word_that_training_had_more_often_is_chosen_less_readily():
    offsets = balance(["often", "seldom"], np.array([900, 100]))
    assert sum(offsets.values()) == pytest.approx(0) and offsets["often"] < 0
    logits = torch.tensor([0.1, 0.0, 3.0])
    assert Decision(2)(logits).argmax() == 0 and Decision(2, offsets=[*offsets.values()])(logits).argmax() == 1
    assert align_offsets(offsets, ["new", "seldom"]) == [0.0, offsets["seldom"]]  # a vocabulary that has grown
    assert balance(["one", "other"], np.array([7, 7])) == {"one": 0.0, "other": 0.0}


def test_a_sign_of_the_background_and_one_between_words_are_less_familiar_than_a_word():
    decision = Decision(2, slope=1.0, middle=-1.0)
    word, between, background = torch.tensor([[6.0, 0.0, 0.0], [3.0, 3.0, 0.0], [1.0, 0.0, 6.0]])
    assert decision.familiarity(word) > decision.familiarity(between)
    assert decision.familiarity(word) > decision.familiarity(background)
    assert decision(word).max() > 0.5 > decision(background).max()


@given(LOGITS, st.floats(0, 50))
def test_familiarity_does_not_change_with_the_level_of_a_single_networks_logits(logits, shift):
    decision = Decision(3)
    level = torch.from_numpy(logits - logits.min(-1, keepdims=True))
    torch.testing.assert_close(decision.familiarity(level), decision.familiarity(level + shift))


def test_a_sign_in_which_one_branch_sees_something_else_is_less_familiar():
    lstm = {"_target_": "isl.models.lstm.StackedLSTM", "hidden": [4]}
    network = MultiBranch(4, 3, lstm, {"one": None, "other": None})
    agreed, split = network.combine(
        torch.tensor([[[6.0, 0.0, 0.0], [6.0, 0.0, 0.0]], [[9.0, 0.0, 0.0], [3.0, 0.0, 6.0]]])
    )
    decision = Decision(2)
    assert decision.familiarity(agreed) > decision.familiarity(split) + 1
    among_words = [float(logits[:2].softmax(-1).max()) for logits in (agreed, split)]
    assert among_words[0] == pytest.approx(among_words[1], abs=1e-4)  # the words alone do not show it


def test_a_threshold_between_two_measured_shares_lies_between_theirs():
    decision = Decision(2, thresholds={"0.90": 0.4, "0.50": 0.8})
    assert decision.threshold(0.9) == 0.4 and decision.threshold(0.7) == pytest.approx(0.6)
    assert decision.threshold(0.99) == 0.4  # nothing lower was measured
    assert Decision(2).threshold(0.9) == 0.0


def test_the_logistic_curve_puts_its_middle_between_the_kinds_whatever_their_numbers():
    rng = np.random.default_rng(0)
    familiar, strange = rng.normal(-0.2, 0.3, 4000), rng.normal(-2.2, 0.3, 40)
    slope, middle = fit_logistic(familiar, strange)
    assert middle == pytest.approx(-1.2, abs=0.25) and slope > 2
    few, _ = fit_logistic(familiar, np.concatenate([strange, rng.normal(-0.2, 0.3, 40)]))
    assert few < slope  # the more alike, the flatter
