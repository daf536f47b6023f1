"""Random answers to random clips, for tests of metrics."""

from __future__ import annotations

import numpy as np

from isl.evaluation.scores import Evaluation


def evaluation(n: int = 40, words: int = 6, seed: int = 0) -> Evaluation:
    rng = np.random.default_rng(seed)
    logits = rng.normal(size=(n, words)).astype(np.float32)
    labels = rng.integers(words, size=n)
    logits[np.arange(n), labels] += 1.5
    probabilities = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    return Evaluation([f"w{i}" for i in range(words)], [f"c{i}" for i in range(n)], labels, probabilities)
