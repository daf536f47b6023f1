"""Prints the words and sentences of a stream, and formats them as JSON, CSV, WebVTT, SRT and ELAN's EAF."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from isl import console
from isl.data.elan import WORDS, Interval, eaf_text, library
from isl.errors import InputError
from isl.files import csv_text
from isl.recognition.events import Event

SENTENCE_SECONDS = 3.0  # minimum time for which a subtitle shows a sentence


def print_events(events: Iterable[Event]) -> None:
    """Prints the words with their times, the sentences, and each note of the sentence writer once."""
    events = list(events)
    for event in events:
        if event.kind == "word":
            word, start, end, confidence = (event.facts[key] for key in ("word", "start", "end", "confidence"))
            console.out.print(f"{start:7.1f} to {end:.1f} s  {word}  {confidence:.0%}")
        elif event.kind == "sentence":
            glosses = " · ".join(event.facts["glosses"])
            console.out.print(f"{'':12}{glosses}: {event.facts['sentence']}", style="bold", soft_wrap=True)
    for note in dict.fromkeys(event.facts["note"] for event in events if event.facts.get("note")):
        console.out.print(note, style="yellow", markup=False, soft_wrap=True)
    if not any(event.kind == "word" for event in events):
        console.out.print("no word was recognised")


def as_json(name: str, events: Sequence[Event]) -> str:
    """Returns JSON: words with start, end (seconds), confidence and top five; sentences with their glosses."""
    words = [{**_facts(event), "accepted": event.time} for event in events if event.kind == "word"]
    sentences = [{**_facts(event), "time": event.time} for event in events if event.kind == "sentence"]
    return json.dumps({"input": name, "words": words, "sentences": sentences}, indent=2, ensure_ascii=False) + "\n"


def as_csv(name: str, events: Sequence[Event]) -> str:
    """Returns a CSV table with one row per word."""
    words = [event.facts for event in events if event.kind == "word"]
    rows = [[name, f"{f['start']:.2f}", f"{f['end']:.2f}", f["word"], f"{f['confidence']:.4f}"] for f in words]
    return csv_text(["input", "start", "end", "word", "confidence"], rows)


def as_vtt(name: str, events: Sequence[Event]) -> str:
    """Returns WebVTT subtitles of the words and sentences, see ``_cues``."""
    cues = "".join(f"\n{_clock(a)} --> {_clock(b)}\n{_escaped(text)}\n" for a, b, text in _cues(events))
    return "WEBVTT\n" + cues


def as_srt(name: str, events: Sequence[Event]) -> str:
    """Returns SRT subtitles of the words and sentences, see ``_cues``."""
    return "\n".join(
        f"{number}\n{_clock(a, ',')} --> {_clock(b, ',')}\n{text}\n"
        for number, (a, b, text) in enumerate(_cues(events), start=1)
    )


def as_eaf(name: str, events: Sequence[Event]) -> str:
    """Returns ELAN's annotations of the words and sentences, in a tier each.

    Raises:
        InputError: pympi-ling is not installed.
    """
    words = [
        (event.facts["start"], event.facts["end"], event.facts["word"]) for event in events if event.kind == "word"
    ]
    sentences: list[Interval] = []
    start, end = 0.0, 0.0
    spoken = False  # a word was signed since the last sentence
    for event in events:
        if event.kind == "word":
            start, end, spoken = (start if spoken else event.facts["start"]), event.facts["end"], True
        elif event.kind == "sentence" and spoken:
            sentences.append((start, end, event.facts["sentence"]))
            spoken = False
    return eaf_text(name, {WORDS: words, "sentences": sentences})


def _cues(events: Sequence[Event]) -> list[tuple[float, float, str]]:
    """Returns (start, end, text): words for the time of their sign, sentences from the end of their last word on."""
    cues: list[tuple[float, float, str]] = []
    end = 0.0
    for event in events:
        if event.kind == "word":
            end = event.facts["end"]
            cues.append((event.facts["start"], end, event.facts["word"]))
        elif event.kind == "sentence":
            cues.append((end, max(event.time, end) + SENTENCE_SECONDS, event.facts["sentence"]))
    return sorted(cues)


FORMATS: dict[str, Callable[[str, Sequence[Event]], str]] = {
    ".json": as_json,
    ".csv": as_csv,
    ".vtt": as_vtt,
    ".srt": as_srt,
    ".eaf": as_eaf,
}


def written_here() -> dict[str, Callable[[str, Sequence[Event]], str]]:
    """Returns the formats whose libraries are installed."""
    try:
        library()
    except InputError:
        return {suffix: write for suffix, write in FORMATS.items() if suffix != ".eaf"}
    return FORMATS


def _facts(event: Event) -> dict[str, Any]:
    """Returns the facts of an event, rounded as in the log."""
    return {key: value for key, value in json.loads(event.line()).items() if key not in ("time", "event")}


def _clock(seconds: float, point: str = ".") -> str:
    """Returns a time as ``00:01:02.345``."""
    milliseconds = round(1000 * max(seconds, 0))
    minutes, milliseconds = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{milliseconds // 1000:02d}{point}{milliseconds % 1000:03d}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
