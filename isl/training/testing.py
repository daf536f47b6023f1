"""Tests of a trained network: on the run's own test clips, on left-out words, on other signs, on another folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from isl.data.module import SignData
from isl.data.splits.groups import Indices
from isl.evaluation.refusal import refusal
from isl.evaluation.scores import Evaluation
from isl.recognition.decision import Decision
from isl.training.calibration import Calibration, collect_answers

if TYPE_CHECKING:
    from isl.training.task import SignRecognition


@dataclass
class Elsewhere:
    """Answers to the clips of ``data.test_root``: of words, and the scores on its other signs, {} if it has none."""

    evaluation: Evaluation
    refusal: dict[str, Any] = field(default_factory=dict)


def evaluate(task: SignRecognition, data: SignData, indices: Indices, decision: Decision) -> Evaluation:
    """Returns the answers to the clips at ``indices``; left-out words are among its words, without probabilities."""
    logits, labels = collect_answers(task, data.loader_of(indices))
    return evaluation(data, indices, labels, decision(torch.from_numpy(logits)).numpy())


def evaluation(data: SignData, indices: Indices, labels: Any, probabilities: Any) -> Evaluation:
    """Returns answers with the names and, where they are known, the groups of the clips at ``indices``."""
    clips, divided = data.clips, data.split.groups
    groups = [*divided, *clips.columns.get("group", [""] * len(clips))[len(divided) :]]
    signers = [groups[i] for i in indices]
    return Evaluation(
        words=data.words if not len(labels) or labels.max() < len(data.words) else clips.words,
        names=[clips.name[i] for i in indices],
        labels=labels,
        probabilities=probabilities,
        groups=signers if all(signers) else [],
    )


def try_elsewhere(task: SignRecognition, data: SignData, calibration: Calibration) -> Elsewhere | None:
    """Tests the network on the clips of ``data.test_root``; None if the run has no such folder."""
    if not len(data.elsewhere):
        return None
    decision = calibration.decision(data.words)
    evaluation = evaluate(task, data, data.elsewhere, decision)
    return Elsewhere(evaluation, compare_refusal(task, data, evaluation, data.strange, calibration))


def measure_refusal(task: SignRecognition, data: SignData, calibration: Calibration) -> dict[str, Any]:
    """Compares the background's test clips, whose people and signs were not in training, with right answers."""
    if not len(data.background.test) or not len(data.split.test):
        return {}
    evaluation = evaluate(task, data, data.split.test, calibration.decision(data.words))
    return compare_refusal(task, data, evaluation, data.background.test, calibration)


def compare_refusal(
    task: SignRecognition, data: SignData, evaluation: Evaluation, others: Indices, calibration: Calibration
) -> dict[str, Any]:
    """Compares the clips at ``others``, of signs that are no words, with the right answers in ``evaluation``."""
    if not len(others):
        return {}
    decision = calibration.decision(data.words)
    logits, signs = collect_answers(task, data.loader_of(others))
    named = [data.clips.words[label] for label in signs]
    probabilities = np.asarray(decision(torch.from_numpy(logits)).numpy())
    return refusal(evaluation, named, probabilities, calibration.least)
