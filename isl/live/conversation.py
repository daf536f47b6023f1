"""The words of a conversation and when they become a sentence; by the stream's time, without threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isl.config.options import positive
from isl.recognition.events import Event, State
from isl.sentence import Sentence, Writer

QUIET = {State.NOBODY, State.IDLE, State.UNSURE, State.ACCEPTED}  # states in which no sign is under way


@dataclass
class Conversation:
    """Collects accepted words; says when they are a sentence.

    Args:
        writer: makes sentences of words.
        context: symptoms that were picked rather than signed.
        pause: seconds without signing after a word until a sentence is written.
    """

    writer: Writer
    context: Sequence[str] = ()
    pause: float = 3.0

    def __post_init__(self) -> None:
        positive(self.pause, "pause")
        self.words: list[str] = []
        self.sentence: Sentence | None = None
        self._spoken = 0  # so many of the words are in the sentence
        self._asked = 0  # and so many in one that is being written
        self._quiet_since: float | None = None

    def hear(self, event: Event) -> None:
        """Take in what the stream reports."""
        if event.kind != "word":
            return
        if self._spoken:  # the words were said: this one begins something new
            self.clear()
        self.words.append(event.facts["word"])
        self._quiet_since = event.time

    def due(self, time: float, state: State) -> bool:
        """Whether the words are a sentence now, because nobody has signed for ``pause`` seconds."""
        if state not in QUIET or self._quiet_since is None or time < self._quiet_since:
            self._quiet_since = time
        if not self.unsaid or self._asked == len(self.words) or time - self._quiet_since < self.pause:
            return False
        self._asked = len(self.words)
        return True

    @property
    def unsaid(self) -> bool:
        """Whether there are words that no sentence has."""
        return self._spoken < len(self.words)

    def write(self) -> Sentence:
        """The sentence of the words so far; may take seconds."""
        words = list(self.words)
        self._asked = len(words)
        sentence = self.writer.write(words, self.context)
        if self.words[: len(words)] == words:  # nobody cleared them meanwhile
            self.sentence = sentence
            if len(self.words) == len(words):
                self._spoken = len(words)
            else:  # words that came meanwhile begin something new
                self.words, self._spoken, self._asked = self.words[len(words) :], 0, 0
        return sentence

    def clear(self) -> None:
        self.words, self.sentence, self._spoken, self._asked = [], None, 0, 0

    def backspace(self) -> None:
        """Take the last word back, and the sentence with it."""
        self.words = self.words[:-1]
        self.sentence, self._spoken, self._asked = None, 0, 0
