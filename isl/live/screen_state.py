"""What the screen says at a moment: plain values, made by one thread and drawn by another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScreenState:
    """Everything that is written on a live picture."""

    state: str = "nobody"  # a value of isl.recognition.events.State
    top: tuple[tuple[str, float], ...] = ()  # likeliest words with their probabilities, best first
    words: tuple[str, ...] = ()  # accepted; those of the last sentence stay until another word comes
    sentence: str = ""
    writing: bool = False  # the sentence is being written
    note: str = ""  # for the person in front of the screen: what could not be done, what the keys did
    fps: float = 0.0  # frames a second that are landmarked; 0: not known yet
    filming: bool = False  # the annotated video is being written
    big: str = ""  # the countdown of a recording, across the picture
