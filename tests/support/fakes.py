"""A fake of MediaPipe, for tests of the extraction around it. Workers import it by name."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
from support.drawn import number_of

from isl.errors import InputError
from isl.extract.extraction import Extraction, Options, extract
from isl.extract.recordings import find_recordings
from isl.extract.store import Store
from isl.landmarks import FRAME_SIZE, LEFT_HAND, POSE, Floats, sample_indices
from isl.vision.cut import Cut
from isl.vision.video import Video, VideoFacts

FRAMES = {"Doctor": (5, 7), "Fever": (3, 9, 4)}  # for each word, the frames of the videos of the fixture `recorded`


def landmark(path: Path, frames: int | None, face: bool = True, cut: Cut | None = None) -> tuple[Floats, VideoFacts]:
    """Returns a clip that contains the numbers of its frames. A video named nobody, bug or crash fails in that way."""
    video = Video(path, cut)
    if "nobody" in path.stem:
        raise InputError(f"{path}: shows nobody")
    if "bug" in path.stem:
        raise ZeroDivisionError("a bug")
    if "crash" in path.stem:
        os.kill(os.getpid(), signal.SIGKILL)
    pictures = [rgb for _, rgb in video] if frames is None else video.frames_at(sample_indices(video.frames, frames))
    numbers = np.array([number_of(rgb) for rgb in pictures], np.float32)
    clip = np.zeros((len(numbers), FRAME_SIZE), np.float32)
    clip[:, POSE.start] = 1 + numbers
    clip[::2, LEFT_HAND.start] = 0.5
    return clip, video.facts()


def slow_landmark(
    path: Path, frames: int | None, face: bool = True, cut: Cut | None = None
) -> tuple[Floats, VideoFacts]:
    time.sleep(0.1)
    return landmark(path, frames, face, cut)


def extracted(source: Path, output: Path, layout: str = "clip", **options: Any) -> Extraction:
    """Runs ``extract`` with the fake tracker."""
    of_run = {key: options.pop(key) for key in ("workers", "shard", "num_shards") if key in options}
    options = {"landmark": landmark, **options}
    return extract(find_recordings(source).recordings, Store(output, layout), Options(**options), **of_run)


def contents(folder: Path) -> dict[str, bytes]:
    """Returns the content of every file below ``folder``, and every empty folder with a path that ends in "/"."""
    paths = sorted(folder.rglob("*"))
    files = {str(path.relative_to(folder)): path.read_bytes() for path in paths if path.is_file()}
    empty = {str(path.relative_to(folder)) + "/": b"" for path in paths if path.is_dir() and not any(path.iterdir())}
    return files | empty


def gone(pid: int) -> bool:
    """Returns True if the process ends within a minute."""
    for _ in range(600):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
