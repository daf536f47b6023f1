"""Clips of a signer as batches of tensors, for tests of landmarks as the network receives them."""

from __future__ import annotations

import torch

from isl import landmarks as lm


def signer(frames: int = 12, seed: int = 0) -> torch.Tensor:
    """Returns a clip ``(1, T, 1662)`` of a signer with plausible shoulders; hands are missing in some frames."""
    torch.manual_seed(seed)
    clip = torch.rand(1, frames, lm.FRAME_SIZE) * 0.4 + 0.3
    pose = lm.POSE.of(clip)
    pose[:, :, lm.LEFT_SHOULDER, :2] = torch.tensor([0.6, 0.5]) + 0.01 * torch.rand(frames, 2)
    pose[:, :, lm.RIGHT_SHOULDER, :2] = torch.tensor([0.4, 0.5]) + 0.01 * torch.rand(frames, 2)
    clip[:, 3:5, lm.LEFT_HAND.slice] = 0
    clip[:, 8:, lm.RIGHT_HAND.slice] = 0
    return clip
