"""Records clips of a new sign after a countdown, and saves them in a dataset that is ready for training."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from isl.config.options import number
from isl.data.table import KEY, NAME, add_row, change_rows, locked, read_table
from isl.errors import InputError
from isl.files import destination, replacing
from isl.landmarks import LEFT_HAND, POSE, RIGHT_HAND, Floats, found

COUNTDOWN = 3.0  # seconds
SHOWN = 2.0  # seconds for which the screen shows the result of a clip
FEWEST = 8  # minimum number of frames of a clip
COLUMNS = (*KEY, "group", "fps", "width", "height", "frames", "extractor")


class ClipRecorder:
    """Records a clip of the current word at each ``start``; several words are recorded one after another.

    Args:
        words: one or several signs; each word is the name of its folder.
        root: the dataset's folder: ``<root>/<word>/<clip>.npy`` and ``<root>/clips.csv``.
        seconds: length of a clip.
        group: the signer's name, for splits by signer.
        extractor: name and version of the landmarker, for the table.

    Attributes:
        word: the current word.
        saved: the paths of the saved clips.

    Raises:
        InputError: the word can't name a folder, the group can't name a file, or clips can't be written there.
    """

    def __init__(
        self, words: str | Sequence[str], root: str | Path, seconds: float, group: str, extractor: str
    ) -> None:
        self.words = _check_words(words)
        self.word, self.group = self.words[0], _check_name(group, "record.group")
        self.root, self.extractor = Path(str(root)), extractor
        self.seconds = number(seconds, "record.seconds", least=0.5, most=60)
        if self.root.exists() and not self.root.is_dir():
            raise InputError(f"record.root={root}: a file; give a folder")
        for word in self.words:
            destination(self.root / word / f"{self.group}_000.npy", "record.root", [".npy"])
        read_table(self.root / NAME)  # raises InputError if the table can't be read
        self.saved: list[Path] = []
        self._outcome = "", -math.inf  # result of the last clip, and the time until which it is shown
        self._lock = Lock()
        self._wanted = False
        self._from: float | None = None  # start time of the clip
        self._frames: list[tuple[float, Floats]] = []

    @property
    def busy(self) -> bool:
        """True from ``start`` to the end of the clip."""
        return self._wanted or self._from is not None

    def start(self) -> None:
        """Starts the countdown at the next frame; a second call while busy cancels the clip."""
        with self._lock:
            self._restart(not self.busy)

    def next_word(self) -> str:
        """Goes to the next word, or from the last one to the first; cancels a clip. Returns the word."""
        with self._lock:
            self._restart(wanted=False)
            self.word = self.words[(self.words.index(self.word) + 1) % len(self.words)]
            return self.word

    def undo(self) -> Path | None:
        """Deletes the last clip of this session and its row; returns its path, or None if there is none."""
        with self._lock:
            self._restart(wanted=False)
            self._outcome = "", -math.inf
            if not self.saved:
                return None
            path = self.saved.pop()
            self._change_table(lambda rows: [row for row in rows if (row["word"], row["clip"]) != _key(path)])
            path.unlink(missing_ok=True)
            return path

    @property
    def status(self) -> str:
        """A line for the screen: the current word and the number of its clips in this session."""
        count = sum(path.parent.name == self.word for path in self.saved)
        place = f" ({self.words.index(self.word) + 1} of {len(self.words)})" if len(self.words) > 1 else ""
        return f"{self.word}{place}: {count} clip{'' if count == 1 else 's'}"

    def _restart(self, wanted: bool) -> None:
        self._wanted, self._from, self._frames = wanted, None, []

    def feed(self, time: float, landmarks: Floats, size: tuple[int, int]) -> str:
        """Processes a frame; returns the text for the screen: "3", "2", "1", "sign: Fever", "saved 1", or ""."""
        with self._lock:  # ``start`` is called from another thread
            return self._feed(time, landmarks, size)

    def _feed(self, time: float, landmarks: Floats, size: tuple[int, int]) -> str:
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
        with locked(self.root):
            number = 0
            while (path := folder / f"{self.group}_{number:03d}.npy").exists():
                number += 1
            with replacing(path) as unfinished:
                np.save(unfinished, clip.astype(np.float32))
            row = (self.word, path.stem, self.group, f"{fps:.3f}", *map(str, size), str(len(clip)), self.extractor)
            add_row(self.root, dict(zip(COLUMNS, row, strict=True)))
        self.saved.append(path)

    def _change_table(self, change: Callable[[list[dict[str, str]]], list[dict[str, str]]]) -> None:
        """Writes the dataset's table with changed rows; keeps further columns of the table."""
        with locked(self.root):
            change_rows(self.root, COLUMNS, change)


def _check_words(words: Any) -> list[str]:
    """Returns one or several words as a list without repetitions."""
    listed = list(words) if isinstance(words, Sequence) and not isinstance(words, str) else [words]
    if not listed:
        raise InputError("record.word=[]: give one word or several, such as [Fever,Cough]")
    return list(dict.fromkeys(_check_name(word, "record.word") for word in listed))


def _key(path: Path) -> tuple[str, str]:
    """Returns the key (word, clip) of a clip's file in the table."""
    return path.parent.name, path.stem


def _check_name(value: Any, flag: str) -> str:
    """Returns ``value`` if it can name a file or a folder."""
    name = str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not name or name.strip(". ") != name or len(name) > 100 or re.search(r'[/\\:*?"<>|\x00-\x1f]', str(value)):
        raise InputError(f"{flag}={value!r}: give a name that a folder or a file can have")
    return name
