"""How sure a trained network may be, how unlike anything a sign must look to be called unknown, what streams weigh.

All are fitted on validation clips, never on test ones. Clips of the people who were trained on are nearly all
recognised, and say that the network is always right. So they are put to it as the training's augmentation distorts
them: other bodies, cameras and cuts are all that training data can tell of the people to come. And twice over, since
once is what the network was trained on. On generated signs by people who were not in training (four sets, means), the
calibration error was 0.146 as trained, 0.123 with a temperature from plain validation clips, 0.075 with one from
distorted and 0.078 from twice distorted ones, the loss 0.57 and 0.51; and of the right answers there 92 and 95 %
reached the confidence that 95 % were to reach.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch
from rich.console import Console
from rich.progress import track
from torch import Tensor

from isl import checkpoint
from isl.confidence import Floats, Labels, fit_temperature, fit_weights, softened, threshold
from isl.data.clips import Batch

if TYPE_CHECKING:
    from isl.task import SignRecognition

RECALL = 0.95  # the share of right validation answers that a rejection threshold lets pass
TIMES = 2  # that a clip is distorted, one distortion upon the other


class Batches(Protocol):
    """Batches that can be gone through again and again, such as a data loader."""

    def __iter__(self) -> Iterator[Batch]: ...

    def __len__(self) -> int: ...


@dataclass(frozen=True)
class Calibration:
    """What a checkpoint keeps beside its weights; as it is, nothing is changed and nothing rejected."""

    temperature: float = 1.0  # what the logits are divided by
    reject: float = 0.0  # the confidence below which a sign is unknown
    stream_weights: dict[str, float] = field(default_factory=dict)  # of a network that has streams

    def write(self, path: str | Path) -> None:
        """Into the checkpoint at ``path``."""
        tensors = {"model.weights": torch.tensor([*self.stream_weights.values()])} if self.stream_weights else {}
        checkpoint.amend(path, tensors, **asdict(self))


def calibrate(task: SignRecognition, clips: Batches, draws: int, seed: int) -> Calibration:
    """The temperature that suits distorted validation clips, and the confidence that 95 % of right answers there reach.

    Before that, the weights of a network's streams: what tells little of a distorted clip will tell little of a new
    signer's. They are set in the network as well.

    Args:
        task: the trained network and the augmentation that it was trained with, of which landmarks alone are distorted:
            blends of clips are nobody's sign.
        clips: batches of validation clips.
        draws: how often each clip is distorted anew.
        seed: of the distortions; the global random state is left alone.
    """
    streams, labels = distorted(task, clips, draws, seed)  # (N, streams, words)
    weights: dict[str, float] = {}
    if streams.shape[1] > 1:
        found = fit_weights(streams, labels, sum(len(batch.label) for batch in clips))
        weights = task.model.weigh(found.tolist())
    logits = task.model.together(torch.from_numpy(streams).to(task.device)).cpu().numpy()  # (N, words)
    temperature = fit_temperature(logits, labels)
    probabilities = softened(logits, temperature)
    right = probabilities.argmax(1) == labels
    reject = threshold(probabilities[right].max(1), RECALL) if right.any() else 0.0
    return Calibration(temperature, reject, weights)


def distorted(task: SignRecognition, clips: Batches, draws: int, seed: int) -> tuple[Floats, Labels]:
    """Logits ``(draws * N, streams, words)`` for ``draws`` double distortions of each of N clips, and their labels.

    Without an augmentation of landmarks there is nothing to draw, and each clip is looked at once.
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
        console = Console()
        quiet = not console.is_terminal
        total = draws * len(clips)
        batches = track(drawn(), "calibrating", total, console=console, transient=True, disable=quiet)
        return answers(task, batches, task.each)


@torch.inference_mode()
def answers(
    task: SignRecognition, batches: Iterable[Batch], ask: Callable[[Tensor, Tensor], Tensor] | None = None
) -> tuple[Floats, Labels]:
    """Logits ``(N, words)`` for the clips in ``batches``, or what else ``ask`` gives, and the clips' labels."""
    ask = ask or task
    task.eval()
    logits, labels = [], []
    for batch in batches:
        x = batch.landmarks.to(task.device), batch.aspect.to(task.device)
        logits.append(ask(*x).double().cpu().numpy())
        labels.append(batch.label.numpy())
    return np.concatenate(logits), np.concatenate(labels)
