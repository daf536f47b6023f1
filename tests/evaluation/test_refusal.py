from __future__ import annotations

import numpy as np
from support.answered import evaluation

from isl.evaluation.refusal import refusal, refusal_lines


def others(confidence: list[float], words: int = 6, word: int = 2) -> np.ndarray:
    """Answers to background clips: ``word`` with these probabilities, and little of the others."""
    probabilities = np.zeros((len(confidence), words), np.float32)
    probabilities[:, word] = confidence
    return probabilities


def test_signs_that_pass_are_named_with_the_word_that_they_pass_for():
    result = refusal(evaluation(), ["far", "near", "near", "near"], others([0.1, 0.99, 0.99, 0.2]), reject=0.5)
    assert result["most_accepted"] == [{"sign": "near", "clips": 3, "accepted": 2, "for": "w2"}]
    assert result["accepted"] == 0.5 and result["signs"] == 2
    assert "near (2 of 3, for w2)" in "\n".join(refusal_lines(result))


def test_the_more_right_answers_are_kept_the_more_other_signs_are_accepted():
    rng = np.random.default_rng(0)
    curve = refusal(evaluation(200), ["x"] * 99, others(rng.random(99).tolist()), reject=0.5)["curve"]
    accepted = [row["accepted"] for row in curve]
    assert accepted == sorted(accepted) and accepted[0] < accepted[-1]


def test_wrong_answers_do_not_count_as_kept():
    ev = evaluation(40)
    result = refusal(ev, ["x"], others([2.0]), reject=0.0)
    assert result["right"] == int(ev.right.sum()) < 40 and result["auroc"] == 0.0


def test_no_figure_without_background_clips_or_right_answers():
    assert refusal(evaluation(), [], np.zeros((0, 6), np.float32), reject=0.5) == {}
