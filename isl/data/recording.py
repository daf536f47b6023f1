"""Records clips of a sign after a countdown, and saves them in a dataset that is ready for training."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from isl.data.table import KEY, NAME, add_row, locked, read_table
from isl.errors import InputError
from isl.files import destination, replacing
from isl.landmarks import FRAME_SIZE, LEFT_HAND, POSE, RIGHT_HAND, Floats, is_found

COUNTDOWN = 3.0  # seconds
FEWEST = 8  # minimum number of frames of a clip
FASTEST = 120.0  # frames per second that are kept; more would fill the memory
COLUMNS = (*KEY, "group", "fps", "width", "height", "frames", "extractor")


@dataclass(frozen=True)
class RecordedClip:
    """One recorded clip that is not saved yet."""

    landmarks: Floats  # (T, 1662) float32
    fps: float
    size: tuple[int, int]  # width, height of the pictures in pixels

    @property
    def problem(self) -> str:
        """The reason why the clip is of no use for training; "" if there is none."""
        if len(self.landmarks) < FEWEST:
            return "too few frames"
        if not is_found(self.landmarks, POSE).any():
            return "nobody seen"
        if not is_found(self.landmarks, LEFT_HAND).any() and not is_found(self.landmarks, RIGHT_HAND).any():
            return "no hands seen"
        return ""


class Countdown:
    """Counts down at each ``start``, and then collects the frames of one recording.

    Args:
        seconds: length of a recording.

    Attributes:
        left: the number of the countdown; 0 if none is running.
        signing: True while frames are collected.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.restart(wanted=False)

    @property
    def busy(self) -> bool:
        """True from ``start`` to the end of the recording."""
        return self._wanted or self._from is not None

    def restart(self, wanted: bool) -> None:
        """Discard the frames so far; the countdown begins with the next frame if a recording is ``wanted``."""
        self._wanted = wanted
        self._from: float | None = None  # start time of the recording
        self._frames: list[tuple[float, Floats]] = []
        self.left, self.signing = 0, False

    def feed(self, time: float, landmarks: Floats, size: tuple[int, int]) -> RecordedClip | None:
        """Processes a frame; returns the recording when its time is over. Frames of an earlier time are left out."""
        if self._wanted:
            self._wanted, self._from = False, time + COUNTDOWN
        if self._from is None:
            return None
        if time < self._from - COUNTDOWN - 1:  # time went back
            self.restart(wanted=False)
            return None
        self.left, self.signing = max(0, math.ceil(self._from - time)), time >= self._from
        if not self.signing:
            return None
        if time > self._from + self.seconds:
            recording = self._end(size)
            self.restart(wanted=False)
            return recording
        if not self._frames or time - self._frames[-1][0] >= 1 / FASTEST:
            self._frames.append((time, landmarks))
        return None

    def _end(self, size: tuple[int, int]) -> RecordedClip:
        times = [time for time, _ in self._frames]
        fps = (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0
        clip = np.array([frame for _, frame in self._frames], np.float32).reshape(-1, FRAME_SIZE)
        return RecordedClip(clip, fps, size)


def save_recording(recording: RecordedClip, root: Path, word: str, group: str, extractor: str) -> Path:
    """Saves a clip as ``<root>/<word>/<group>_<number>.npy``, and adds its row to ``<root>/clips.csv``.

    Args:
        word, group: names that ``check_name`` has returned; ``group`` is the signer.
        extractor: name and version of the landmarker.

    Returns:
        The path of the clip. Two processes never get the same one.
    """
    folder = root / word
    with locked(root):
        number = 0
        while (path := folder / f"{group}_{number:03d}.npy").exists():
            number += 1
        with replacing(path) as unfinished:
            np.save(unfinished, recording.landmarks.astype(np.float32))
        frames = str(len(recording.landmarks))
        row = (word, path.stem, group, f"{recording.fps:.3f}", *map(str, recording.size), frames, extractor)
        add_row(root, dict(zip(COLUMNS, row, strict=True)))
    return path


def check_root(root: Path, flag: str) -> None:
    """Checks the folder of a dataset before anything is recorded.

    Raises:
        InputError: it is a file, can't be written to, or its table can't be read; the message begins with ``flag``.
    """
    if root.exists() and not root.is_dir():
        raise InputError(f"{flag}={root}: a file; give a folder")
    destination(root / "word" / "clip.npy", flag, [".npy"])
    read_table(root / NAME)


def check_name(value: Any, flag: str) -> str:
    """Returns ``value`` if it can name a file or a folder.

    Raises:
        InputError: it can't; the message begins with ``flag``.
    """
    name = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not name or name.strip(". ") != name or len(name) > 100 or re.search(r'[/\\:*?"<>|\x00-\x1f]', str(value)):
        raise InputError(f"{flag}={value!r}: give a name that a folder or a file can have")
    return name
