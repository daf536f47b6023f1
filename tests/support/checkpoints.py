"""Checkpoints of small untrained networks, and clips to recognise with them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from isl.config.build import build
from isl.landmarks import FRAME_SIZE
from isl.recognition.checkpoint import Checkpoint, save_checkpoint

MODEL = {"_target_": "isl.models.bilstm_attn.BiLSTMAttention", "hidden": 4}
CLIPS = np.random.default_rng(0).random((3, 60, FRAME_SIZE), np.float32)


def network(path: Path, seed: int, words=("no", "yes"), features="isl.features.RawFeatures", **about) -> Path:
    """Writes an untrained checkpoint to ``path``. Its weights depend on the seed."""
    torch.manual_seed(seed)
    size = build({"_target_": features}).size
    state = build(MODEL, inputs=size, words=len(words)).state_dict()
    state = {f"model.{key}": value * 3 for key, value in state.items()}  # larger, so that a mean differs from its parts
    save_checkpoint(Checkpoint(list(words), {"_target_": features}, MODEL, state, {"seed": seed, **about}), path)
    return path
