"""Steps that imitate other signers: another body, another handedness, other hands."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from isl import landmarks as lm
from isl.augment.scene import FACE, FACE_PRESENT, HANDS, LEFT, POSE, RIGHT, Scene, Step

HEAD = slice(0, 11)  # of the pose: all points of the face
SHOULDERS = [lm.LEFT_SHOULDER, lm.RIGHT_SHOULDER]
ELBOWS, WRISTS = [lm.LEFT_ELBOW, lm.RIGHT_ELBOW], [lm.LEFT_WRIST, lm.RIGHT_WRIST]
STUBS = slice(lm.LEFT_WRIST, lm.ARMS[-1] + 1)  # wrists and hand stubs of the pose, alternately left and right
HAND = lm.LEFT_HAND.points
MIRROR = torch.tensor([
    *lm.POSE_MIRROR.tolist(),
    *range(HANDS.start + HAND, HANDS.stop),
    *range(HANDS.start, HANDS.start + HAND),
    *(FACE.start + i for i in lm.FACE_MIRROR.tolist()),
])  # fmt: skip


class Mirror(Step):
    """Mirrors some clips, as for left-handed signers and selfie cameras."""

    def __init__(self, p: float = 0.5) -> None:
        super().__init__()
        self.p = p

    def scene(self, scene: Scene) -> Scene:
        chosen = scene.chance(self.p)
        index = MIRROR[: scene.z.shape[2]].to(scene.z.device)
        flip = scene.xy.new_tensor([-1.0, 1.0]).view(2, 1, 1, 1)
        scene.xy[:, chosen] = scene.xy[:, chosen][..., index] * flip
        scene.z[chosen] = scene.z[chosen][..., index]
        points = index[POSE]
        scene.visible = torch.where(chosen[:, None, None], scene.visible[:, :, points], scene.visible)
        swapped = scene.present[..., [0, RIGHT, LEFT, FACE_PRESENT]]
        scene.present = torch.where(chosen[:, None, None], swapped, scene.present)
        return scene


class OtherBody(Step):
    """Imitates another person making the same sign: other proportions, reach, signing height and resting position.

    All lengths are in shoulder widths, all size factors are logarithms, drawn once per clip. The head moves and grows;
    the shoulders widen; each wrist and hand moves as a whole, more freely the farther it is from the face. A hand at
    the cheek stays there, since the face is the place of articulation; elsewhere the height of a sign is habit.

    Args:
        head: shift of the head.
        size: growth of head and hands.
        shoulders: growth of the shoulder width.
        reach: growth of the distance of the hands from the body's origin.
        elbow: shift of the elbows.
        offset: shift of both hands together.
        far: share of clips with 2.5 times the ``offset``, which makes the location less informative.
        own: shift of each hand alone.
        rest: used in place of ``own`` for a hand that is never found, since its arm rests.
        near: distance from the nose at which a hand moves half with the face, half freely.
    """

    def __init__(
        self,
        head: float = 0.07,
        size: float = 0.2,
        shoulders: float = 0.12,
        reach: float = 0.2,
        elbow: float = 0.15,
        offset: float = 0.3,
        far: float = 0.25,
        own: float = 0.08,
        rest: float = 0.3,
        near: float = 0.7,
    ) -> None:
        super().__init__()
        self.head, self.size, self.shoulders, self.reach, self.elbow = head, size, shoulders, reach, elbow
        self.offset, self.far, self.own, self.rest, self.near = offset, far, own, rest, near

    def scene(self, scene: Scene) -> Scene:
        xy, hands = scene.xy, scene.hands
        nose = xy[..., lm.NOSE, None].clone()  # (2, B, T, 1)
        wrists = xy[..., WRISTS]  # (2, B, T, 2), a copy
        step = scene.shift(1, 1, sigma=self.head)
        grow = (scene.uniform(1, 1) * self.size).exp()
        for part in (HEAD, FACE):
            xy[..., part] = nose + (xy[..., part] - nose) * grow + step
        xy[..., SHOULDERS] *= (scene.uniform(1, 1) * self.shoulders).exp()

        outward = xy.new_tensor([[1.0, -1.0], [1.0, 1.0]])[:, None, None]  # both arms open or close together
        shared = scene.shift(1, 1, sigma=self.offset) * torch.where(scene.chance(self.far, 1, 1), 2.5, 1.0)
        idle = ~scene.present[..., [LEFT, RIGHT]].any(1)  # (B, 2)
        own = scene.shift(1, 2) * torch.where(idle, self.rest, self.own)[:, None]
        reach = (scene.uniform(1, 1) * self.reach).exp()
        free = torch.sigmoid(((wrists - nose).norm(dim=0) - self.near) / 0.12)  # (B, T, 2)
        delta = free * (wrists * (reach - 1) + shared * outward + own) + (1 - free) * step  # (2, B, T, 2)
        xy[..., ELBOWS] += 0.5 * delta + scene.shift(1, 2, sigma=self.elbow)
        xy[..., STUBS] += delta.repeat(1, 1, 1, 4)
        root = hands[..., :1].clone()
        size = (scene.uniform(1, 2, 1) * self.size).exp()
        hands.copy_(root + (hands - root) * size + delta[..., None])
        return scene


class HandTurn(Step):
    """Turns the hands about the wrist in space and bends the fingers a little, drawn once per clip.

    Args:
        roll: rotation in the picture's plane; the standard deviation in degrees, as for the other two.
        tilt: rotation out of the picture's plane, with MediaPipe's z.
        finger: rotation of every finger joint.
    """

    def __init__(self, roll: float = 10, tilt: float = 15, finger: float = 6) -> None:
        super().__init__()
        self.roll, self.tilt, self.finger = roll, tilt, finger

    def scene(self, scene: Scene) -> Scene:
        hands = scene.hands  # (2, B, T, 2, 21)
        root = hands[..., :1].clone()
        flat = hands - root
        bend = scene.normal(1, 2, len(lm.FINGERS), 3, sigma=math.radians(self.finger))  # (B, 1, 2, fingers, joints)
        fingers = flat[..., 1:].unflatten(-1, (5, 4))  # (2, B, T, 2, fingers, 4), a view
        bones = rotate(fingers.diff(), bend.cumsum(-1))  # a joint turns all bones beyond it
        fingers[..., 1:] = fingers[..., :1] + bones.cumsum(-1)
        z = scene.z[..., HANDS].unflatten(-1, (2, lm.LEFT_HAND.points))
        sigma = flat.new_tensor([self.tilt, self.tilt, self.roll]) * (math.pi / 180)
        turn = rotation(scene.normal(2, 3) * sigma)[..., :2, :]  # (B, 2, 2, 3): x and y afterwards, of x, y and z
        columns = turn.permute(3, 2, 0, 1)[..., None, :, None]  # (3, 2, B, 1, 2, 1)
        deep = z - z[..., :1]  # (B, T, 2, 21)
        # column by column, as a product of many small matrices takes five times as long
        turned = torch.addcmul(root, flat[0], columns[0]).addcmul_(flat[1], columns[1])
        hands.copy_(turned.addcmul_(deep, columns[2]))
        return scene


def rotate(xy: Tensor, angle: Tensor) -> Tensor:
    """Returns points ``(2, ...)`` turned by ``angle (...)``, in radians."""
    x, y = xy
    cos, sin = angle.cos(), angle.sin()
    return torch.stack([x * cos - y * sin, x * sin + y * cos])


def rotation(vector: Tensor) -> Tensor:
    """Converts rotation vectors ``(..., 3)``, in radians, to matrices ``(..., 3, 3)``, by Rodrigues' formula."""
    a, b, c = vector.unbind(-1)
    zero = torch.zeros_like(a)
    skew = torch.stack([zero, -c, b, c, zero, -a, -b, a, zero], -1).unflatten(-1, (3, 3))
    angle = vector.norm(dim=-1)[..., None, None]
    once, twice = (angle / math.pi).sinc(), (angle / (2 * math.pi)).sinc().square() / 2  # also exact at angle 0
    return torch.eye(3, device=vector.device) + once * skew + twice * (skew @ skew)


class Approach(Step):
    """Imitates clips that are cut wider: hands rise from rest before the sign and sink again after it.

    At each end of a clip, with probability ``p``, up to ``longest`` of the clip becomes the way from or to a resting
    position beside the hips. Hands keep their shape on the way. In a share ``lost`` of the clips they are not found
    near the resting position.
    """

    def __init__(self, p: float = 0.35, longest: float = 0.4, lost: float = 0.5) -> None:
        super().__init__()
        self.p, self.longest, self.lost = p, longest, lost

    def scene(self, scene: Scene) -> Scene:
        clock = torch.linspace(0, 1, scene.z.shape[1], device=scene.z.device)
        away = torch.zeros_like(scene.z[..., 0])  # (B, T): 0 at the sign, 1 at rest
        for time in (clock, 1 - clock):
            length = scene.uniform(1, low=0.05, high=max(self.longest, 0.06))
            away = away.maximum(scene.chance(self.p, 1) * (1 - time / length).clamp(min=0))
        away = away * away * (3 - 2 * away)  # slow at both ends
        rest = scene.xy.new_tensor([[0.75, -0.75], [1.6, 1.6]])[:, None, None] + scene.shift(1, 2, sigma=0.2)
        delta = (rest - scene.xy[..., WRISTS]) * away[..., None]  # (2, B, T, 2)
        delta[1].clamp_(min=0)  # an arm that already rests lower stays there
        scene.xy[..., ELBOWS] += 0.4 * delta
        scene.xy[..., STUBS] += delta.repeat(1, 1, 1, 4)
        scene.hands.add_(delta[..., None])
        gone = (away[..., None] > scene.uniform(1, 2, low=0.3, high=1.0)) & scene.chance(self.lost, 1, 1)
        scene.present[..., [LEFT, RIGHT]] &= ~gone
        return scene
