"""The text and numbers that a window or a page shows at a moment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScreenState:
    """Everything that is written on a live picture: plain values, made by one thread and drawn by another."""

    state: str = "nobody"  # a value of isl.recognition.events.State
    top: tuple[tuple[str, float], ...] = ()  # likeliest words with their probabilities, best first
    words: tuple[str, ...] = ()  # accepted; those of the last sentence stay until another word comes
    sentence: str = ""
    writing: bool = False  # the sentence is being written
    reason: str = ""  # for the state "unsure": what was missing
    note: str = ""  # a message to the user: an action that failed, the outcome of a key
    fps: float = 0.0  # landmarked frames a second; 0: not yet known
    filming: bool = False  # the annotated video is being written
    recording: str = ""  # the new sign that is recorded, and how many clips there are of it
    banner: str = ""  # large letters across the picture: the countdown of a recording
