"""Records takes of a sign in front of a browser. They stay in memory until the user keeps them."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from isl.data.recording import Countdown, RecordedClip, check_name, save_recording
from isl.data.vocabulary import spelling
from isl.errors import InputError
from isl.landmarks import LEFT_HAND, POSE, RIGHT_HAND, Floats, clean_frame
from isl.vision.holistic import extractor
from isl.web.assets import PACKAGE, VERSION
from isl.web.messages import Frame, RefusedMessage

SECONDS = 3.0  # length of a take
MOST_TAKES = 12  # of one page, in memory
MOST_SAVED = 2000  # clips that the pages of one server may save
MOST_SIGNS = 20  # of a conversation whose frames are remembered, to save a correction
MEMORY = 15.0  # seconds of frames
MOST_FRAMES = 1500  # in memory
SHOWN = 45  # frames of a take that the page draws

Message = dict[str, Any]


class Recordings:
    """The dataset folder in which pages may save clips.

    Args:
        root: the folder of ``web.record=``.
        words: the network's words, whose spelling a recording takes over.
    """

    def __init__(self, root: Path, words: Sequence[str]) -> None:
        self.root, self.words = root, list(words)
        self._saved = 0
        self._lock = Lock()

    def match_spelling(self, word: str) -> str:
        """Returns the network's spelling of a word if it knows the word and a folder can have this name."""
        for own in self.words:
            if spelling(own) == spelling(word):
                try:
                    return check_name(own, "word")
                except InputError:
                    break
        return word

    def save(self, recording: RecordedClip, word: str, signer: str, landmarker: str) -> None:
        """Save a clip of ``word``.

        Raises:
            RefusedMessage: the pages have saved too many clips.
            InputError: the word or the signer can't name a file.
        """
        word, signer = check_name(word, "word"), check_name(signer, "signer")
        with self._lock:
            if self._saved >= MOST_SAVED:
                raise RefusedMessage(f"more than {MOST_SAVED} recordings since the server was started")
            self._saved += 1
        save_recording(recording, self.root, word, signer, landmarker)

    def counts(self) -> dict[str, int]:
        """Returns the number of clips of each word in the folder."""
        folders = [path for path in self.root.glob("*") if path.is_dir() and not path.name.startswith(".")]
        counts = {folder.name: sum(1 for _ in folder.glob("[!.]*.npy")) for folder in sorted(folders)}
        return {word: count for word, count in counts.items() if count}


class Takes:
    """The takes of one page. Its methods may be called from several threads.

    Attributes:
        signer: the name of the person who has agreed to be recorded; "" if nobody has.
    """

    def __init__(self, recordings: Recordings) -> None:
        self.recordings, self.signer = recordings, ""
        self._countdown = Countdown(SECONDS)
        self._word = ""
        self._number = 0
        self._waiting: dict[int, tuple[str, RecordedClip, str]] = {}  # number: word, clip, landmarker
        self._frames: deque[tuple[float, Floats]] = deque(maxlen=MOST_FRAMES)
        self._size, self._landmarker = (1, 1), ""
        self._signs: deque[tuple[tuple[float, float], RecordedClip]] = deque(maxlen=MOST_SIGNS)
        self._lock = Lock()

    @property
    def busy(self) -> bool:
        """True from a request to record to the end of the take."""
        return self._countdown.busy

    def consent(self, signer: str) -> None:
        """Set the person who agrees to be recorded. An empty name withdraws that, and discards all takes."""
        with self._lock:
            self.signer = signer
            if not signer:
                self._waiting.clear()
                self._signs.clear()
                self._countdown.restart(wanted=False)

    def record(self, word: str) -> None:
        """Begin the countdown of a take.

        Raises:
            RefusedMessage: nobody has agreed, or too many takes are waiting.
        """
        with self._lock:
            if not self.signer:
                raise RefusedMessage("nobody has agreed to be recorded")
            if len(self._waiting) >= MOST_TAKES:
                raise RefusedMessage(f"more than {MOST_TAKES} takes; keep them or throw them away")
            self._word = self.recordings.match_spelling(word)
            self._countdown.restart(wanted=True)

    def cancel(self) -> None:
        with self._lock:
            self._countdown.restart(wanted=False)

    def discard(self, number: int) -> None:
        """Throw a take away."""
        with self._lock:
            self._waiting.pop(number, None)

    def keep(self) -> list[Message]:
        """Save all takes that wait. Returns the messages for the page."""
        with self._lock:
            takes, self._waiting = list(self._waiting.values()), {}
        for word, recording, landmarker in takes:
            self.recordings.save(recording, word, self.signer, landmarker)
        return [self.folder_message(len(takes))]

    def folder_message(self, saved: int = 0) -> Message:
        """Returns the message about the folder: the clips that were ``saved`` now, and all clips of each word."""
        return {"type": "recorded", "saved": saved, "counts": self.recordings.counts()}

    def feed(self, frame: Frame, landmarks: Floats) -> tuple[Message, list[Message]]:
        """Processes a frame. Returns facts for the status, and messages: a finished take with its skeleton."""
        with self._lock:
            self._size = frame.size
            self._landmarker = extractor() if frame.jpeg is not None else f"{PACKAGE} {VERSION}"
            self._remember(frame.time, landmarks)
            recording = self._countdown.feed(frame.time, clean_frame(landmarks), frame.size)
            facts: Message = {}
            if self._countdown.busy:
                facts = {"take": {"left": self._countdown.left, "signing": self._countdown.signing}}
            return facts, [] if recording is None else [self._finish(recording)]

    def _finish(self, recording: RecordedClip) -> Message:
        message: Message = {"type": "take", "word": self._word, "problem": recording.problem.replace(" ", "_")}
        if recording.problem:
            return message
        self._number += 1
        self._waiting[self._number] = (self._word, recording, self._landmarker)
        clip = recording.landmarks
        shown = clip[np.linspace(0, len(clip) - 1, min(SHOWN, len(clip))).round().astype(int)]
        frames = [points_of(frame) for frame in shown]
        return message | {"take": self._number, "size": recording.size, "seconds": SECONDS, "frames": frames}

    # Corrections

    def _remember(self, time: float, landmarks: Floats) -> None:
        if self._frames and not 0 < time - self._frames[-1][0] < MEMORY:
            self._frames.clear()
        self._frames.append((time, clean_frame(landmarks)))
        while time - self._frames[0][0] > MEMORY:
            self._frames.popleft()

    def remember_sign(self, start: float, end: float) -> None:
        """Keep the frames of a sign that was just recognised, so that its correction can be saved."""
        with self._lock:
            frames = [(time, frame) for time, frame in self._frames if start <= time <= end]
            if len(frames) < 2:
                return
            fps = (len(frames) - 1) / (frames[-1][0] - frames[0][0])
            clip = np.stack([frame for _, frame in frames])
            self._signs.append(((start, end), RecordedClip(clip, fps, self._size)))

    def save_sign(self, start: float, end: float, word: str) -> list[Message]:
        """Save a sign under the word that the user has chosen for it. Returns the messages for the page.

        Raises:
            RefusedMessage: nobody has agreed to be recorded.
        """
        with self._lock:
            if not self.signer:
                raise RefusedMessage("nobody has agreed to be recorded")
            recordings = [recording for span, recording in self._signs if span == (start, end)]
            recording = recordings[-1] if recordings else None
        word = self.recordings.match_spelling(word)
        if recording is None or recording.problem:
            return [self.folder_message()]
        self.recordings.save(recording, word, self.signer, self._landmarker)
        return [self.folder_message(1)]


def points_of(landmarks: Floats) -> list[int]:
    """Returns x and y of pose and hands in thousandths of the picture, 150 numbers, which the page draws."""
    parts = [np.asarray(part.of(landmarks))[:, :2] for part in (POSE, LEFT_HAND, RIGHT_HAND)]
    return [int(value) for value in (1000 * np.concatenate(parts)).clip(-2000, 3000).round().ravel()]
