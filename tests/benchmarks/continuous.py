"""Continuous streams made of single clips: what a camera would have seen had the clips been signed one after another.

Between two clips the hands sink, rest and rise again; every clip gets its own speed; the whole is then seen at any
frame rate. Rest is real: the arms of frames of the same session in which both hands hang, on each signer's shoulders.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from isl.landmarks import (
    FACE,
    FRAME_SIZE,
    LEFT_HAND,
    LEFT_SHOULDER,
    LEFT_WRIST,
    PARTS,
    POSE,
    RIGHT_HAND,
    RIGHT_SHOULDER,
    RIGHT_WRIST,
    Floats,
    is_found,
)
from isl.recognition.hands import height

ASPECT = 4 / 3
CLIP_SECONDS = 3.0  # 30 frames at the 10 fps of the same people's videos
ARMS = tuple(range(13, 23))  # elbows, wrists and the pose's own stubs of hands
HANDS = ((LEFT_HAND, LEFT_WRIST), (RIGHT_HAND, RIGHT_WRIST))


@dataclass(frozen=True)
class Signed:
    """A word that was signed from ``start`` to ``end`` (seconds)."""

    word: str
    start: float
    end: float


@dataclass
class Stream:
    """Frames with their times, the words that are in them, and the stretches in which no known word is."""

    times: np.ndarray  # (N,) seconds
    landmarks: Floats  # (N, 1662)
    words: list[Signed] = field(default_factory=list)
    quiet: list[tuple[str, float, float]] = field(default_factory=list)  # kind, start, end


class Tape:
    """Key frames with their times, to be seen at any frame rate."""

    def __init__(self, rest: Floats, rng: np.random.Generator) -> None:
        self.rest_arms, self.rng = rest, rng
        self.times: list[float] = []
        self.frames: list[Floats] = []
        self.words: list[Signed] = []
        self.quiet: list[tuple[str, float, float]] = []
        self.now = 0.0
        self._body: Floats | None = None

    def hold(self, frame: Floats, seconds: float, every: float = 0.1) -> None:
        """``frame`` for a while, swaying a little."""
        for _ in range(max(1, round(seconds / every))):
            self._key(_shaken(frame, self.rng), every)

    def rest(self, seconds: float, towards: Floats | None = None) -> None:
        """Hands down; the body becomes that of the next signer."""
        start, end = self._body, self._body if towards is None else resting(towards, self.rest_arms)
        start = end if start is None else start
        assert start is not None and end is not None
        steps = max(2, round(seconds / 0.1))
        for share in np.linspace(0, 1, steps):
            self._key(_shaken(_between(start, end, share), self.rng), seconds / steps)
        self._body = end

    def sign(self, clip: Floats, speed: float, rise: float) -> tuple[float, float]:
        """Hands up, the clip, hands down. Returns when the clip began and ended."""
        down = resting(clip[0], self.rest_arms)
        self._move(down, clip[0], rise)
        start = self.now
        every = CLIP_SECONDS / speed / len(clip)
        for frame in clip:
            self._key(frame, every)
        end = self.now
        self._body = resting(clip[-1], self.rest_arms)
        self._move(self._body, clip[-1], rise, back=True)
        return start, end

    def nobody(self, seconds: float) -> None:
        for _ in range(round(seconds / 0.1)):
            self._key(np.zeros(FRAME_SIZE, np.float32), 0.1)

    def seen(self, fps: float, jitter: float = 0.1) -> Stream:
        """The frames of a camera with ``fps`` frames a second, at slightly uneven times."""
        keys = np.array(self.times)
        times = np.arange(int(self.now * fps)) / fps
        times = np.sort(times + self.rng.uniform(-jitter, jitter, len(times)) / fps).clip(0)
        after = np.searchsorted(keys, times).clip(1, len(keys) - 1)
        share = ((times - keys[after - 1]) / (keys[after] - keys[after - 1])).clip(0, 1)
        frames = [_between(self.frames[a - 1], self.frames[a], s) for a, s in zip(after, share, strict=True)]
        return Stream(times, np.stack(frames), self.words, self.quiet)

    def _move(self, down: Floats, up: Floats, seconds: float, back: bool = False) -> None:
        """Arms from rest to where a sign begins; hands travel with their wrists and are found on the upper half."""
        steps = max(2, round(seconds / 0.05))
        shares = np.linspace(0, 1, steps, endpoint=False)
        for share in shares[::-1] if back else shares:
            eased = 3 * share**2 - 2 * share**3
            frame = _between(down, up, eased)
            for hand, wrist in HANDS:
                frame[hand.slice] = 0
                if eased > 0.5 and is_found(up, hand):
                    moved = POSE.of(frame)[wrist, :2] - POSE.of(up)[wrist, :2]
                    points = hand.of(up).copy()
                    points[:, :2] += moved
                    frame[hand.slice] = points.ravel()
            self._key(frame, seconds / steps)

    def _key(self, frame: Floats, seconds: float) -> None:
        self.times.append(self.now)
        self.frames.append(frame)
        self.now += seconds


def make(
    known: dict[str, list[Floats]],
    unknown: dict[str, list[Floats]],
    rest: Floats,
    rng: np.random.Generator,
    signs: int = 20,
    quiet: float = 15.0,
) -> Tape:
    """One stream: ``signs`` known words, and after each third of them nobody, idle hands, and unknown signs.

    Args:
        known, unknown: clips ``(T, 1662)`` by word.
        rest: arms at rest, from ``resting_arms``.
        signs: how many known words.
        quiet: length of each stretch without them, in seconds.
    """
    tape = Tape(rest, rng)
    order = [rng.choice(sorted(known)) for _ in range(signs)]
    for i, word in enumerate(order):
        clip = known[word][rng.integers(len(known[word]))]
        gap = rng.uniform(0.6, 2.5)
        tape.rest(gap, towards=clip[0])
        start, end = tape.sign(clip, rng.uniform(0.7, 1.4), rng.uniform(0.25, 0.5))
        tape.words.append(Signed(word, start, end))
        if i % 6 == 5:
            tape.rest(1.5)
            kind = ("nobody", "idle", "unknown")[i // 6 % 3]
            start = tape.now
            if kind == "nobody":
                tape.nobody(quiet)
            elif kind == "idle":
                tape.rest(quiet)
            else:
                while tape.now < start + quiet:
                    words = sorted(unknown)
                    clips = unknown[words[rng.integers(len(words))]]
                    clip = clips[rng.integers(len(clips))]
                    tape.rest(rng.uniform(0.6, 2.5), towards=clip[0])
                    tape.sign(clip, rng.uniform(0.7, 1.4), rng.uniform(0.25, 0.5))
            tape.rest(1.5)
            tape.quiet.append((kind, start, tape.now))
    tape.rest(2.0)
    return tape


def resting_arms(clips: list[Floats]) -> Floats:
    """Mean arms ``(10, 4)`` of frames in which both hands hang, relative to the shoulders and in their widths."""
    frames = np.concatenate(clips)
    pose, left, right = (is_found(frames, part).astype(bool) for part in (POSE, LEFT_HAND, RIGHT_HAND))
    frames = frames[pose & ~left & ~right]
    frames = np.stack([frame for frame in frames if height(frame, ASPECT) > 1.0])
    centre, width = _shoulders(frames)
    arms = POSE.of(frames)[:, list(ARMS)].copy()
    arms[..., :2] = (arms[..., :2] - centre[:, None]) / width[:, None, None]
    return np.median(arms, 0)


def resting(frame: Floats, arms: Floats) -> Floats:
    """``frame`` with its hands down."""
    frame = frame.copy()
    centre, width = _shoulders(frame[None])
    points = POSE.of(frame).copy()
    points[list(ARMS)] = arms
    points[list(ARMS), :2] = arms[:, :2] * width[0] + centre[0]
    frame[POSE.slice] = points.ravel()
    for hand, _ in HANDS:
        frame[hand.slice] = 0
    return frame


def _shoulders(frames: Floats) -> tuple[np.ndarray, np.ndarray]:
    shoulders = POSE.of(frames)[:, [LEFT_SHOULDER, RIGHT_SHOULDER], :2]
    return shoulders.mean(1), np.abs(shoulders[:, 0, 0] - shoulders[:, 1, 0])


def _between(a: Floats, b: Floats, share: float) -> Floats:
    """From ``a`` to ``b``; a part that only one of them has is there while that one is nearer."""
    mixed = (1 - share) * a + share * b
    nearer = a if share < 0.5 else b
    for part in PARTS:
        if is_found(a, part) != is_found(b, part):
            mixed[part.slice] = nearer[part.slice]
    return mixed.astype(np.float32)


def _shaken(frame: Floats, rng: np.random.Generator) -> Floats:
    frame = frame.copy()
    for part in (POSE, FACE):
        points = part.of(frame).copy()
        if points.any():
            points[:, :2] += rng.normal(0, 0.002, 2) + rng.normal(0, 0.0005, (part.points, 2))
            frame[part.slice] = points.ravel()
    return frame
