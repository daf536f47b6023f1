"""The accuracy lost with another camera, another hand or a worse recording: clips changed in one way at a time.

    python tests/benchmarks/robustness.py --root ../shared/data/isl18 RUN/s1.ckpt RUN/s2.ckpt

Each checkpoint was trained on one of isl18's two sessions, the first on s1; it is tested on the other one. For every
change the table has top-1 in both directions and their mean, on the words that are one movement in both sessions.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
from continuous import ASPECT
from rich.console import Console
from rich.table import Table
from streams import MOVED

from isl.landmarks import (
    ARMS,
    CLIP_FRAMES,
    FACE,
    LEFT_HAND,
    PARTS,
    POSE,
    RIGHT_HAND,
    Floats,
    is_found,
    mirror,
    resample,
)
from isl.recognition.recognizer import Recognizer

Change = Callable[[Floats, np.random.Generator], Floats]


def placed(clip: Floats, across: float, down: float, right: float = 0.0, lower: float = 0.0) -> Floats:
    """``across`` and ``down`` times as large, seen from the picture's middle, and moved by its widths and heights."""
    changed = clip.copy()
    for part in PARTS:
        there = is_found(clip, part)[..., None]
        x, y = (changed[..., part.slice][..., axis :: part.dims] for axis in (0, 1))  # views
        x[...] = (0.5 + (x - 0.5) * across + right) * there
        y[...] = (0.5 + (y - 0.5) * down + lower) * there
    return changed


def without(clip: Floats, part: slice) -> Floats:
    changed = clip.copy()
    changed[..., part] = 0
    return changed


def turned(clip: Floats, degrees: float) -> Floats:
    """The camera held askew."""
    changed = clip.copy()
    sin, cos = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    for part in PARTS:
        there = is_found(clip, part)[..., None]
        x, y = ((clip[..., part.slice][..., axis :: part.dims] - 0.5) * unit for axis, unit in ((0, ASPECT), (1, 1.0)))
        changed[..., part.slice][..., 0 :: part.dims] = (0.5 + (x * cos - y * sin) / ASPECT) * there
        changed[..., part.slice][..., 1 :: part.dims] = (0.5 + x * sin + y * cos) * there
    return changed


def lost_hands(clip: Floats, rng: np.random.Generator) -> Floats:
    """Each hand missing in another third of the frames."""
    changed = clip.copy()
    for part in (LEFT_HAND, RIGHT_HAND):
        changed[rng.random(len(clip)) < 1 / 3, part.slice] = 0
    return changed


def trembling(clip: Floats, rng: np.random.Generator) -> Floats:
    """Every number off by half a per cent of the picture: about a thirtieth of the shoulders' width."""
    return clip + rng.normal(0, 0.005, clip.shape).astype(np.float32) * (clip != 0)


def between(clip: Floats, frames: int) -> Floats:
    """The clip at another frame rate: straight lines between frames in which the same parts were found."""
    at = np.linspace(0, len(clip) - 1, frames)
    low = np.floor(at).astype(int).clip(max=len(clip) - 2)
    share = (at - low)[:, None].astype(np.float32)
    changed = clip[np.rint(at).astype(int)].copy()
    for part in PARTS:
        both = is_found(clip[low], part) & is_found(clip[low + 1], part)
        line = clip[low][:, part.slice] * (1 - share) + clip[low + 1][:, part.slice] * share
        changed[:, part.slice] = np.where(both[:, None], line, changed[:, part.slice])
    return changed


def held(clip: Floats) -> Floats:
    """A clip cut wide: as long again, its first and last frames held."""
    ends = len(clip) // 2
    return np.concatenate([np.repeat(clip[:1], ends, 0), clip, np.repeat(clip[-1:], ends, 0)])


def elbows_cut_off(clip: Floats) -> Floats:
    """A camera so near that elbows are outside and guessed at the lower edge."""
    changed = clip.copy()
    y = POSE.of(changed)[:, list(ARMS[:2]), 1]  # (T, 2)
    y = np.maximum(y, 1.0) * is_found(clip, POSE)[:, None]
    POSE.of(changed)[:, list(ARMS[:2]), 1] = y
    return changed


# What is done to a clip, and the aspect that the recogniser is told (None: it is not told, and takes its training's)
CHANGES: dict[str, tuple[Change, float | None]] = {
    "as filmed": (lambda clip, _: clip, ASPECT),
    "the other hand": (lambda clip, _: mirror(clip), ASPECT),
    "filmed at 16:9": (lambda clip, _: placed(clip, ASPECT / (16 / 9), 1), 16 / 9),
    "filmed upright, 9:16": (lambda clip, _: placed(clip, 1, (9 / 16) / ASPECT), 9 / 16),
    "16:9, and the aspect not told": (lambda clip, _: placed(clip, ASPECT / (16 / 9), 1), None),
    "from farther, at the picture's edge": (lambda clip, _: placed(clip, 0.5, 0.5, 0.2, 0.15), ASPECT),
    "camera 10 degrees askew": (lambda clip, _: turned(clip, 10), ASPECT),
    "no face mesh": (lambda clip, _: without(clip, FACE.slice), ASPECT),
    "elbows out of sight": (lambda clip, _: elbows_cut_off(clip), ASPECT),
    "a third of the hands lost": (lost_hands, ASPECT),
    "trembling landmarks": (trembling, ASPECT),
    "15 frames": (lambda clip, _: resample(clip, 15), ASPECT),
    "60 frames, smooth": (lambda clip, _: between(clip, CLIP_FRAMES), ASPECT),
    "100 frames, smooth": (lambda clip, _: between(clip, 100), ASPECT),
    "the middle 80 %": (lambda clip, _: clip[len(clip) // 10 : -(len(clip) // 10)], ASPECT),
    "cut as wide again": (lambda clip, _: held(clip), ASPECT),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoints", nargs=2, type=Path, help="trained on s1, trained on s2")
    parser.add_argument("--root", type=Path, required=True, help="isl18")
    chosen = parser.parse_args()

    clips = {word: sorted((chosen.root / word).glob("*.npy")) for word in folders(chosen.root)}
    scores: dict[str, list[float]] = {name: [] for name in CHANGES}
    for path, session in zip(chosen.checkpoints, ("s2", "s1"), strict=True):
        recognizer = Recognizer.load(path)
        tested = [
            (word, np.load(file).astype(np.float32))
            for word, files in clips.items()
            if word in recognizer.words and word not in MOVED
            for file in files
            if file.name.startswith(session)
        ]
        labels = np.array([recognizer.words.index(word) for word, _ in tested])
        for name, (change, aspect) in CHANGES.items():
            rng = np.random.default_rng(0)
            changed = np.stack([resample(change(clip, rng), CLIP_FRAMES) for _, clip in tested])
            answers = np.concatenate([recognizer(part, aspect).argmax(1) for part in np.array_split(changed, 8)])
            scores[name].append(float((answers == labels).mean()))

    table = Table("the test clips", "s1 -> s2", "s2 -> s1", "mean")
    for name, (one, other) in scores.items():
        table.add_row(name, f"{one:.1%}", f"{other:.1%}", f"{(one + other) / 2:.1%}")
    Console().print(table)


def folders(root: Path) -> list[str]:
    """The words: every folder beside the others."""
    return sorted(path.name for path in root.iterdir() if path.is_dir())


if __name__ == "__main__":
    main()
