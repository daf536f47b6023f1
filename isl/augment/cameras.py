"""Steps that imitate other recordings and detections: tempo and cut, camera, jitter, lost hands."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from isl import landmarks as lm
from isl.augment.people import rotate
from isl.augment.scene import FACE_PRESENT, LEFT, POSE, RIGHT, Scene, Step


class Tempo(Step):
    """Changes the speed and the start of clips, with an uneven tempo, since recordings are cut differently.

    Speeds lie between ``exp(-slow)`` and ``exp(fast)``. Beyond either end of the clip its end frame is repeated.
    """

    def __init__(
        self, slow: float = 1.0, fast: float = 0.5, shift: float = 0.15, warp: float = 0.15, p: float = 0.8
    ) -> None:
        super().__init__()
        self.slow, self.fast, self.shift, self.warp, self.p = slow, fast, shift, warp, p

    def scene(self, scene: Scene) -> Scene:
        frames = scene.z.shape[1]
        clock = torch.linspace(0, 1, frames, device=scene.z.device)
        warped = clock + scene.uniform(1) * self.warp * (clock * 2 * math.pi).sin() / 2
        when = 0.5 + (warped - 0.5) * scene.uniform(1, low=-self.slow, high=self.fast).exp()
        when = when + scene.uniform(1) * self.shift
        when = torch.where(scene.chance(self.p, 1), when, clock)  # (B, T)
        index = (when.clamp(0, 1) * (frames - 1)).round().long()
        index += frames * torch.arange(len(index), device=index.device)[:, None]  # of all frames of the batch

        def taken(values: Tensor, dim: int = 0) -> Tensor:
            return values.flatten(dim, dim + 1).index_select(dim, index.flatten()).view_as(values)

        z, present, visible = map(taken, (scene.z, scene.present, scene.visible))
        return Scene(taken(scene.xy, 1), z, present, visible, scene.label)


class Affine(Step):
    """Rotates, scales, stretches and shears clips about the middle of the shoulders: other cameras and postures."""

    def __init__(self, degrees: float = 12, scale: float = 0.2, stretch: float = 0.15, shear: float = 0.12) -> None:
        super().__init__()
        self.degrees, self.scale, self.stretch, self.shear = degrees, scale, stretch, shear

    def scene(self, scene: Scene) -> Scene:
        wide = (scene.uniform(1, 1) * self.scale).exp()
        tall = wide * (scene.uniform(1, 1) * self.stretch).exp()
        lean, angle = scene.uniform(1, 1) * self.shear, scene.uniform(1, 1) * math.radians(self.degrees)
        across = rotate(torch.stack([wide, torch.zeros_like(wide)]), angle)  # where x and y point afterwards
        down = rotate(torch.stack([lean, tall]), angle)  # (2, B, 1, 1)
        scene.xy = torch.addcmul(scene.xy[0] * across, scene.xy[1], down)
        return scene


class Jitter(Step):
    """Adds noise like a detector's: a tremble in every frame and a slow drift of each part, in shoulder widths."""

    def __init__(self, tremble: float = 0.01, drift: float = 0.04) -> None:
        super().__init__()
        self.tremble, self.drift = tremble, drift

    def scene(self, scene: Scene) -> Scene:
        frames = scene.z.shape[1]
        slow = F.interpolate(scene.normal(3 * 2, 6, sigma=self.drift), frames, mode="linear", align_corners=True)
        slow = slow.unflatten(1, (3, 2)).permute(2, 0, 3, 1)  # (2, B, T, parts)
        scene.xy[..., POSE] += slow[..., :1] + scene.shift(frames, lm.POSE.points, sigma=self.tremble)
        scene.hands.add_(slow[..., 1:, None] + scene.shift(frames, 2, lm.LEFT_HAND.points, sigma=0.4 * self.tremble))
        return scene


class Missing(Step):
    """Removes hands as a detector loses them (in single frames, in one stretch, or in the whole clip), and faces.

    Args:
        frame: share of single frames lost on average, in half of the clips.
        stretch: probability of losing a stretch of up to half the clip.
        clip: probability of losing a hand in the whole clip.
        both: probability of losing both hands in the whole clip.
        face: probability of losing the face in the whole clip.
    """

    def __init__(
        self, frame: float = 0.25, stretch: float = 0.4, clip: float = 0.03, both: float = 0.0, face: float = 0.2
    ) -> None:
        super().__init__()
        self.frame, self.stretch, self.clip, self.both, self.face = frame, stretch, clip, both, face

    def scene(self, scene: Scene) -> Scene:
        frames = scene.z.shape[1]
        clock = torch.arange(frames, device=scene.z.device)[:, None] / frames
        lost = torch.rand(len(scene.z), frames, 2, device=clock.device) < scene.uniform(
            1, 2, low=0, high=2 * self.frame
        )
        lost &= scene.chance(0.5, 1, 2)
        start, length = scene.uniform(1, 2, low=-0.25, high=1), scene.uniform(1, 2, low=0, high=0.5)
        lost |= scene.chance(self.stretch, 1, 2) & (clock >= start) & (clock < start + length)
        lost |= scene.chance(self.clip, 1, 2) | scene.chance(self.both, 1, 1)
        scene.present[..., [LEFT, RIGHT]] &= ~lost
        scene.present[..., FACE_PRESENT] &= ~scene.chance(self.face, 1)
        return scene


class FrameMask(Step):
    """Sets the features of a stretch of frames to 0: at most ``longest`` of a clip, in a share ``p`` of the clips."""

    def __init__(self, p: float = 0.5, longest: float = 0.3) -> None:
        super().__init__()
        self.p, self.longest = p, longest

    def inputs(self, x: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        clock = torch.linspace(0, 1, x.shape[1], device=x.device)
        hit, length, start = torch.rand(3, len(x), 1, device=x.device)
        length = length * self.longest * (hit < self.p)
        start = start * (1 - length)
        return x * ~((clock >= start) & (clock < start + length))[..., None], target
