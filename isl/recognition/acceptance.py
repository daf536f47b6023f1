"""Rules for accepting a word. At each moment of the stream a rule applies the recogniser and returns a verdict."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from isl.config.options import number, positive, whole
from isl.landmarks import Floats
from isl.recognition.hands import Hands
from isl.recognition.window import Window

Probabilities = npt.NDArray[np.float32]

UNCALIBRATED = 0.6  # the confidence that a word must reach where a checkpoint has no threshold


class Guess(NamedTuple):
    """A word (as an index) that may have been signed from ``start`` to ``end``."""

    word: int
    confidence: float
    start: float
    end: float
    probabilities: Probabilities  # (words,)


@dataclass
class Verdict:
    """The result of a rule at one moment: the present probabilities, and at most one decision."""

    shown: Probabilities | None = None  # (words,); None: nothing to show
    accepted: Guess | None = None
    refused: Guess | None = None  # a sign that has ended and is no word, or has too low a confidence
    doubtful: bool = False  # the present sign looks like none of the words
    needed: float = 0.0  # the confidence that a word must reach


@dataclass(frozen=True)
class Moment:
    """The input of a rule at one moment."""

    time: float
    hands: Hands
    since: float  # time at which `hands` began
    window: Window
    seconds: float  # length of a sign, as the recogniser was trained
    ask: Callable[[Floats], Probabilities]  # a clip (60, P) to (words,); classes that are no words have 0
    threshold: Callable[[float | None], float]  # see `Recognizer.threshold`
    reject: float  # the confidence below which a sign is none of the words; 0: not calibrated
    last: int  # number of frames in the rolling window; 0: as many as there are in `seconds`

    def rolling(self) -> Guess | None:
        """Returns the likeliest word of the window that ends now; None until the window is full."""
        if self.last:
            if len(self.window) < self.last:
                return None
            return self.guess(self.window.last(self.last), self.time - self.seconds, self.time)
        if not self.window.begins_before(self.time - 0.9 * self.seconds):
            return None
        start = self.time - self.seconds
        return self.guess(self.window.between(start, self.time), start, self.time)

    def stretch(self, start: float, end: float) -> Guess:
        """Returns the likeliest word of the frames from ``start`` to ``end``."""
        return self.guess(self.window.between(start, end), start, end)

    def guess(self, clip: Floats, start: float, end: float) -> Guess:
        probabilities = self.ask(clip)
        word = int(probabilities.argmax())
        return Guess(word, float(probabilities[word]), start, end, probabilities)


class Rule(Protocol):
    """A rule that decides when a word is accepted. It may keep a state, which ``reset`` clears."""

    def step(self, moment: Moment) -> Verdict: ...

    def reset(self) -> None: ...


class Consecutive:
    """Insignia's rule: accepts a word that stays the top word, above a confidence, for some time. Ignores the hands.

    Args:
        confidence: the confidence that the top word must exceed; Insignia's code has 0.6 to 0.7.
        seconds: time for which it must be the top word: Insignia's 30 frames at 30 frames a second, at any frame rate.
        frames: number of consecutive frames instead of a time, as in Insignia; a slow camera then takes longer.
    """

    def __init__(self, confidence: float = 0.6, seconds: float = 1.0, frames: int | None = None) -> None:
        self.confidence = number(confidence, "accept.confidence", most=1)
        self.seconds = positive(seconds, "accept.seconds")
        self.frames = None if frames is None else whole(frames, "accept.frames", least=1)
        self.reset()

    def reset(self) -> None:
        self._word: int | None = None
        self._began = 0.0
        self._count = 0
        self._is_accepted = False

    def step(self, moment: Moment) -> Verdict:
        return self.look(moment, self.confidence)

    def look(self, moment: Moment, confidence: float) -> Verdict:
        """Returns the verdict of ``step`` for a top word that must exceed ``confidence``."""
        guess = moment.rolling()
        if guess is None:
            return Verdict()
        if guess.confidence <= confidence:
            self.reset()
            return Verdict(shown=guess.probabilities, doubtful=True, needed=confidence)
        if guess.word != self._word:
            self._word, self._began, self._count, self._is_accepted = guess.word, moment.time, 0, False
        self._count += 1
        # A frame lasts until the next one: 30 frames at 30 a second span 1/30 s less than a second from first to last
        enough = (
            moment.time - self._began >= self.seconds - 1 / 30 if self.frames is None else self._count >= self.frames
        )
        if self._is_accepted or not enough:
            return Verdict(shown=guess.probabilities)
        self._is_accepted = True
        return Verdict(shown=guess.probabilities, accepted=guess)


class BetweenRests:
    """Recognises each sign once, as a whole, at its end. A sign lasts from the rise of the hands until they rest.

    The recogniser gets one clip of one sign, as in training, at any signing speed and any frame rate. If the hands stay
    up for long, it is a sentence without pauses (or a sign that is held): then Insignia's rule decides on the rolling
    window.

    Args:
        confidence: the confidence that a sign must reach; a sign below it is refused. None: see ``keep``.
        keep: the share of right answers to keep, measured on the checkpoint's validation clips; a higher share gives
            more false words. None: 0.75 for a checkpoint that was trained with a background; for others see ``doubt``.
        doubt: share of the doubt (1 - threshold, see ``isl.training.calibration``) that is tolerated: with a
            threshold of 0.88, a third of it requires 0.96. A signer can repeat a refused sign, but a false word is
            taken for a signed one. For a checkpoint without a threshold the required confidence is 0.6.
        around: seconds of rest at either end that belong to the clip: training clips show the hands rise and sink.
        shortest: seconds below which raised hands are no sign.
        again: seconds of rest after a sign within which the same word is not accepted again: a sign of two strokes.
        longest: lengths of a sign (see ``Moment.seconds``) after which raised hands are more than one sign.
        every: seconds between two recognitions of a sign that is not over; these are shown and decide nothing.
        held: seconds that a word must be the top word in signing longer than ``longest``, in three or more windows.
    """

    def __init__(
        self,
        confidence: float | None = None,
        keep: float | None = None,
        doubt: float = 1 / 3,
        around: float = 0.2,
        shortest: float = 0.5,
        again: float = 0.8,
        longest: float = 2.2,
        every: float = 0.7,
        held: float = 1.0,
    ) -> None:
        self.confidence = None if confidence is None else number(confidence, "accept.confidence", most=1)
        self.keep = None if keep is None else number(keep, "accept.keep", most=1)
        self.doubt = number(doubt, "accept.doubt", most=1)
        self.around = number(around, "accept.around")
        self.shortest = positive(shortest, "accept.shortest")
        self.again = number(again, "accept.again")
        self.longest = positive(longest, "accept.longest")
        self.every = number(every, "accept.every")
        self._held = Consecutive(seconds=held)
        self.reset()

    def least_confidence(self, moment: Moment) -> float:
        """Returns the confidence that a sign must reach."""
        if self.confidence is not None:
            return self.confidence
        if threshold := moment.threshold(self.keep):
            return threshold
        return 1 - self.doubt * (1 - moment.reject) if moment.reject else UNCALIBRATED

    def reset(self) -> None:
        self._before: tuple[int, float] | None = None  # the last accepted word, and the time its sign ended
        self._lower()

    def _lower(self) -> None:
        """Resets the state of the present sign: the hands are down and the sign is decided."""
        self._began: float | None = None  # time at which the hands rose
        self._open = 0.0  # time from which on the signing is not yet decided
        self._accepted_word: int | None = None  # the word accepted since the hands rose
        self._looked = -np.inf
        self._shown: Guess | None = None
        self._held.reset()

    def step(self, moment: Moment) -> Verdict:
        if moment.hands is not Hands.UP:
            verdict = Verdict() if self._began is None else self._decide(moment, moment.since)
            self._lower()
            return verdict
        if self._began is None:
            self._began = self._open = moment.since
        long = moment.time - self._began > self.longest * moment.seconds
        if moment.time - self._looked >= (self._held.seconds / 3 if long else self.every):
            self._looked = moment.time
            if long:
                return self._without_rest(moment)
            self._look(moment)
        return self._showing(moment)

    def _look(self, moment: Moment) -> None:
        assert self._began is not None
        if moment.time - self._began >= self.shortest:
            self._shown = moment.stretch(self._began - self.around, moment.time)

    def _showing(self, moment: Moment) -> Verdict:
        if self._shown is None:
            return Verdict()
        least = self.least_confidence(moment)
        return Verdict(shown=self._shown.probabilities, doubtful=self._shown.confidence < least, needed=least)

    def _decide(self, moment: Moment, end: float) -> Verdict:
        """Returns the verdict on the sign after which the hands came to rest at ``end``."""
        began_here = self._accepted_word is None
        least = self.shortest if began_here else moment.seconds / 2  # the end of an accepted sign is no further sign
        if end - self._open < least:
            return Verdict()
        start = self._open - (self.around if began_here else 0)
        guess = moment.stretch(start, end + self.around)._replace(start=self._open, end=end)
        before, self._before = self._before, None
        if guess.confidence < self.least_confidence(moment):
            return Verdict(shown=guess.probabilities, refused=guess, needed=self.least_confidence(moment))
        self._before = guess.word, end
        stroke = before is not None and before[0] == guess.word and self._open - before[1] < self.again
        if stroke or guess.word == self._accepted_word:
            return Verdict(shown=guess.probabilities)
        return Verdict(shown=guess.probabilities, accepted=guess)

    def _without_rest(self, moment: Moment) -> Verdict:
        verdict = self._held.look(moment, self.least_confidence(moment))
        if verdict.accepted:
            if verdict.accepted.word == self._accepted_word:
                verdict.accepted = None
            else:
                self._accepted_word, self._open = verdict.accepted.word, moment.time
        return verdict


def top(probabilities: Probabilities, words: Sequence[str], count: int = 5) -> list[tuple[str, float]]:
    """Returns the ``count`` likeliest words with their probabilities, best first."""
    order = np.argsort(-probabilities, kind="stable")[:count]
    return [(words[i], float(probabilities[i])) for i in order]


def interpolate_threshold(thresholds: Mapping[str, float], keep: float) -> float:
    """Returns the confidence that a share ``keep`` of right answers reached, from those that were measured.

    Args:
        thresholds: confidences by the share that reached them, such as ``{"0.90": 0.41, "0.95": 0.33}``.
    """
    measured = sorted((float(share), value) for share, value in thresholds.items())
    return float(np.interp(keep, [share for share, _ in measured], [value for _, value in measured]))
