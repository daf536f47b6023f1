"""Strong augmentation: other people, other rooms, other days, made out of the clips at hand.

``Strong`` puts a batch of raw landmarks into the signers' own measure once (a ``Scene``), lets its steps change it, and
writes it back. Steps draw anew for every clip. A part that was not found stays not found, and labels are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from isl import landmarks as lm
from isl.augment.noise import NoAugmentation
from isl.config.build import ANY, build
from isl.data.clips import Batch
from isl.features.measure import body_frame

# Where the parts' points stand in a scene
ORDER = (lm.POSE, lm.LEFT_HAND, lm.RIGHT_HAND, lm.FACE)
LEFT, RIGHT, FACE_FOUND = 1, 2, 3  # columns of `Scene.found`
ENDS = [0, *accumulate(part.points for part in ORDER)]
PLACE = [slice(start, end) for start, end in pairwise(ENDS)]
POSE, HANDS, FACE = PLACE[0], slice(PLACE[LEFT].start, PLACE[RIGHT].stop), PLACE[FACE_FOUND]


@dataclass
class Scene:
    """A batch of clips in the signers' own measure: unit the shoulders' width, origin between them, y down."""

    xy: Tensor  # (B, T, P, 2); P = the points of pose, left hand, right hand (and face), one part after another
    z: Tensor  # (B, T, P), same unit
    found: Tensor  # (B, T, 4) bool: pose, left hand, right hand, face
    visible: Tensor  # (B, T, 33): the pose's visibility
    label: Tensor  # (B,): the word, which no step changes

    @property
    def hands(self) -> Tensor:
        """A view of both hands, left first: ``(B, T, 2, 21, 2)``."""
        return self.xy[:, :, HANDS].unflatten(2, (2, lm.LEFT_HAND.points))

    def uniform(self, *shape: int, low: float = -1.0, high: float = 1.0) -> Tensor:
        """Random numbers ``(B, *shape)``."""
        return torch.empty(len(self.xy), *shape, device=self.xy.device).uniform_(low, high)

    def normal(self, *shape: int, sigma: float = 1.0) -> Tensor:
        return torch.randn(len(self.xy), *shape, device=self.xy.device) * sigma

    def chance(self, p: float, *shape: int) -> Tensor:
        """True with probability ``p``: bool ``(B, *shape)``."""
        return torch.rand(len(self.xy), *shape, device=self.xy.device) < p


class Step(nn.Module):
    """A step that changes nothing: what a real one overrides."""

    def scene(self, scene: Scene) -> Scene:
        """Change the scene before the features see it; may write to it."""
        return scene

    def inputs(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Change features ``(B, T, F)`` and target probabilities ``(B, words)``."""
        return x, target


class Strong(NoAugmentation):
    """Several steps, one after another.

    Args:
        steps: by name, each a ``_target_`` with its arguments, in the order in which they happen. None switches one
            off: ``augment.steps.mixup=null``.
        face: carry the face mesh along; without, it is blanked: most features do not look at it, and it is most of
            the work.
    """

    def __init__(self, steps: dict[str, dict[str, Any] | None], face: bool = False) -> None:
        super().__init__()
        self.steps = nn.ModuleList(build(step, base=Step, trusted=ANY) for step in steps.values() if step is not None)
        self.parts = ORDER if face else ORDER[:3]

    def landmarks(self, batch: Batch) -> Batch:
        """The same clips signed by somebody else, somewhere else: a new batch, the given one is left alone."""
        x, label, aspect = batch
        every = torch.cat([part.of(x)[..., :3] for part in self.parts], 2)  # (B, T, P, 3)
        # (B, T, 4); a face that is not carried along is not looked for: it is most of the numbers
        found = torch.stack([lm.found(x, part) for part in self.parts], -1)
        found = F.pad(found, (0, len(ORDER) - len(self.parts)))
        square = torch.stack([aspect, torch.ones_like(aspect), aspect], -1).view(-1, 1, 1, 3)  # z's unit is x's
        every = every * square
        origin, unit = body_frame(every[:, :, POSE, :2], found[..., 0])
        origin, unit = origin.view(-1, 1, 1, 2), unit.view(-1, 1, 1, 1)
        visible = lm.POSE.of(x)[..., 3]
        scene = Scene((every[..., :2] - origin) / unit, every[..., 2] / unit[..., 0], found, visible, label)
        for step in self.steps:
            assert isinstance(step, Step)
            scene = step.scene(scene)
        every = torch.cat([scene.xy * unit + origin, scene.z[..., None] * unit], -1) / square
        copy = x.new_zeros(*scene.xy.shape[:2], lm.FRAME_SIZE)
        for i, part in enumerate(self.parts):
            part.of(copy)[..., :3] = every[:, :, PLACE[i]] * scene.found[..., i, None, None]
        lm.POSE.of(copy)[..., 3] = scene.visible
        return batch._replace(landmarks=copy)

    def inputs(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """What the steps do to the network's inputs and the targets, one after another."""
        for step in self.steps:
            assert isinstance(step, Step)
            x, target = step.inputs(x, target)
        return x, target
