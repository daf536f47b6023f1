"""Speaks sentences with the system's own voices, beside everything else: a thread waits, another process speaks.

On Linux espeak-ng speaks; elsewhere pyttsx3 drives the system's voices. It prints, blocks and wants the main thread on
macOS; in a process of its own none of that matters, and a voice that hangs can be ended. (pyttsx3 drives espeak-ng as
well, but was heard to cut a sentence short when the machine was busy.)
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

WAITING = 4  # texts that wait at most; speech that comes much later than the signs helps nobody
LONGEST = 30.0  # seconds that a text may take


class Voice:
    """Says texts one after the other. It never blocks its caller; without a voice it says so once and is silent.

    Args:
        complain: gets one line that says why nothing can be heard and what to do.
    """

    def __init__(self, complain: Callable[[str], None]) -> None:
        self.complain = complain
        self.problem = ""
        self._texts: Queue[tuple[str, str] | None] = Queue(WAITING)
        self._thread = Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    def say(self, text: str, language: str = "en") -> None:
        """Put a text behind those that wait; it is dropped where too many do."""
        if text and not self.problem:
            try:
                self._texts.put_nowait((text, language))
            except Full:
                return

    def close(self, seconds: float = 10.0) -> None:
        """Wait until everything is said, at most so many seconds."""
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
    """Speak in a process of its own; returns what went wrong, in one line, or nothing."""
    command = espeak(text, language) or [sys.executable, "-m", "isl.live.voice", text, language]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
    except subprocess.TimeoutExpired:
        return f"speak=true: the system's voice has not ended in {LONGEST:.0f} s; it is left out from now on"
    lines = done.stderr.strip().splitlines()
    if lines and lines[-1].startswith("error:"):  # espeak-ng ends with 0 all the same
        return "speak=true: there is nothing to hear it through: connect a loudspeaker or headphones"
    return "" if done.returncode == 0 else f"speak=true: {lines[-1] if lines else 'the voice failed'}"


def espeak(text: str, language: str, path: Path | None = None) -> list[str]:
    """The command by which espeak-ng says a text or writes it to a .wav file; empty where it is not installed."""
    program = which("espeak-ng")
    return [program, "-v", language, *(["-w", str(path)] if path else []), "--", text] if program else []


def speak(text: str, language: str) -> None:
    """Say a text with pyttsx3, by a voice of this language where there is one; returns when that is done.

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
    except Exception:  # each system has its own
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
