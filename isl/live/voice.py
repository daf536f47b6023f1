"""Speaks sentences with the voices of the system in another process; a thread waits for it.

Linux uses espeak-ng; other systems use their voices through pyttsx3. pyttsx3 prints, blocks, and needs the main thread
on macOS; a process of its own avoids these problems, and a voice that hangs can be ended. (pyttsx3 can also use
espeak-ng, but it cut a sentence short on a busy machine.)
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from queue import Full, Queue
from shutil import which
from threading import Thread

from isl.errors import InputError

WAITING = 4  # maximum number of waiting texts; speech long after the signs is of no use
LONGEST = 30.0  # maximum seconds per text


class Voice:
    """Speaks texts one after the other without blocking the caller. Without a voice it reports the problem once.

    Args:
        complain: called with one line about the problem and its solution.
    """

    def __init__(self, complain: Callable[[str], None]) -> None:
        self.complain = complain
        self.problem = ""
        self._texts: Queue[tuple[str, str] | None] = Queue(WAITING)
        self._thread = Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    def say(self, text: str, language: str = "en") -> None:
        """Adds a text to the waiting ones; drops it if too many are waiting."""
        if text and not self.problem:
            try:
                self._texts.put_nowait((text, language))
            except Full:
                return

    def close(self, seconds: float = 10.0) -> None:
        """Waits until all texts are spoken, at most ``seconds``."""
        try:
            self._texts.put(None, timeout=seconds)
        except Full:
            return
        self._thread.join(seconds)

    def _run(self) -> None:
        while (item := self._texts.get()) is not None:
            if not self.problem and (problem := speak_in_process(*item)):
                self.problem = problem
                self.complain(problem)


def speak_in_process(text: str, language: str) -> str:
    """Speaks a text in a process of its own; returns a line about the problem, or ""."""
    command = espeak(text, language) or [sys.executable, "-m", "isl.live.voice", text, language]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return f"speak=true: the system's voice has not ended in {LONGEST:.0f} s; it is left out from now on"
    lines = done.stderr.strip().splitlines()
    if lines and lines[-1].startswith("error:"):  # espeak-ng ends with 0 nevertheless
        return "speak=true: there is nothing to hear it through: connect a loudspeaker or headphones"
    return "" if done.returncode == 0 else f"speak=true: {lines[-1] if lines else 'the voice failed'}"


def espeak(text: str, language: str, path: Path | None = None) -> list[str]:
    """Returns the command of espeak-ng that speaks a text or writes it to a .wav file; [] if it is not installed."""
    program = which("espeak-ng")
    return [program, "-v", language, *(["-w", str(path)] if path else []), "--", text] if program else []


def speak(text: str, language: str) -> None:
    """Speaks a text with pyttsx3, with a voice of this language if there is one; returns when it is done.

    Raises:
        InputError: pyttsx3 is not installed, or the system has no voice.
    """
    try:
        import pyttsx3
    except ImportError:
        raise InputError("no voice: pip install pyttsx3, or on Linux: apt install espeak-ng") from None
    try:
        engine = pyttsx3.init()
        voices = engine.getProperty("voices")
    except Exception:  # each system raises its own errors
        raise InputError("this system has no voice; on Linux: apt install espeak-ng") from None
    chosen = [voice.id for voice in voices if any(language == str(tag)[:2] for tag in voice.languages or [])]
    if chosen:
        engine.setProperty("voice", chosen[0])
    engine.say(text)
    engine.runAndWait()


if __name__ == "__main__":
    try:
        speak(*sys.argv[1:3])
    except InputError as error:
        sys.exit(str(error))
