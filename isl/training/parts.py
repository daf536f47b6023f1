"""Builds the parts of a training and tries them on two made-up clips, without Lightning, which loads for seconds."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from omegaconf import DictConfig, OmegaConf

from isl.augment import NoAugmentation
from isl.config.build import ANY, build
from isl.data.clips import Batch
from isl.errors import InputError
from isl.features import Features
from isl.landmarks import BODY_SIZE, CLIP_FRAMES, FRAME_SIZE
from isl.models.network import build_network
from isl.training.optimizer import build_optimizer
from isl.training.option_checks import check_device
from isl.training.schedule import build_scheduler

WORDS = ["first", "second"]


def try_parts(cfg: DictConfig) -> None:
    """Build features, network, augmentation, optimiser and schedule, and compute a loss and its gradient.

    Raises:
        InputError: one of them cannot be built, they do not fit each other, or there is no such device.
    """
    config: dict[str, Any] = OmegaConf.to_container(cfg, resolve=True)  # type: ignore[assignment]
    check_device(config["trainer"], torch.cuda.is_available(), torch.backends.mps.is_available())
    try:
        features: Features = build(config["features"], base=Features, trusted=ANY, at="features")
        network = build_network(config["model"], features.size, len(WORDS), features.skeleton, features.views)
        augment: NoAugmentation = build(config["augment"], base=NoAugmentation, trusted=ANY, at="augment")
        build_scheduler(config["scheduler"], build_optimizer(config["optimizer"], network), "val/loss")
        batch = augment.landmarks(make_clips(features.reads_face or augment.reads_face))
        targets = F.one_hot(batch.label, len(WORDS)).to(batch.landmarks.dtype)
        x, targets = augment.inputs(features(batch.landmarks, batch.aspect), targets)
        logits = network.branch_logits(x)  # (B, branches, words)
        F.cross_entropy(logits.flatten(0, 1), targets.repeat_interleave(logits.shape[1], 0)).backward()
    except InputError:
        raise
    except Exception as error:
        raise explain(error) from error


def make_clips(face: bool) -> Batch:
    """Returns two clips of random landmarks, one of each word of ``WORDS``, with the face mesh or without."""
    numbers = FRAME_SIZE if face else BODY_SIZE
    landmarks = torch.rand(2, CLIP_FRAMES, numbers, generator=torch.Generator().manual_seed(0))
    return Batch(landmarks=landmarks, aspect=torch.ones(2), label=torch.arange(2))


def explain(error: Exception) -> InputError:
    """Returns the message for options that are valid one by one and fail together."""
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return InputError(f"these options of model, features, augment and trainer do not go together: {reason}")
