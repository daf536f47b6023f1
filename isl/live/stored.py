"""Landmarks that are stored already, as a session: a landmark file of a long recording has words with times too."""

from __future__ import annotations

from pathlib import Path

from isl.recognition.interpreter import Interpreter
from isl.recognition.items import Item, Tables, read_item


class StoredSession:
    """Gives the frames of one landmark file to an interpreter, as ``Session`` does with those of a video.

    Args:
        path: the file, or a folder of frame files.
        interpreter: turns landmarks into words and sentences.
        aspect: width over height of the picture, if neither the file nor its dataset says it.

    Raises:
        InputError: the clip can't be read.
    """

    def __init__(self, path: Path, interpreter: Interpreter, aspect: float) -> None:
        self.interpreter = interpreter
        clip = read_item(Item(path), Tables())
        self._landmarks = clip.frames
        self._rate = len(clip.frames) / clip.seconds
        self._size = (round(1000 * (clip.aspect or aspect)), 1000)
        self.remarks = list(clip.remarks)
        if not clip.has_times:
            self.remarks.append(f"it does not say its times: {self._rate:g} frames a second are assumed")
        self.frames = 0
        self.films: list[Path] = []

    def run(self) -> None:
        """Recognises all frames."""
        for number, landmarks in enumerate(self._landmarks):
            if self.interpreter.feed(number / self._rate, landmarks, self._size):
                self.interpreter.write_sentence(wait=True)
            self.frames += 1
        if self.interpreter.finish():
            self.interpreter.write_sentence(wait=True)
