"""Records clips of a new sign after a countdown, and saves them in a dataset that is ready for training."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from isl.config.options import number
from isl.data.recording import COLUMNS, Countdown, RecordedClip, check_name, check_root, save_recording
from isl.data.table import change_rows, locked
from isl.errors import InputError
from isl.files import destination
from isl.landmarks import Floats

SHOWN = 2.0  # seconds for which the screen shows the result of a clip


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
        self.word, self.group = self.words[0], check_name(group, "record.group")
        self.root, self.extractor = Path(str(root)), extractor
        self.seconds = number(seconds, "record.seconds", least=0.5, most=60)
        check_root(self.root, "record.root")
        for word in self.words:
            destination(self.root / word / f"{self.group}_000.npy", "record.root", [".npy"])
        self.saved: list[Path] = []
        self._outcome = "", -math.inf  # result of the last clip, and the time until which it is shown
        self._lock = Lock()
        self._countdown = Countdown(self.seconds)

    @property
    def busy(self) -> bool:
        """True from ``start`` to the end of the clip."""
        return self._countdown.busy

    def start(self) -> None:
        """Starts the countdown at the next frame; a second call while busy cancels the clip."""
        with self._lock:
            self._countdown.restart(wanted=not self.busy)

    def next_word(self) -> str:
        """Goes to the next word, or from the last one to the first; cancels a clip. Returns the word."""
        with self._lock:
            self._countdown.restart(wanted=False)
            self.word = self.words[(self.words.index(self.word) + 1) % len(self.words)]
            return self.word

    def undo(self) -> Path | None:
        """Deletes the last clip of this session and its row; returns its path, or None if there is none."""
        with self._lock:
            self._countdown.restart(wanted=False)
            self._outcome = "", -math.inf
            if not self.saved:
                return None
            path = self.saved.pop()
            key = path.parent.name, path.stem
            with locked(self.root):
                change_rows(self.root, COLUMNS, lambda rows: [r for r in rows if (r["word"], r["clip"]) != key])
            path.unlink(missing_ok=True)
            return path

    @property
    def status(self) -> str:
        """A line for the screen: the current word and the number of its clips in this session."""
        count = sum(path.parent.name == self.word for path in self.saved)
        place = f" ({self.words.index(self.word) + 1} of {len(self.words)})" if len(self.words) > 1 else ""
        return f"{self.word}{place}: {count} clip{'' if count == 1 else 's'}"

    def feed(self, time: float, landmarks: Floats, size: tuple[int, int]) -> str:
        """Processes a frame; returns the text for the screen: "3", "2", "1", "sign: Fever", "saved 1", or ""."""
        with self._lock:  # ``start`` is called from another thread
            recording = self._countdown.feed(time, landmarks, size)
            if recording is not None:
                self._outcome = self._finish(recording), time + SHOWN
            if self._countdown.busy:
                return f"sign: {self.word}" if self._countdown.signing else str(self._countdown.left)
            outcome, until = self._outcome
            return outcome if until - SHOWN <= time < until else ""

    def _finish(self, recording: RecordedClip) -> str:
        if recording.problem:
            return recording.problem
        self.saved.append(save_recording(recording, self.root, self.word, self.group, self.extractor))
        return f"saved {len(self.saved)}"


def _check_words(words: Any) -> list[str]:
    """Returns one or several words as a list without repetitions."""
    listed = list(words) if isinstance(words, Sequence) and not isinstance(words, str) else [words]
    if not listed:
        raise InputError("record.word=[]: give one word or several, such as [Fever,Cough]")
    return list(dict.fromkeys(check_name(word, "record.word") for word in listed))
