"""One frame's landmarks become words, a sentence, a recording and what the screen says; called from several threads."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from threading import Lock
from typing import IO

from isl.landmarks import Floats
from isl.live.clip_recorder import ClipRecorder
from isl.live.conversation import Conversation
from isl.live.screen_state import ScreenState
from isl.recognition.events import Event, State
from isl.recognition.stream import Stream

KEPT = 100_000  # events in memory: more than any file has, less than a camera gives in a month


class Interpreter:
    """Stream, conversation and recording. Their outcomes are put together behind one lock, never held while one thinks.

    Args:
        conversation: words to sentences.
        stream: landmarks to words; None only records.
        recorder: records clips of a new sign.
        log: a text file for a line of JSON an event.
    """

    def __init__(
        self,
        conversation: Conversation,
        stream: Stream | None = None,
        recorder: ClipRecorder | None = None,
        log: IO[str] | None = None,
    ) -> None:
        self.conversation, self.stream, self.recorder = conversation, stream, recorder
        self.screen_state = ScreenState()
        self.events: deque[Event] = deque(maxlen=KEPT)
        self.time = 0.0
        self._log = log
        self._lock = Lock()
        self._writing = Lock()  # held while a sentence is being written

    def feed(self, time: float, landmarks: Floats, size: tuple[int, int], fps: float = 0.0) -> bool:
        """Take in a frame of a picture of ``size`` (width, height); whether a sentence is due."""
        self.time = time
        big = self.recorder.feed(time, landmarks, size) if self.recorder is not None else ""
        events: list[Event] = []
        if self.stream is not None:
            self.stream.aspect = size[0] / size[1]
            events = self.stream.feed(time, landmarks)  # may take its time: the network is asked here
        with self._lock:
            for event in events:
                self._report(event)
            self._refresh(fps=fps, big=big)
            return self.stream is not None and self.conversation.due(time, self.stream.state)

    def finish(self, decide: bool = True) -> bool:
        """The source is over; whether a sentence is due. A sign that is still open counts where ``decide`` says so."""
        events = self.stream.finish() if self.stream is not None and decide else []
        with self._lock:
            for event in events:
                self._report(event)
            self._refresh()
            return self.conversation.unsaid

    def say(self, wait: bool = False) -> None:
        """Write the sentence of the words that none has yet; may take seconds.

        While another is being written nothing happens; or, where ``wait`` says so, it is written after that.
        """
        if not self._writing.acquire(blocking=wait):
            return
        try:
            self._say()
        finally:
            self._writing.release()

    def _say(self) -> None:
        time = self.time
        with self._lock:
            if not self.conversation.unsaid:
                self._refresh(note="" if self.conversation.words else "no words yet")
                return
            self._refresh(writing=True, note="")
        try:
            sentence = self.conversation.write()
            with self._lock:
                facts = {"sentence": sentence.text, "glosses": list(sentence.glosses), "source": sentence.source}
                facts |= {"note": sentence.note} if sentence.note else {}
                self._report(Event(time, "sentence", facts))
                self._refresh(note=sentence.note or "")
        finally:
            with self._lock:
                self._refresh(writing=False)

    def clear(self) -> None:
        self._correct("clear")

    def backspace(self) -> None:
        self._correct("backspace")

    def note(self, note: str) -> None:
        """Say something to the person in front of the screen."""
        with self._lock:
            self._refresh(note=note)

    def _correct(self, kind: str) -> None:
        with self._lock:
            self.conversation.clear() if kind == "clear" else self.conversation.backspace()
            self._report(Event(self.time, kind, {"words": list(self.conversation.words)}))
            self._refresh(note="")

    def _report(self, event: Event) -> None:
        self.conversation.hear(event)
        self.events.append(event)
        if self._log is not None:
            self._log.write(event.line() + "\n")
            self._log.flush()  # somebody may follow the file

    def _refresh(self, **changes: object) -> None:
        """Put on the screen what is known now."""
        state = self.stream.state if self.stream is not None else State.IDLE
        known: dict[str, object] = {
            "state": state.value,
            "top": tuple(self.stream.top()) if self.stream is not None else (),
            "words": tuple(self.conversation.words),
            "sentence": self.conversation.sentence.text if self.conversation.sentence else "",
        }
        self.screen_state = replace(self.screen_state, **{**known, **changes})  # type: ignore[arg-type]
