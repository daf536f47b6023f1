"""Recording a new sign: a countdown, a clip, and the clip in the dataset's folder, ready for training."""

from __future__ import annotations

import csv
import io
import math
import re
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from isl.config.options import number
from isl.data.table import KEY, NAME, read_table
from isl.errors import InputError
from isl.files import destination, replacing, write_text
from isl.landmarks import LEFT_HAND, POSE, RIGHT_HAND, Floats, found

COUNTDOWN = 3.0  # seconds
SHOWN = 2.0  # seconds for which the screen says what came of a clip
FEWEST = 8  # frames that make a clip
COLUMNS = (*KEY, "group", "fps", "width", "height", "frames", "extractor")


class ClipRecorder:
    """Records clips of one word, one a start.

    Args:
        word: its folder's name.
        root: the dataset: ``<root>/<word>/<clip>.npy`` and ``<root>/clips.csv``.
        seconds: length of a clip.
        group: who signs, for splits by signer; clips of one person belong in one group.
        extractor: what makes the landmarks, for the table.

    Raises:
        InputError: the word is no folder's name, the group no file's, or clips can't be written there.
    """

    def __init__(self, word: str, root: str | Path, seconds: float, group: str, extractor: str) -> None:
        self.word, self.group = _name(word, "record_word"), _name(group, "record_group")
        self.root, self.extractor = Path(str(root)), extractor
        self.seconds = number(seconds, "record_seconds", least=0.5, most=60)
        if self.root.exists() and not self.root.is_dir():
            raise InputError(f"record_root={root}: a file; give a folder")
        destination(self.root / self.word / f"{self.group}_000.npy", "record_root", [".npy"])
        read_table(self.root / NAME)  # says so where it can't be read
        self.saved: list[Path] = []
        self._outcome = "", -math.inf  # of the last clip, and until when it is shown
        self._lock = Lock()
        self._wanted = False
        self._from: float | None = None  # when the clip begins
        self._frames: list[tuple[float, Floats]] = []

    @property
    def busy(self) -> bool:
        return self._wanted or self._from is not None

    def start(self) -> None:
        """Count down from the next frame on; a second time stops it."""
        with self._lock:
            self._restart(not self.busy)

    def _restart(self, wanted: bool) -> None:
        self._wanted, self._from, self._frames = wanted, None, []

    def feed(self, time: float, landmarks: Floats, size: tuple[int, int]) -> str:
        """Take in a frame; what the screen should say in large letters: "3", "2", "1", "sign: Fever", or nothing."""
        with self._lock:  # r is pressed in another thread
            return self._take(time, landmarks, size)

    def _take(self, time: float, landmarks: Floats, size: tuple[int, int]) -> str:
        if self._wanted:
            self._wanted, self._from = False, time + COUNTDOWN
        if self._from is None:
            outcome, until = self._outcome
            return outcome if until - SHOWN <= time < until else ""
        if time < self._from - COUNTDOWN - 1:  # time went back
            self._restart(wanted=False)
            return ""
        if time < self._from:
            return str(math.ceil(self._from - time))
        if time <= self._from + self.seconds:
            self._frames.append((time, landmarks))
            return f"sign: {self.word}"
        self._from = None
        self._outcome = self._finish(size), time + SHOWN
        return self._outcome[0]

    def _finish(self, size: tuple[int, int]) -> str:
        frames, self._frames = self._frames, []
        if len(frames) < FEWEST:
            return "too few frames"
        clip: Floats = np.stack([frame for _, frame in frames])  # (T, 1662)
        if not found(clip, POSE).any():
            return "nobody seen"
        if not found(clip, LEFT_HAND).any() and not found(clip, RIGHT_HAND).any():
            return "no hands seen"
        self._save(clip, fps=(len(frames) - 1) / (frames[-1][0] - frames[0][0]), size=size)
        return f"saved {len(self.saved)}"

    def _save(self, clip: Floats, fps: float, size: tuple[int, int]) -> None:
        folder = self.root / self.word
        number = 0
        while (path := folder / f"{self.group}_{number:03d}.npy").exists():
            number += 1
        with replacing(path) as unfinished:
            np.save(unfinished, clip.astype(np.float32))
        row = (self.word, path.stem, self.group, f"{fps:.3f}", *map(str, size), str(len(clip)), self.extractor)
        self._tell(dict(zip(COLUMNS, row, strict=True)))
        self.saved.append(path)

    def _tell(self, row: dict[str, str]) -> None:
        """Add the row to the dataset's table; columns that others put there stay."""
        path = self.root / NAME
        rows, columns = [], list(COLUMNS)
        if path.exists():
            with path.open(newline="", encoding="utf-8-sig") as file:
                reader = csv.DictReader(file)
                rows = list(reader)
                columns = list(reader.fieldnames or ()) + [c for c in COLUMNS if c not in (reader.fieldnames or ())]
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows([*rows, row])
        write_text(path, text.getvalue())


def _name(value: Any, flag: str) -> str:
    """``value`` as the name of a file or a folder."""
    name = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not name or name.strip(". ") != name or len(name) > 100 or re.search(r'[/\\:*?"<>|\x00-\x1f]', str(value)):
        raise InputError(f"{flag}={value!r}: give a name that a folder or a file can have")
    return name
