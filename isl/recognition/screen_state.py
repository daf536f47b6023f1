"""The text and numbers that a window or a page shows at one moment."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ScreenState:
    """All text and numbers on a live picture, as plain values: one thread creates them, another draws them."""

    state: str = "nobody"  # a value of isl.recognition.events.State
    top: tuple[tuple[str, float], ...] = ()  # likeliest words with their probabilities, best first
    words: tuple[str, ...] = ()  # accepted; those of the last sentence stay until the next word
    sentence: str = ""
    writing: bool = False  # the sentence is being written
    reason: str = ""  # for the state "unsure": the reason
    note: str = ""  # a message to the user: a failed action, the result of a key
    fps: float = 0.0  # landmarked frames per second; 0: not yet known
    filming: bool = False  # the annotated video is being written
    recording: str = ""  # the new sign that is recorded, and the number of its clips
    banner: str = ""  # large letters across the picture: the countdown of a recording
