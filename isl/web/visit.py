"""Holds the stream and the words of one browser. All browsers share one network. This module uses no sockets."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from threading import Lock

import numpy as np

from isl.errors import InputError
from isl.landmarks import FACE, FRAME_SIZE, POSE, Floats, is_found
from isl.recognition.acceptance import Probabilities
from isl.recognition.conversation import Conversation
from isl.recognition.events import Event
from isl.recognition.hands import shoulder_width
from isl.recognition.interpreter import Interpreter
from isl.recognition.restricted import RestrictedRecognizer
from isl.recognition.stream import Stream
from isl.vision.landmarker import Landmarker
from isl.vision.still import decode_jpeg
from isl.web.messages import RECORDING, Frame, RefusedMessage
from isl.web.takes import Message, Takes, points_of

SMALL = 0.1  # of the picture's height: with narrower shoulders, a hand is only a few pixels
JUMP = 1.0  # shoulder widths: if the nose moves further between two frames, the tracker has changed the person


@dataclass(frozen=True)
class ServerFacts:
    """The facts that a page receives first."""

    words: Sequence[str]
    seconds: float  # the duration of a sign
    face: bool  # True if the network reads the face mesh
    hindi: dict[str, str]  # names of the words in Hindi
    signed: dict[str, str] = field(default_factory=dict)  # a line for each word: how it is signed
    calibrated: bool = True  # False: its training was not finished, and its confidences mean little


def reads_face(recognizer: Callable[[Floats], Probabilities]) -> bool:
    """Returns True if the answer depends on the face mesh. Tests the network on a clip of random landmarks."""
    clip = np.random.default_rng(0).uniform(0.2, 0.8, (8, FRAME_SIZE)).astype(np.float32)
    without = clip.copy()
    without[:, FACE.slice] = 0
    return not np.array_equal(recognizer(clip), recognizer(without))


class Visit:
    """Receives the frames and requests of one browser, and returns messages for it.

    ``feed``, ``say`` and ``request`` may be called from several threads, but ``feed`` from only one at a time.

    Args:
        stream: the stream of this browser.
        conversation: the conversation of this browser; its writer is shared.
        takes: the recordings of this browser; None if pages may not record.
    """

    def __init__(self, stream: Stream, conversation: Conversation, takes: Takes | None = None) -> None:
        self.conversation, self.takes = conversation, takes
        self.stream = stream
        self.interpreter = Interpreter(conversation, stream)
        self._words: list[Message] = []  # the facts of the conversation's words, from their recognition
        self._unsure: Message = {}  # the facts of the last sign that was no word
        self._sent: Message = {}  # the last message about the conversation
        self._landmarker: Landmarker | None = None
        self._nose: Floats | None = None
        self._lock = Lock()

    # Frames

    def landmarks(self, frame: Frame) -> Floats:
        """Returns the landmarks ``(1662,)`` of a frame. If the frame is a picture, finds them in it.

        Raises:
            RefusedMessage: the picture can't be decoded.
        """
        if frame.landmarks is not None:
            return frame.landmarks
        assert frame.jpeg is not None
        try:
            picture = decode_jpeg(frame.jpeg)
        except InputError as error:
            raise RefusedMessage(str(error)) from None
        self._landmarker = self._landmarker or Landmarker()
        return self._landmarker(picture)

    def feed(self, frame: Frame, landmarks: Floats) -> tuple[list[Message], bool]:
        """Recognises one frame. Returns the messages for the page, and True if a sentence is due."""
        recording: Message = {}
        takes: list[Message] = []
        if self.takes is not None:
            recording, takes = self.takes.feed(frame, landmarks)
        due = False
        if not recording:  # a sign that is recorded is no part of the conversation
            due = self.interpreter.feed(frame.time, landmarks, frame.size)
        state = self.interpreter.screen_state.state
        status: Message = {"type": "status", "time": frame.time, "state": state, **recording}
        status["top"] = [[word, round(share, 4)] for word, share in self.interpreter.screen_state.top]
        hint = self._hint(landmarks, frame.size[0] / frame.size[1])
        if hint:
            status["hint"] = hint
        if frame.jpeg is not None:
            status["points"] = points_of(landmarks)
        return [*self._news(), *takes, status], due

    def _hint(self, landmarks: Floats, aspect: float) -> str:
        """Returns a reason why signs may not be recognised, as the name of a text of the page; "" if there is none."""
        if not is_found(landmarks, POSE):
            self._nose = None
            return ""
        nose, before = POSE.of(landmarks)[0, :2].copy(), self._nose
        self._nose = nose
        width = shoulder_width(landmarks, aspect)
        if before is not None and np.hypot((nose[0] - before[0]) * aspect, nose[1] - before[1]) > JUMP * width > 0:
            return "two_people"
        return "too_small" if width < SMALL else ""

    # Requests

    def request(self, request: Message) -> tuple[list[Message], bool]:
        """Carry out a request of the page. Returns the messages for the page, and True if a sentence is wanted."""
        kind = request["type"]
        if kind in RECORDING:
            return self._request_recording(kind, request)
        saved: list[Message] = []
        wanted = kind == "say"
        if kind == "clear":
            self.interpreter.clear()
        elif kind == "stop":
            wanted = self.interpreter.finish()
        elif kind == "context":
            self.conversation.context = [symptom for symptom in request["symptoms"] if symptom.strip()]
        elif kind == "vocabulary":
            self._restrict(request["words"])
        elif kind == "restore" and not self.conversation.words:
            for word in request["words"]:
                self._add(word)
        elif kind == "add":
            if request["save"]:
                saved = self._save_sign(self._unsure, request["word"])
            self._add(request["word"])
        elif kind in ("remove", "choose"):
            if request.get("save"):
                saved = self._save_sign(self._facts(request["index"]), request["word"])
            wanted = self._correct(request["index"], request.get("word"))
        return [*self._news(), *saved], wanted

    def _request_recording(self, kind: str, request: Message) -> tuple[list[Message], bool]:
        if self.takes is None:
            raise RefusedMessage("pages may not record here: web.record=")
        wanted, messages = False, []
        if kind == "consent":
            self.takes.consent(request["signer"])
        elif kind == "record":
            self.takes.record(request["word"])
            wanted = self.interpreter.finish()
            messages = self._news()
        elif kind == "cancel":
            self.takes.cancel()
        elif kind == "discard":
            self.takes.discard(request["take"])
        elif kind == "keep":
            messages = self.takes.keep()
        return messages, wanted

    def _facts(self, index: int) -> Message:
        """Returns the facts of a word of the conversation; empty if it has no such word."""
        with self._lock:
            self._align()
            return self._words[index] if index < len(self._words) else {}

    def _save_sign(self, facts: Message, word: str) -> list[Message]:
        """Save a sign of the conversation as a recording of ``word``, if its frames are remembered."""
        if self.takes is None:
            raise RefusedMessage("pages may not record here: web.record=")
        if word not in self.stream.words or "start" not in facts:
            return []
        return self.takes.save_sign(facts["start"], facts["end"], word)

    def adopt(self, stream: Stream) -> None:
        """Continue with the stream of another network. A sign that is being made is lost."""
        self.stream = self.interpreter.stream = stream

    def say(self) -> list[Message]:
        """Write the sentence, which may take seconds. Returns the messages for the page."""
        self.interpreter.write_sentence()
        return self._news()

    def close(self) -> None:
        if self._landmarker is not None:
            self._landmarker.close()

    def _restrict(self, words: Sequence[str]) -> None:
        recognizer = self.stream.recognizer
        if isinstance(recognizer, RestrictedRecognizer):
            recognizer.restrict([word for word in words if word in self.stream.words])

    def _add(self, word: str) -> None:
        """Append a word that the user chose, or that was recognised before the connection was lost."""
        if word in self.stream.words:
            facts = {"word": word, "confidence": 1.0, "top5": [[word, 1.0]], "corrected": True}
            self.interpreter.add(Event(self.interpreter.time, "word", facts))

    def _correct(self, index: int, word: str | None) -> bool:
        """Replace a word, or remove it if ``word`` is None. Returns True if the sentence must be written again."""
        if index >= len(self.conversation.words) or (word is not None and word not in self.stream.words):
            return False
        had_sentence = self.conversation.sentence is not None
        with self._lock:
            self._align()
            if word is None:
                del self._words[index]
            else:
                self._words[index] = {**self._words[index], "word": word, "corrected": True}
            self.interpreter.correct(index, word)
        return had_sentence

    # News

    def _news(self) -> list[Message]:
        """Returns the events since the last call, and the conversation if it has changed since then."""
        with self._lock:
            messages: list[Message] = []
            while self.interpreter.events:
                event = self.interpreter.events.popleft()
                if event.kind == "word":
                    self._words.append(event.facts)
                if event.kind == "unsure":
                    self._unsure = event.facts
                if self.takes is not None and event.kind in ("word", "unsure") and "start" in event.facts:
                    self.takes.remember_sign(event.facts["start"], event.facts["end"])
                if event.kind != "state":
                    messages.append({"type": "event", **json.loads(event.line())})
            self._align()
            screen = self.interpreter.screen_state
            conversation: Message = {
                "type": "conversation",
                "words": [json.loads(Event(0.0, "word", facts).line()) for facts in self._words],
                "sentence": self.conversation.sentence.text if self.conversation.sentence else "",
                "writing": screen.writing,
                "note": screen.note,
            }
            if conversation != self._sent:
                self._sent = conversation
                messages.append(conversation)
            return messages

    def _align(self) -> None:
        """Remove the facts of words that the conversation has removed. The last words remain."""
        kept = len(self.conversation.words)
        self._words = self._words[len(self._words) - kept :]
