"""Subtitles of a segmented video."""

from __future__ import annotations

from isl.recognition.events import Event
from isl.recognition.transcript import as_srt, as_vtt


def test_srt_subtitles_are_numbered_with_a_comma():
    events = [
        Event(2.0, "word", {"word": "Fever", "start": 1.5, "end": 2.0}),
        Event(2.0, "sentence", {"sentence": "A."}),
    ]
    assert as_srt("x", events) == ("1\n00:00:01,500 --> 00:00:02,000\nFever\n\n2\n00:00:02,000 --> 00:00:05,000\nA.\n")


def test_subtitles_are_escaped_and_in_order():
    events = [
        Event(2.0, "word", {"word": "<b>", "start": 3661.5, "end": 3662.0}),
        Event(4.0, "sentence", {"sentence": "A & B --> C"}),
    ]
    cues = as_vtt("x", events).split("\n\n")
    assert cues[1] == "01:01:01.500 --> 01:01:02.000\n&lt;b&gt;"
    assert cues[2].splitlines()[1] == "A &amp; B --&gt; C"
