"""Calibration of a trained network: temperature, rejection threshold, familiarity of words, weights of branches.

All are fitted on validation clips, never on test clips. Validation clips of the training's own signers are nearly all
recognised, so that the network seems to be always right. Therefore the training's augmentation distorts them first:
other bodies, cameras and cuts are all that training data can show of new signers. Each clip is distorted twice, since
the network was trained on clips that were distorted once. On generated signs by people who were not in training (four
sets, means), the calibration error was 0.146 as trained, 0.123 with a temperature from plain validation clips, 0.075
with one from distorted clips and 0.078 with one from twice distorted clips. With the last two, the loss was 0.57 and
0.51, and 92 and 95 % of the right answers reached the confidence that 95 % should reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch
from torch import Tensor

from isl import console
from isl.data.clips import Batch
from isl.evaluation.confidence import Floats, Labels, threshold
from isl.recognition.acceptance import interpolate_threshold
from isl.recognition.checkpoint import update_checkpoint
from isl.recognition.decision import Decision, align_offsets
from isl.recognition.recognizer import KEEP

if TYPE_CHECKING:
    from isl.training.task import SignRecognition

RECALL = 0.95  # the share of right validation answers that reach the rejection threshold
TEMPERATURES = (0.05, 20.0)  # outside this range probabilities are 0 or 1, or nearly equal
HEAVIEST = 1 / TEMPERATURES[0]
KEPT = (0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.98, 0.99)  # values of `accept.keep`: shares of right answers
BALANCE = 0.25  # part of the logarithm of a word's frequency in training that is undone: see tests/benchmarks/README.md
TIMES = 2  # how often a clip is distorted, one distortion after the other


class Batches(Protocol):
    """Batches that can be iterated over repeatedly, such as a data loader."""

    def __iter__(self) -> Iterator[Batch]: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True)
class Calibration:
    """Calibration values in a checkpoint. The defaults change no answer and reject none."""

    temperature: float = 1.0  # the divisor of the logits
    reject: float = 0.0  # the confidence below which a sign is unknown
    branch_weights: dict[str, float] = field(default_factory=dict)  # empty for a network without branches
    softness: float = 1.0  # this and the next three: see isl.recognition.decision
    slope: float = 0.0
    middle: float = 0.0
    thresholds: dict[str, float] = field(default_factory=dict)
    offsets: dict[str, float] = field(default_factory=dict)  # by word

    def decision(self, words: Sequence[str]) -> Decision:
        """Returns the ``Decision`` that turns logits into answers with these values."""
        offsets = align_offsets(self.offsets, words)
        return Decision(len(words), self.temperature, self.softness, self.slope, self.middle, self.thresholds, offsets)

    @property
    def least(self) -> float:
        """The confidence below which recognition calls a sign unknown, as ``Recognizer.reject``."""
        return interpolate_threshold(self.thresholds, KEEP) if self.slope and self.thresholds else self.reject

    def write(self, path: str | Path) -> None:
        """Write the values into the checkpoint at ``path``."""
        tensors = {"model.weights": torch.tensor([*self.branch_weights.values()])} if self.branch_weights else {}
        update_checkpoint(path, tensors, **asdict(self))


def calibrate(
    task: SignRecognition,
    clips: Batches,
    draws: int,
    seed: int,
    background: Batches | None = None,
    counts: Labels | None = None,
) -> Calibration:
    """Fits temperature, rejection thresholds and branch weights on distorted validation clips.

    The branch weights are fitted first and are also set in the network: a branch that is poor on distorted clips will
    be poor on a new signer's. With a background they stay equal: the training's own signers overrate the location,
    and strangers' other signs are refused better if every branch counts the same.

    Args:
        task: the trained network with its augmentation. Only the augmentation of landmarks is used, since a blend of
            clips is not a sign.
        clips: batches of validation clips.
        draws: the number of distorted versions of each clip.
        seed: of the distortions; the global random state is not changed.
        background: batches of the background's validation clips, which are distorted in the same way. They are used to
            fit how familiar a sign must be to count as a word. None: every sign is taken for a word.
        counts: how often an epoch has each word, (words,), for the offsets. None: all words alike.
    """
    words = len(task.words)
    branches, labels = distort(task, clips, draws, seed)  # (N, branches, words + signs)
    weights: dict[str, float] = {}
    if (count := branches.shape[1]) > 1:
        branch_weights = np.full(count, 1 / count)
        if background is None:
            branch_weights = fit_weights(branches[..., :words], labels, sum(len(batch.label) for batch in clips))
        weights = task.model.set_branch_weights(branch_weights.tolist())
    logits = _combine(task, branches)  # (N, words + signs)
    offsets = {} if counts is None else balance(task.words, counts)
    decision = Decision(words, softness=sum(weights.values()) or 1.0, offsets=[*offsets.values()])
    chosen = decision.choice(logits).numpy()
    decision = replace(decision, temperature=fit_temperature(chosen, labels))
    right = chosen.argmax(1) == labels
    if not right.any():
        return Calibration(decision.temperature, 0.0, weights, decision.softness, offsets=offsets)
    if background is not None:
        others, _ = distort(task, background, draws, seed)
        familiar = decision.familiarity(logits).numpy()[right]
        slope, middle = fit_logistic(familiar, decision.familiarity(_combine(task, others)).numpy())
        decision = replace(decision, slope=slope, middle=middle)
    confidence = decision(logits).amax(-1).numpy()[right]
    thresholds = {f"{keep:.2f}": threshold(confidence, keep) for keep in KEPT}
    reject = threshold(confidence, RECALL)
    curve = decision.softness, decision.slope, decision.middle
    return Calibration(decision.temperature, reject, weights, *curve, thresholds, offsets)


def balance(words: Sequence[str], counts: Labels) -> dict[str, float]:
    """Returns the offsets of words that an epoch has ``counts`` times, (words,): 0 on average, less for frequent ones.

    ``BALANCE`` of what a shift of the words' prior asks for (Menon et al. 2021, arXiv:2007.07314): all of it was too
    much for people who were not in training.
    """
    logs = np.log(np.maximum(counts, 1))
    return dict(zip(words, (BALANCE * (logs.mean() - logs)).tolist(), strict=True))


def _combine(task: SignRecognition, branches: Floats) -> Tensor:
    """Combines the branches' logits ``(N, branches, C)`` into the network's logits ``(N, C)``."""
    with torch.inference_mode():
        return task.model.combine(torch.from_numpy(branches).to(task.device)).cpu()


def fit_logistic(familiar: Floats, strange: Floats) -> tuple[float, float]:
    """Fits slope and middle of ``sigmoid(slope * (familiarity - middle))`` by maximum likelihood.

    Words and background have the same total weight. As in ``fit_temperature`` the targets are a little below 1 and
    above 0, so that the slope stays finite if the two kinds do not overlap (Platt 1999).

    Args:
        familiar: familiarity of clips of words, (N,). strange: familiarity of background clips, (M,).
    """
    from scipy.optimize import minimize
    from scipy.special import expit

    values, sizes = np.concatenate([familiar, strange]), [len(familiar), len(strange)]
    count = np.repeat(sizes, sizes)
    weight, target = 0.5 / count, (np.repeat([len(familiar), 0], sizes) + 1) / (count + 2)
    centre, spread = float(weight @ values), max(float(values.std()), 1e-6)
    scaled = (values - centre) / spread

    def loss(line: Floats) -> tuple[float, Floats]:
        height = line[0] * scaled + line[1]
        gap = weight * (expit(height) - target)
        return float(weight @ (np.logaddexp(0, height) - target * height)), np.array([gap @ scaled, gap.sum()])

    fitted = minimize(loss, np.array([1.0, 0.0]), jac=True, method="L-BFGS-B", bounds=[(1e-3, 100), (-100, 100)])
    slope, shift = fitted.x
    return float(slope / spread), float(centre - shift / slope * spread)


def distort(task: SignRecognition, clips: Batches, draws: int, seed: int) -> tuple[Floats, Labels]:
    """Returns logits ``(draws * N, branches, words)`` and labels of ``draws`` double distortions of each of N clips.

    If the augmentation does not change landmarks, each clip is evaluated once.
    """

    def drawn() -> Iterator[Batch]:
        for _ in range(draws):
            changed = False
            for batch in clips:
                other = batch
                for _ in range(TIMES):
                    other = task.augment.landmarks(other)
                changed |= other is not batch
                yield other
            if not changed:
                return

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        batches = console.progress(drawn(), "calibrating", draws * len(clips))
        return collect_answers(task, batches, task.branch_logits)


@torch.inference_mode()
def collect_answers(
    task: SignRecognition, batches: Iterable[Batch], ask: Callable[[Tensor, Tensor], Tensor] | None = None
) -> tuple[Floats, Labels]:
    """Returns logits ``(N, words)`` of the clips in ``batches``, or the outputs of ``ask``, and the clips' labels."""
    ask = ask or task
    task.eval()
    logits, labels = [], []
    for batch in batches:
        x = batch.landmarks.to(task.device), batch.aspect.to(task.device)
        logits.append(ask(*x).double().cpu().numpy())
        labels.append(batch.label.numpy())
    return np.concatenate(logits), np.concatenate(labels)


def fit_temperature(logits: Floats, labels: Labels) -> float:
    """Fits the temperature T, from 0.05 to 20, that makes ``softmax(logits / T)`` likeliest (Guo et al. 2017).

    The target of the signed word is (N + 1) / (N + 2) for N clips, not 1 (Platt 1999): a few clips that are all
    recognised do not make the next one certain. The derivative of the loss with respect to 1/T increases steadily, so
    its root is found by bisection, without a start value, a step size or random numbers.

    Args:
        logits: ``(N, words)``. labels: ``(N,)``.
    """
    clips, words = logits.shape
    logits = logits - logits.max(1, keepdims=True)
    sure = (clips + 1) / (clips + 2)
    signed = logits[np.arange(clips), labels]
    own = sure * signed + (1 - sure) * (logits.sum(1) - signed) / (words - 1)

    def slope(inverse: float) -> float:
        weight = np.exp(logits * inverse)
        return float(((weight * logits).sum(1) / weight.sum(1) - own).mean())

    low, high = (1 / t for t in reversed(TEMPERATURES))
    for _ in range(60):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return float(1 / (low * high) ** 0.5)


def fit_weights(branches: Floats, labels: Labels, clips: int) -> Floats:
    """Fits the weight of each branch, so that the weighted product of their probabilities is likeliest.

    The product is ``softmax(sum_s weights_s * log_softmax(branches_s))``, a log-linear opinion pool (Genest & Zidek
    1986); a weight of 0.5 equals a temperature of 2 for this branch. As in ``fit_temperature`` the target of the signed
    word is a little below 1. With fewer clips the weights stay closer to each other.

    Args:
        branches: logits ``(N, S, words)`` of each branch. labels: ``(N,)``.
        clips: the number of different clips among the N; the others are distortions of these.

    Returns:
        ``(S,)``, none below 0. If the branches tell nothing, all are equal and their sum is 1 / 20, as at the highest
        temperature.
    """
    from scipy.optimize import minimize  # takes a fifth of a second to load, needed only after training
    from scipy.special import log_softmax, logsumexp, softmax

    n, s, words = branches.shape
    logs = log_softmax(branches, -1).clip(np.log(1e-12))  # (N, S, words)
    sure = (n + 1) / (n + 2)
    signed = logs[np.arange(n), :, labels]  # (N, S)
    own = (sure * signed + (1 - sure) * (logs.sum(2) - signed) / (words - 1)).mean(0)  # (S,)

    def loss(weights: Floats) -> tuple[float, Floats]:
        logits = weights @ logs  # (N, words)
        apart = weights - weights.mean()
        value = logsumexp(logits, 1).mean() - weights @ own + (apart**2).sum() / clips
        slope = (logs @ softmax(logits, 1)[..., None])[..., 0].mean(0) - own + 2 * apart / clips
        return float(value), slope

    fitted = minimize(loss, np.full(s, 1 / s), jac=True, method="L-BFGS-B", bounds=[(0, HEAVIEST)] * s)
    least = 1 / TEMPERATURES[1]
    return np.asarray(fitted.x) if fitted.x.sum() > least else np.full(s, least / s)
