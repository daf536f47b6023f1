"""Steps that make one clip out of two: a hand from another take of the same word, or two clips at once."""

from __future__ import annotations

import torch
from torch import Tensor

from isl import landmarks as lm
from isl.augment.scene import HANDS, LEFT, RIGHT, Scene, Step
from isl.config.options import number


class HandExchange(Step):
    """A hand as another clip of the same word in the batch has it, frame by frame, at this clip's own wrist.

    Each hand of a clip is exchanged with chance ``p``, in the frames in which both clips have it, so that none is
    invented. A word that is alone in the batch keeps its hands.

    Source: exchange of parts inside a class, as in the Kaggle ISLR 2023 winner's write-up.
    """

    def __init__(self, p: float = 0.3) -> None:
        super().__init__()
        self.p = number(p, "augment.steps.hand_exchange.p", most=1)

    def scene(self, scene: Scene) -> Scene:
        same = (scene.label[:, None] == scene.label) & ~torch.eye(
            len(scene.label), dtype=torch.bool, device=scene.label.device
        )
        other = (torch.rand(same.shape, device=same.device) * same).argmax(1)  # (B,)
        found = scene.found[..., [LEFT, RIGHT]]  # (B, T, 2)
        taken = found & found[other] & scene.chance(self.p, 1, 2) & same.any(1)[:, None, None]
        hands = scene.hands  # (B, T, 2, 21, 2)
        shape = hands - hands[..., lm.WRIST, None, :]
        hands.copy_(torch.where(taken[..., None, None], hands[..., lm.WRIST, None, :] + shape[other], hands))
        z = scene.z[:, :, HANDS].unflatten(2, (2, lm.LEFT_HAND.points))
        z.copy_(torch.where(taken[..., None], z[other], z))
        return scene


class Mixup(Step):
    """Each clip blended with another one, and so are their labels (arXiv:1710.09412), in a share ``p`` of the clips."""

    def __init__(self, alpha: float = 0.4, p: float = 0.5) -> None:
        super().__init__()
        self.alpha, self.p = alpha, p

    def inputs(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        n = len(x)
        share = torch.distributions.Beta(self.alpha, self.alpha).sample((n, 1)).to(x)
        share = torch.where(torch.rand(n, 1, device=x.device) < self.p, share.maximum(1 - share), 1.0)
        other = torch.randperm(n, device=x.device)
        mixed = x * share[..., None] + x[other] * (1 - share[..., None])
        return mixed, target * share + target[other] * (1 - share)
