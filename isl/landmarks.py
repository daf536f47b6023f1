"""The 1,662 numbers of a frame: layout of the parts, found and missing parts, mirror, resampling, checks.

A frame is float32 ``(1662,)`` in the layout of the MediaPipe Holistic tutorials: pose 33 x (x, y, z, visibility),
face 468 x (x, y, z), left hand 21 x (x, y, z), right hand 21 x (x, y, z). x runs over the picture's width and y over
its height, both from 0 to 1. A part that was not found is all zeros. The indices of all points are defined in this
module alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from isl.errors import InputError

Floats = npt.NDArray[np.float32]
Array = TypeVar("Array", bound=Any)  # numpy.ndarray or torch.Tensor: the functions below take both


class NotFiniteError(InputError):
    """Landmarks that contain NaN or infinity, from a failed computation; the file itself is intact."""


@dataclass(frozen=True)
class Part:
    """A part of the body in a frame: ``points`` landmarks of ``dims`` numbers each, beginning at ``start``."""

    name: str
    start: int
    points: int
    dims: int

    @property
    def size(self) -> int:
        return self.points * self.dims

    @property
    def slice(self) -> slice:
        return slice(self.start, self.start + self.size)

    def numbers(self, landmarks: Array) -> Array:
        """Returns the part's numbers, a view: ``(..., 1662)``, or ``(..., 258)`` without face, to ``(..., size)``."""
        if landmarks.shape[-1] == BODY_SIZE and self.start > FACE.start:
            return landmarks[..., self.start - FACE.size : self.start - FACE.size + self.size]
        return landmarks[..., self.slice]

    def of(self, landmarks: Array) -> Array:
        """Returns the part's numbers as points: ``(..., 1662)`` or ``(..., 258)`` to ``(..., points, dims)``."""
        block = self.numbers(landmarks)
        return block.reshape(*block.shape[:-1], self.points, self.dims)


POSE = Part("pose", 0, 33, 4)
FACE = Part("face", 132, 468, 3)
LEFT_HAND = Part("left_hand", 1536, 21, 3)
RIGHT_HAND = Part("right_hand", 1599, 21, 3)
PARTS = (POSE, FACE, LEFT_HAND, RIGHT_HAND)
FRAME_SIZE = sum(part.size for part in PARTS)  # 1662
BODY_SIZE = FRAME_SIZE - FACE.size  # 258, a frame without the face mesh: pose, left hand, right hand
CLIP_FRAMES = 60
FARTHEST = 1e3  # picture widths; landmarks farther out are invalid, and so is NaN, which is not less than it

# Pose points (https://ai.google.dev/edge/mediapipe/solutions/vision/pose_landmarker)
NOSE = 0
LEFT_SHOULDER, RIGHT_SHOULDER = 11, 12
LEFT_ELBOW, RIGHT_ELBOW = 13, 14
LEFT_WRIST, RIGHT_WRIST = 15, 16
LEFT_HIP, RIGHT_HIP = 23, 24
HEAD = (0, 2, 5, 7, 8, 9, 10)  # nose, eyes, ears, corners of the mouth: found even without the face mesh
ARMS = tuple(range(13, 23))  # elbows, wrists, hand stubs, alternately left and right
UPPER_BODY = tuple(range(25))  # face, arms, hand stubs and hips: the points in a webcam's picture

# Hand points: the wrist, then four joints per finger from root to tip
WRIST = 0
FINGERS = tuple(tuple(range(root, root + 4)) for root in (1, 5, 9, 13, 17))
MIDDLE_ROOT = 9
THUMB_JOINT = 2  # root of the thumb outside the palm

# Face mesh points: the contour of the lips, the nose's ridge and wings, both eyes and both brows
LIPS = tuple(
    int(i)
    for i in "61 185 40 39 37 0 267 269 270 409 291 375 321 405 314 17 84 181 91 146 "
    "78 191 80 81 82 13 312 311 310 415 308 324 318 402 317 14 87 178 88 95".split()
)
NOSE_RIDGE = (1, 2, 98, 327, 4, 5, 6, 168, 195, 197)
EYES = tuple(
    int(i)
    for i in "33 7 163 144 145 153 154 155 133 246 161 160 159 158 157 173 "
    "263 249 390 373 374 380 381 382 362 466 388 387 386 385 384 398".split()
)
BROWS = tuple(int(i) for i in "46 53 52 65 55 70 63 105 66 107 276 283 282 295 285 300 293 334 296 336".split())

_POSE_PAIRS = "1:4 2:5 3:6 7:8 9:10 11:12 13:14 15:16 17:18 19:20 21:22 23:24 25:26 27:28 29:30 31:32"
# Computed by reflecting a mean face and pairing each point with the nearest one; 28 points lie on the midline.
_FACE_PAIRS = """
    3:248 7:249 20:250 21:251 22:252 23:253 24:254 25:255 26:256 27:257 28:258 29:259 30:260 31:261
    32:262 33:263 34:264 35:265 36:266 37:267 38:268 39:269 40:270 41:271 42:272 43:273 44:274 45:275
    46:276 47:277 48:278 49:279 50:280 51:281 52:282 53:283 54:284 55:285 56:286 57:287 58:288 59:289
    60:290 61:291 62:292 63:293 64:294 65:295 66:296 67:297 68:298 69:299 70:300 71:301 72:302 73:303
    74:304 75:305 76:306 77:307 78:308 79:309 80:310 81:311 82:312 83:313 84:314 85:315 86:316 87:317
    88:318 89:319 90:320 91:321 92:322 93:323 95:324 96:325 97:326 98:327 99:328 100:329 101:330 102:331
    103:332 104:333 105:334 106:335 107:336 108:337 109:338 110:339 111:340 112:341 113:342 114:343
    115:344 116:345 117:346 118:347 119:348 120:349 121:350 122:351 123:352 124:353 125:354 126:355
    127:356 128:357 129:358 130:359 131:360 132:361 133:362 134:363 135:364 136:365 137:366 138:367
    139:368 140:369 141:370 142:371 143:372 144:373 145:374 146:375 147:376 148:377 149:378 150:379
    153:380 154:381 155:382 156:383 157:384 158:385 159:386 160:387 161:388 162:389 163:390 165:391
    166:392 167:393 169:394 170:395 171:396 172:397 173:398 174:399 176:400 177:401 178:402 179:403
    180:404 181:405 182:406 183:407 184:408 185:409 186:410 187:411 188:412 189:413 190:414 191:415
    192:416 193:417 194:418 196:419 198:420 201:421 202:422 203:423 204:424 205:425 206:426 207:427
    208:428 209:429 210:430 211:431 212:432 213:433 214:434 215:435 216:436 217:437 218:438 219:439
    220:440 221:441 222:442 223:443 224:444 225:445 226:446 227:447 228:448 229:449 230:450 231:451
    232:452 233:453 234:454 235:455 236:456 237:457 238:458 239:459 240:460 241:461 242:462 243:463
    244:464 245:465 246:466 247:467
"""


Point = tuple[Part, int]  # a part and the index of a point in it

# Pose points, each with its parent, outward from the nose
_POSE_TREE = """
    1:0 2:1 3:2 7:3 4:0 5:4 6:5 8:6 9:0 10:0 11:0 12:0 13:11 14:12 15:13 16:14 17:15 18:16 19:15 20:16 21:15 22:16
    23:11 24:12 25:23 26:24 27:25 28:26 29:27 30:28 31:29 32:30
"""


def _tree() -> dict[Point, Point]:
    tree = {}
    for pair in _POSE_TREE.split():
        point, above = (int(i) for i in pair.split(":"))
        tree[POSE, point] = (POSE, above)
    for hand, wrist in ((LEFT_HAND, LEFT_WRIST), (RIGHT_HAND, RIGHT_WRIST)):
        tree[hand, WRIST] = (POSE, wrist)
        for finger in FINGERS:
            for above, joint in pairwise((WRIST, *finger)):
                tree[hand, joint] = (hand, above)
    return tree


# The parent of each point of the body and the hands. The nose has no parent. The parent of a hand's wrist is the pose's
# wrist, and the parent of a joint is the joint before it. The points of the face mesh are not included.
HANGS_FROM: dict[Point, Point] = _tree()


def _swap_sides(points: int, pairs: str) -> npt.NDArray[np.int64]:
    order = np.arange(points)
    for pair in pairs.split():
        left, right = (int(i) for i in pair.split(":"))
        order[left], order[right] = right, left
    return order


POSE_MIRROR = _swap_sides(POSE.points, _POSE_PAIRS)  # (33,): the point that replaces each point in a mirror image
FACE_MIRROR = _swap_sides(FACE.points, _FACE_PAIRS)  # (468,)


def _mirror_index() -> npt.NDArray[np.int64]:
    index = np.arange(FRAME_SIZE)
    for part, points in ((POSE, POSE_MIRROR), (FACE, FACE_MIRROR)):
        part.of(index)[:] = part.of(np.arange(FRAME_SIZE))[points]
    index[LEFT_HAND.slice], index[RIGHT_HAND.slice] = (
        np.arange(FRAME_SIZE)[RIGHT_HAND.slice],
        np.arange(FRAME_SIZE)[LEFT_HAND.slice],
    )
    return index


MIRROR_INDEX = _mirror_index()  # (1662,): the number that replaces each number in a mirror image, before x is flipped


def shoulders(pose: Array) -> tuple[Array, Array]:
    """Returns the midpoint of the shoulders and the vector from the right to the left shoulder.

    Shapes: pose points ``(..., 33, D)`` to ``(..., D)`` each.
    """
    left, right = pose[..., LEFT_SHOULDER, :], pose[..., RIGHT_SHOULDER, :]
    return (left + right) / 2, left - right


def is_found(landmarks: Array, part: Part) -> Array:
    """Returns True where ``part`` was found: ``(..., 1662)`` or ``(..., 258)`` to bool ``(...)``.

    A missing part is all zeros. The face mesh must not be asked for in frames of 258 numbers, which have none.
    """
    numbers: Any = part.numbers(landmarks)
    if isinstance(numbers, np.ndarray):
        return (numbers != 0).any(-1)
    return numbers.abs().amax(-1) > 0  # a third of the time of torch's ``any``


def without_face(frames: Floats) -> Floats:
    """Returns a copy of the frames without the face mesh: ``(..., 1662)`` to ``(..., 258)``."""
    return np.concatenate([frames[..., : FACE.start], frames[..., LEFT_HAND.start :]], -1)


def mirror(landmarks: Array) -> Array:
    """Mirrors a clip: left and right are swapped and x becomes 1 - x; missing parts stay missing.

    Shapes: ``(..., 1662)`` to ``(..., 1662)``, a copy. Mirroring twice restores the clip up to rounding.
    """
    mirrored = landmarks[..., MIRROR_INDEX]
    for part in PARTS:
        x = mirrored[..., part.slice][..., :: part.dims]  # a view: writing to it writes to `mirrored`
        x[...] = (1 - x) * is_found(mirrored, part)[..., None]
    return mirrored


def sample_indices(frames: int, count: int = CLIP_FRAMES) -> npt.NDArray[np.int64]:
    """Returns the indices of ``count`` of ``frames`` frames: uniform, with both ends; short clips repeat frames.

    This is Insignia's rule, ``round(linspace(0, frames - 1, count))``, so that its stored clips can be used here.
    """
    if frames < 1:
        raise ValueError("a clip needs at least one frame")
    return np.linspace(0, frames - 1, count).round().astype(np.int64)


def resample(clip: Array, count: int = CLIP_FRAMES) -> Array:
    """Resamples a clip to ``count`` frames by ``sample_indices``: ``(T, 1662)``, of any T, to ``(count, 1662)``."""
    return clip[sample_indices(len(clip), count)]


def clean_frame(landmarks: Any) -> Floats:
    """Returns the float32 frame ``(1662,)``; an invalid one (another shape, NaN, far out) becomes all zeros."""
    frame = np.asarray(landmarks)
    if frame.shape != (FRAME_SIZE,) or frame.dtype.kind not in "fiu" or not (np.abs(frame) < FARTHEST).all():
        return np.zeros(FRAME_SIZE, np.float32)
    return frame.astype(np.float32, copy=False)


def checked(clip: Any, where: str | Path) -> Floats:
    """Returns the clip as float32 ``(T, 1662)``, after a check.

    Raises:
        InputError: the data read from ``where`` are not a clip.
        NotFiniteError: the clip contains NaN or infinity.
    """
    if not isinstance(clip, np.ndarray) or clip.dtype.kind not in "fiu":
        kind = f"an array of {clip.dtype}" if isinstance(clip, np.ndarray) else f"a {type(clip).__name__}"
        raise InputError(f"{where}: {kind}, not landmarks; extract it again from its video")
    if clip.ndim == 1:
        clip = clip[None]
    if clip.ndim != 2 or clip.shape[1] != FRAME_SIZE:
        raise InputError(
            f"{where}: shape {clip.shape}, but a clip is (frames, {FRAME_SIZE}); extract it again from its video"
        )
    if len(clip) == 0:
        raise InputError(f"{where}: no frames; extract it again from its video, or delete it")
    clip = clip.astype(np.float32, copy=False)
    if not np.isfinite(clip).all():
        frame = int(np.argmin(np.isfinite(clip).all(1)))
        reason = f"NaN or infinity in frame {frame}"
        raise NotFiniteError(f"{where}: {reason}; extract it again from its video, or delete it")
    return clip
