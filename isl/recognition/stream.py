"""The state machine: fed with (time, landmarks), gives events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np

from isl.config.options import number, whole
from isl.landmarks import Floats, usable
from isl.recognition.acceptance import Guess, Moment, Probabilities, Rule, Verdict, top
from isl.recognition.doubt import HandsSeen, explain_doubt
from isl.recognition.events import Event, State
from isl.recognition.hands import Hands, Posture
from isl.recognition.window import MOST, Window

NO_WORD = "_"  # a class whose name begins so (_rest, _other) is one that the network says instead of a word
SHOW = 1.0  # seconds for which the outcome of a sign remains the state
LONGEST = 60.0  # seconds that a sign may take
GAP = 1.5  # seconds without a frame after which what was before belongs to another scene


class Recognizes(Protocol):
    """What a stream asks: see ``isl.recognition.recognizer.Recognizer``."""

    words: list[str]
    seconds: float
    aspect: float
    reject: float

    def threshold(self, keep: float | None = None) -> float: ...

    def prepare(self, frames: Floats) -> Floats: ...

    def judge(self, prepared: Floats, aspect: float | None = None) -> Probabilities: ...


class Stream:
    """Landmarks one by one to accepted words.

    It has no clock: times are those of the frames, so that a file gives the same words however fast it is processed.
    No frame can break it: one without usable landmarks counts as one that shows nobody, and where time jumps (back, or
    ahead by more than ``GAP``) what was before is forgotten and a ``cut`` is reported. Memory is bounded.

    Args:
        recognizer: asked for the probabilities of words.
        rule: decides when a word is accepted.
        posture: follows the hands.
        seconds: length of the window; None takes the recogniser's, the median clip of its training.
        frames: the rolling window as a number of frames instead (Insignia's 60), whatever time they take.
        aspect: width over height of the picture; None takes the recogniser's.
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
        self.reason = ""  # for the state UNSURE: what the last sign lacked
        self.shown: Probabilities | None = None
        self._frames = 0 if frames is None else int(number(whole(frames, "window.frames"), "window.frames", 1, MOST))
        self._rule = rule
        self._posture = posture or Posture()
        # Long enough for the longest sign that is decided as a whole, and for Insignia's 60 frames of a slow camera
        self._window = Window(keep=max(4 * self.seconds, 12.0), prepare=recognizer.prepare)
        self._silent = np.array([word.startswith(NO_WORD) for word in recognizer.words])
        self._time: float | None = None
        self._hands_seen = HandsSeen()
        self._outcome: tuple[State, float] | None = None

    @property
    def words(self) -> list[str]:
        return self.recognizer.words

    def top(self, count: int = 5) -> list[tuple[str, float]]:
        """The likeliest words at present; empty while nothing is being signed."""
        return [] if self.shown is None else top(self.shown, self.words, count)

    def feed(self, time: float, landmarks: Floats) -> list[Event]:
        """Take in the landmarks ``(1662,)`` of a frame at ``time`` seconds; what happened by it."""
        if not math.isfinite(time):
            return []
        events = []
        if self._time is not None and not 0 <= time - self._time <= GAP:
            reason = "time went back" if time < self._time else "no frames"
            events.append(Event(time, "cut", {"reason": reason, "seconds": abs(time - self._time)}))
            self._forget()
        self._time = time
        frame = usable(landmarks)
        self._window.add(time, frame)
        self._hands_seen.add(time, frame)
        self._posture.step(time, frame, self.aspect)
        return events + self._judge(time, self._posture.hands, self._posture.since)

    def finish(self) -> list[Event]:
        """The stream is over: decide on a sign that is still open."""
        if self._time is None or self._posture.hands is not Hands.UP:
            return []
        return self._judge(self._time, Hands.NOBODY, self._time)

    def _judge(self, time: float, hands: Hands, since: float) -> list[Event]:
        knows = self.recognizer
        moment = Moment(
            *(time, hands, since, self._window, self.seconds, self._ask),
            threshold=knows.threshold,
            reject=knows.reject,
            last=self._frames,
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
        """A clip ``(60, P)`` to the probabilities ``(words,)`` of its sign."""
        probabilities = np.asarray(self.recognizer.judge(clip[None], self.aspect), np.float32)[0]
        if not np.isfinite(probabilities).all():
            return np.zeros_like(probabilities)  # no answer is none
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
