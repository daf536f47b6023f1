"""Turns the landmarks of consecutive frames into events, sentences and the state of a screen."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from threading import Lock

from isl.landmarks import Floats
from isl.recognition.conversation import Conversation
from isl.recognition.events import Event, State
from isl.recognition.screen_state import ScreenState
from isl.recognition.stream import Stream
from isl.sentence import Sentence

MOST_EVENTS = 100_000  # kept in memory: more than any file has
CAMERA_EVENTS = 1_000  # of a camera, about half an hour of signing; all of them are in the file of `events=`


class Interpreter:
    """Joins the stream and the conversation of one signer; each session or connection has its own Interpreter.

    Its methods may be called from several threads. One lock guards the results; it is not held while the network or
    the writer computes.

    Args:
        conversation: turns words into sentences.
        stream: turns landmarks into words; None while a new sign is recorded without a checkpoint.
        log: called with one line of JSON for each event.
        speak: called with each finished sentence; must return at once.
        hindi: True shows the words in Hindi on the screen.
        most_events: number of events that are kept.

    Attributes:
        screen_state: the present state; each change replaces the whole object.
        events: the last ``most_events`` events.
        time: time of the last frame, in seconds.
    """

    def __init__(
        self,
        conversation: Conversation,
        stream: Stream | None = None,
        log: Callable[[str], object] | None = None,
        speak: Callable[[Sentence], None] | None = None,
        hindi: bool = False,
        most_events: int = MOST_EVENTS,
    ) -> None:
        self.conversation, self.stream, self.speak, self.hindi = conversation, stream, speak, hindi
        self.screen_state = ScreenState()
        self.events: deque[Event] = deque(maxlen=most_events)
        self.time = 0.0
        self._log = log
        self._lock = Lock()
        self._writing = Lock()  # held while a sentence is being written

    def feed(
        self,
        time: float,
        landmarks: Floats,
        size: tuple[int, int],
        fps: float = 0.0,
        recording: str = "",
        banner: str = "",
    ) -> bool:
        """Processes a frame; returns True if a sentence is due (see ``write_sentence``).

        Args:
            time: time of the frame, in seconds.
            landmarks: ``(1662,)`` float32.
            size: (width, height) of the picture in pixels; only their ratio is used.
            fps: landmarked frames per second, for the screen.
            recording, banner: texts for the screen, see ``ScreenState``.
        """
        self.time = time
        events: list[Event] = []
        if self.stream is not None:
            self.stream.aspect = size[0] / size[1]
            events = self.stream.feed(time, landmarks)
        with self._lock:
            for event in events:
                self._report(event)
            self._update_screen(fps=fps, recording=recording, banner=banner)
            return self.stream is not None and self.conversation.is_due(time, self.stream.state)

    def finish(self, decide: bool = True) -> bool:
        """Ends the stream; returns True if a sentence is due. With ``decide``, an unfinished sign is decided first."""
        events = self.stream.finish() if self.stream is not None and decide else []
        with self._lock:
            for event in events:
                self._report(event)
            self._update_screen()
            return self.conversation.has_new_words

    def write_sentence(self, wait: bool = False) -> None:
        """Writes a sentence of the words that are not yet in one; may take seconds.

        If another thread is writing a sentence, returns at once; with ``wait``, waits for it and then writes.
        """
        if not self._writing.acquire(blocking=wait):
            return
        try:
            self._write_sentence()
        finally:
            self._writing.release()

    def _write_sentence(self) -> None:
        time = self.time
        with self._lock:
            if not self.conversation.has_new_words:
                self._update_screen(note="" if self.conversation.words else "no words yet")
                return
            self._update_screen(writing=True, note="")
        try:
            self.conversation.draft()
            with self._lock:
                self._update_screen()
            sentence = self.conversation.write()
            with self._lock:
                facts = {"sentence": sentence.text, "glosses": list(sentence.glosses), "source": sentence.source}
                facts |= {"note": sentence.note} if sentence.note else {}
                self._report(Event(time, "sentence", facts))
                self._update_screen(note=sentence.note or "")
            if self.speak is not None:
                self.speak(sentence)
        finally:
            with self._lock:
                self._update_screen(writing=False)

    def clear(self) -> None:
        """Removes all words and the sentence."""
        self._change("clear", self.conversation.clear)

    def backspace(self) -> None:
        """Removes the last word."""
        self._change("backspace", self.conversation.backspace)

    def correct(self, index: int, word: str | None) -> None:
        """Replaces the word at ``index`` by ``word``, or removes it where None."""
        self._change("correct", lambda: self.conversation.correct(index, word))

    def toggle_symptom(self, number: int) -> None:
        """Adds a symptom to the context of the next sentence, or removes it: see ``conversation.SYMPTOMS``."""
        with self._lock:
            self.conversation.toggle_symptom(number)
            context = list(self.conversation.context)
            self._report(Event(self.time, "context", {"context": context}))
            self._update_screen(note=f"symptoms: {', '.join(context) or 'none'}")

    def add(self, event: Event) -> None:
        """Adds an event that is not from the stream: a word that the user chose or that was recognised before."""
        with self._lock:
            self._report(event)
            self._update_screen()

    def show_note(self, note: str) -> None:
        """Shows a message to the user until the next message."""
        with self._lock:
            self._update_screen(note=note)

    def _change(self, kind: str, change: Callable[[], None]) -> None:
        with self._lock:
            change()
            self._report(Event(self.time, kind, {"words": list(self.conversation.words)}))
            self._update_screen(note="")

    def _report(self, event: Event) -> None:
        self.conversation.add(event)
        self.events.append(event)
        if self._log is not None:
            self._log(event.line() + "\n")

    def _update_screen(self, **changes: object) -> None:
        words = self.conversation.words
        present: dict[str, object] = {
            "state": (self.stream.state if self.stream is not None else State.IDLE).value,
            "reason": self.stream.reason if self.stream is not None else "",
            "top": tuple(self.stream.top()) if self.stream is not None else (),
            "words": tuple(self.conversation.hindi(words) if self.hindi else words),
            "sentence": self.conversation.sentence.text if self.conversation.sentence else "",
        }
        self.screen_state = replace(self.screen_state, **{**present, **changes})  # type: ignore[arg-type]
