"""Collects the words of a conversation and makes sentences of them. Uses the times of the stream, and no threads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from isl.config.options import positive
from isl.recognition.events import Event, State
from isl.sentence import Sentence, Writer

QUIET = {State.NOBODY, State.IDLE, State.UNSURE, State.ACCEPTED}  # states in which nobody is signing


SYMPTOMS = (  # that a user can select by number during recognition
    "headache",
    "back pain",
    "neck pain",
    "stomach ache",
    "running nose",
    "sick",
    "tired",
    "dizziness",
    "dry mouth",
)


@dataclass
class Conversation:
    """Collects accepted words and turns them into sentences.

    Args:
        writer: makes sentences of words.
        context: symptoms that were selected from a list, not signed.
        pause: seconds without signing after which the words become a sentence.

    Attributes:
        words: the accepted words since the last ``clear``.
        sentence: the sentence of these words, once it is written.
    """

    writer: Writer
    context: Sequence[str] = ()
    pause: float = 3.0

    def __post_init__(self) -> None:
        positive(self.pause, "pause")
        self.context = list(self.context)
        self.words: list[str] = []
        self.sentence: Sentence | None = None
        self._in_sentence = 0  # number of words that the last sentence has
        self._requested = 0  # number of words of the last sentence that was requested
        self._quiet_since: float | None = None

    def add(self, event: Event) -> None:
        """Appends the word of a "word" event; a word after a sentence starts a new list. Ignores other events."""
        if event.kind != "word":
            return
        if self._in_sentence:
            self.clear()
        self.words.append(event.facts["word"])
        self._quiet_since = event.time

    def is_due(self, time: float, state: State) -> bool:
        """Returns True, once, when nobody has signed for ``pause`` seconds and there are words without a sentence."""
        if state not in QUIET or self._quiet_since is None or time < self._quiet_since:
            self._quiet_since = time
        if not self.has_new_words or self._requested == len(self.words) or time - self._quiet_since < self.pause:
            return False
        self._requested = len(self.words)
        return True

    @property
    def has_new_words(self) -> bool:
        """True if there are words that are not yet in a sentence."""
        return self._in_sentence < len(self.words)

    def toggle_symptom(self, number: int) -> None:
        """Adds the symptom with this number to the context, or removes it; the first number is 1."""
        symptom = SYMPTOMS[number - 1]
        present = [name for name in self.context if name.casefold().replace(" ", "") == symptom.replace(" ", "")]
        self.context = [name for name in self.context if name not in present] + ([] if present else [symptom])

    def hindi(self, words: Sequence[str]) -> list[str]:
        """Returns the words in Hindi; a word without a Hindi name stays unchanged."""
        return [self.writer.lexicon.word(word).hindi or word for word in words]

    def draft(self) -> None:
        """Sets ``sentence`` to a fast draft by rules, until ``write`` returns a better one."""
        words = list(self.words)
        sentence = self.writer.draft(words, self.context)
        if self.words == words:  # not changed meanwhile
            self.sentence = sentence

    def write(self) -> Sentence:
        """Returns the sentence of the words so far; may take seconds. Words added meanwhile start a new list."""
        words = list(self.words)
        self._requested = len(words)
        sentence = self.writer.write(words, self.context)
        if self.words[: len(words)] == words:  # not cleared meanwhile
            self.sentence = sentence
            if len(self.words) == len(words):
                self._in_sentence = len(words)
            else:
                self.words, self._in_sentence, self._requested = self.words[len(words) :], 0, 0
        return sentence

    def clear(self) -> None:
        """Removes all words and the sentence."""
        self.words, self.sentence, self._in_sentence, self._requested = [], None, 0, 0

    def backspace(self) -> None:
        """Removes the last word, and the sentence that contained it."""
        self.correct(len(self.words) - 1, None)

    def correct(self, index: int, word: str | None) -> None:
        """Replaces the word at ``index`` by ``word``, or removes it where None; also removes the sentence."""
        words = list(self.words)
        words[max(index, 0) : index + 1] = [] if word is None else [word]
        self.words = words
        self.sentence, self._in_sentence, self._requested = None, 0, 0
