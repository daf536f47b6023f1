"""The state machine of recognition: turns times and landmarks of frames into events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from isl.config.options import number, whole
from isl.landmarks import Floats, clean_frame
from isl.recognition.acceptance import Guess, Moment, Probabilities, Rule, Verdict, top
from isl.recognition.doubt import HandsSeen, explain_doubt
from isl.recognition.events import Event, State
from isl.recognition.hands import Hands, Posture
from isl.recognition.window import MOST, Window

NO_WORD = "_"  # first letter of classes that are no words (_rest, _other)
SHOW = 1.0  # seconds for which the result of a sign remains the state
LONGEST = 60.0  # seconds that a sign may take
GAP = 1.5  # seconds without a frame after which the earlier frames are discarded


class Recognizes(Protocol):
    """The recogniser of a stream, see ``isl.recognition.recognizer.Recognizer``."""

    words: list[str]
    seconds: float
    aspect: float
    reject: float

    def threshold(self, keep: float | None = None) -> float: ...

    def prepare(self, frames: Floats) -> Floats: ...

    def judge(self, prepared: Floats, aspect: float | None = None) -> Probabilities: ...


class Stream:
    """Finds the accepted words in the landmarks of consecutive frames.

    It uses only the times of the frames, no clock, so a file gives the same words at any processing speed. Any frame is
    allowed: one without usable landmarks counts as a frame without a person. If time jumps (back, or ahead by more than
    ``GAP``), the earlier frames are discarded and a ``cut`` event is returned. Memory is limited.

    Args:
        recognizer: computes the probabilities of words.
        rule: decides when a word is accepted.
        posture: follows the hands.
        seconds: length of the window; None: the recogniser's, which is the median of its training clips.
        frames: length of the rolling window as a number of frames (Insignia's 60) instead of a time.
        aspect: width over height of the picture; None: the recogniser's.
    """

    def __init__(
        self,
        recognizer: Recognizes,
        rule: Rule,
        posture: Posture | None = None,
        seconds: float | None = None,
        frames: int | None = None,
        aspect: float | None = None,
    ) -> None:
        self.recognizer = recognizer
        self.seconds = number(recognizer.seconds if seconds is None else seconds, "window.seconds", 0.1, LONGEST)
        self.aspect = aspect or recognizer.aspect
        self.state = State.NOBODY
        self.reason = ""  # for the state UNSURE: the reason
        self.shown: Probabilities | None = None
        self._frames = 0 if frames is None else int(number(whole(frames, "window.frames"), "window.frames", 1, MOST))
        self._rule = rule
        self._posture = posture or Posture()
        # Long enough for the longest sign that is decided as a whole, and for 60 frames (Insignia) of a slow camera
        self._window = Window(keep=max(4 * self.seconds, 12.0), prepare=recognizer.prepare)
        self._silent = np.array([word.startswith(NO_WORD) for word in recognizer.words])
        self._time: float | None = None
        self._hands_seen = HandsSeen()
        self._outcome: tuple[State, float] | None = None

    @property
    def words(self) -> list[str]:
        return self.recognizer.words

    def top(self, count: int = 5) -> list[tuple[str, float]]:
        """Returns the likeliest words at present; an empty list while nobody is signing."""
        return [] if self.shown is None else top(self.shown, self.words, count)

    def feed(self, time: float, landmarks: Floats) -> list[Event]:
        """Processes the landmarks ``(1662,)`` of a frame at ``time`` seconds; returns the events that follow."""
        if not math.isfinite(time):
            return []
        events = []
        if self._time is not None and not 0 <= time - self._time <= GAP:
            reason = "time went back" if time < self._time else "no frames"
            events.append(Event(time, "cut", {"reason": reason, "seconds": abs(time - self._time)}))
            self._forget()
        self._time = time
        frame = clean_frame(landmarks)
        self._window.add(time, frame)
        self._hands_seen.add(time, frame)
        self._posture.step(time, frame, self.aspect)
        return events + self._judge(time, self._posture.hands, self._posture.since)

    def finish(self) -> list[Event]:
        """Ends the stream; returns the events of a sign that is not finished yet."""
        if self._time is None or self._posture.hands is not Hands.UP:
            return []
        return self._judge(self._time, Hands.NOBODY, self._time)

    def _judge(self, time: float, hands: Hands, since: float) -> list[Event]:
        knows = self.recognizer
        moment = Moment(
            *(time, hands, since, self._window, self.seconds, self._ask),
            *(knows.threshold, knows.reject, self._frames),
        )
        verdict = self._rule.step(moment)
        events = []
        for guess, kind, outcome in (
            (verdict.accepted, "word", State.ACCEPTED),
            (verdict.refused, "unsure", State.UNSURE),
        ):
            if guess is not None:
                facts = _facts(guess, self.words)
                if kind == "unsure":
                    seen = self._hands_seen.share(guess.start, guess.end)
                    self.reason = explain_doubt(guess.probabilities, self.words, verdict.needed, seen)
                    facts |= {"needed": verdict.needed, "reason": self.reason}
                events.append(Event(time, kind, facts))
                self._outcome = (outcome, time)
        if verdict.shown is not None or hands is Hands.UP or not self._showing_outcome(time):
            self.shown = verdict.shown
        state = self._next_state(time, hands, since, verdict)
        if verdict.doubtful and verdict.shown is not None and state is State.UNSURE:
            self.reason = explain_doubt(verdict.shown, self.words, verdict.needed, self._hands_seen.share(since, time))
        elif state is not State.UNSURE:
            self.reason = ""
        if state != self.state:
            self.state = state
            events.append(Event(time, "state", {"state": state.value}))
        return events

    def _ask(self, clip: Floats) -> Probabilities:
        """Returns the probabilities ``(words,)`` of a clip ``(60, P)``; 0 for classes that are no words."""
        probabilities = np.asarray(self.recognizer.judge(clip[None], self.aspect), np.float32)[0]
        if not np.isfinite(probabilities).all():
            return np.zeros_like(probabilities)  # an answer that is not finite counts as none
        return np.where(self._silent, 0, probabilities)

    def _next_state(self, time: float, hands: Hands, since: float, verdict: Verdict) -> State:
        if self._outcome and self._showing_outcome(time) and (hands is not Hands.UP or self._outcome[1] > since):
            return self._outcome[0]
        if hands is Hands.NOBODY:
            return State.NOBODY
        if hands is Hands.RESTING:
            return State.IDLE
        return State.UNSURE if verdict.doubtful else State.SIGNING

    def _showing_outcome(self, time: float) -> bool:
        return self._outcome is not None and time - self._outcome[1] < SHOW

    def _forget(self) -> None:
        self._window.clear()
        self._posture.reset()
        self._hands_seen.clear()
        self._rule.reset()
        self._outcome = None


def _facts(guess: Guess, words: Sequence[str]) -> dict[str, object]:
    return {
        "word": words[guess.word],
        "confidence": guess.confidence,
        "start": guess.start,
        "end": guess.end,
        "top5": top(guess.probabilities, words),
    }
