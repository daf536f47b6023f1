"""Strong augmentation: imitates other signers, cameras and recordings with the clips of a batch.

``Strong`` converts a batch of raw landmarks to the signers' body frames (a ``Scene``), applies its steps, and converts
it back. Random numbers are drawn for every clip. Parts that were not found stay missing, and labels do not change.
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

# Position of each part's points in a scene
ORDER = (lm.POSE, lm.LEFT_HAND, lm.RIGHT_HAND, lm.FACE)
LEFT, RIGHT, FACE_PRESENT = 1, 2, 3  # columns of `Scene.present`
ENDS = [0, *accumulate(part.points for part in ORDER)]
PLACE = [slice(start, end) for start, end in pairwise(ENDS)]
POSE, HANDS, FACE = PLACE[0], slice(PLACE[LEFT].start, PLACE[RIGHT].stop), PLACE[FACE_PRESENT]


@dataclass
class Scene:
    """A batch of clips in the body frame: unit the shoulder width, origin between the shoulders, y pointing down.

    x and y are planes of their own, so that what is drawn once a clip acts on long rows of numbers.
    """

    xy: Tensor  # (2, B, T, P); P = the points of pose, left hand, right hand (and face), one part after another
    z: Tensor  # (B, T, P), same unit
    present: Tensor  # (B, T, 4) bool: pose, left hand, right hand, face
    visible: Tensor  # (B, T, 33): the pose's visibility
    label: Tensor  # (B,): the word, which no step changes

    @property
    def hands(self) -> Tensor:
        """Returns a view of both hands, left first: ``(2, B, T, 2, 21)``."""
        return self.xy[..., HANDS].unflatten(-1, (2, lm.LEFT_HAND.points))

    def uniform(self, *shape: int, low: float = -1.0, high: float = 1.0) -> Tensor:
        """Returns uniform random numbers ``(B, *shape)`` from ``low`` to ``high``."""
        return torch.empty(len(self.z), *shape, device=self.z.device).uniform_(low, high)

    def normal(self, *shape: int, sigma: float = 1.0) -> Tensor:
        return torch.randn(len(self.z), *shape, device=self.z.device) * sigma

    def shift(self, *shape: int, sigma: float = 1.0) -> Tensor:
        """Returns normal random numbers for x and y, ``(2, B, *shape)``."""
        return self.normal(*shape, 2, sigma=sigma).movedim(-1, 0)

    def chance(self, p: float, *shape: int) -> Tensor:
        """Returns bool ``(B, *shape)``, each True with probability ``p``."""
        return torch.rand(len(self.z), *shape, device=self.z.device) < p


class Step(nn.Module):
    """The base class of all steps, which changes nothing."""

    def scene(self, scene: Scene) -> Scene:
        """Changes the scene, before the features; may change it in place."""
        return scene

    def inputs(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Changes features ``(B, T, F)`` and target probabilities ``(B, words)``."""
        return x, target


class Strong(NoAugmentation):
    """Applies several steps, one after another.

    Args:
        steps: the steps by name, each a ``_target_`` with its arguments, in the order of application. None switches a
            step off: ``augment.steps.mixup=null``.
        face: keep the face mesh. False sets it to 0: most features do not use it, and it takes most of the time.
    """

    def __init__(self, steps: dict[str, dict[str, Any] | None], face: bool = False) -> None:
        super().__init__()
        self.steps = nn.ModuleList(
            build(step, base=Step, trusted=ANY, at=f"steps.{name}") for name, step in steps.items() if step is not None
        )
        self.face = bool(face)
        self.parts = ORDER if face else ORDER[:3]

    @property
    def reads_face(self) -> bool:
        return self.face

    def landmarks(self, batch: Batch) -> Batch:
        """Applies the steps to the landmarks. Returns a new batch, as wide; the given one is not changed."""
        x, label, aspect = batch
        points = torch.cat([part.of(x)[..., :3].movedim(-1, 0) for part in self.parts], -1)  # (3, B, T, P)
        # (B, T, 4); a face that is not kept is not searched for, since it is most of the numbers
        present = torch.stack([lm.is_found(x, part) for part in self.parts], -1)
        present = F.pad(present, (0, len(ORDER) - len(self.parts)))
        square = torch.stack([aspect, torch.ones_like(aspect), aspect])[:, :, None, None]  # z has the unit of x
        points = points * square
        origin, unit = body_frame(points[:2, ..., POSE].movedim(0, -1), present[..., 0])
        origin, unit = origin.T[:, :, None, None], unit.view(-1, 1, 1)
        scene = Scene((points[:2] - origin) / unit, points[2] / unit, present, lm.POSE.of(x)[..., 3], label)
        for step in self.steps:
            assert isinstance(step, Step)
            scene = step.scene(scene)
        points = torch.cat([scene.xy * unit + origin, (scene.z * unit)[None]]) / square
        copy = x.new_zeros(*scene.z.shape[:2], x.shape[-1])
        for i, part in enumerate(self.parts):
            part.of(copy)[..., :3] = (points[..., PLACE[i]] * scene.present[..., i, None]).movedim(0, -1)
        lm.POSE.of(copy)[..., 3] = scene.visible
        return batch._replace(landmarks=copy)

    def inputs(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Applies the steps to the network's inputs and the targets."""
        for step in self.steps:
            assert isinstance(step, Step)
            x, target = step.inputs(x, target)
        return x, target
