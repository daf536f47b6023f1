"""Describes a recogniser and its assumptions in a few lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from isl import console
from isl.recognition.printable import shown
from isl.recognition.stream import Recognizes
from isl.weights import SHIPPED

NOT_CALIBRATED = "not calibrated, since its training was not finished: confidences mean little"


def is_generated(about: Mapping[str, Any]) -> bool:
    """Returns True if the facts of a checkpoint say that its words are generated signs, which no person makes."""
    return str(about.get("data", "")).startswith("SyntheticClips")


def describe_training(words: Sequence[str], about: Mapping[str, Any], calibrated: bool, kind: str = "") -> str:
    """Returns one line with the number of words, the kind of file, the training data and the date."""
    data, date = str(about.get("data", "clips that it does not name")), about.get("date")
    named = shown(data.partition("Clips ")[2] or data)  # without the class that read them
    parts = [
        f"{len(words)} word{'s' * (len(words) != 1)}{kind}",
        f"trained on {'generated signs, which no person makes' if is_generated(about) else named}",
        *([shown(str(date))] if date else []),
    ]
    return ", ".join(parts) + ("" if calibrated else f"; {NOT_CALIBRATED}")


def describe(recognizer: Recognizes, paths: Sequence[Path]) -> list[str]:
    """Returns a line with the checkpoint's words, data and date, and a line for each value that is assumed."""
    about: dict[str, Any] = getattr(recognizer, "about", {})
    description = getattr(recognizer, "description", f"{len(recognizer.words)} words")
    lines = [f"checkpoint: {', '.join(map(_named, paths))} ({description})"]
    if "seconds" not in about:
        lines.append(f"it does not say how long a sign takes: {recognizer.seconds:g} s are assumed (window.seconds=)")
    if "aspect" not in about:
        lines.append(f"it does not say the shape of its pictures: width / height = {recognizer.aspect:g} is assumed")
    return lines


def _named(path: Path) -> str:
    name = next((name for name, shipped in SHIPPED.items() if shipped == path), "")
    return f"{name}, which comes with isl" if name else console.shorten(path)


def print_recognizer(recognizer: Recognizes, paths: Sequence[Path]) -> None:
    """Prints the lines of ``describe``, assumptions in yellow."""
    first, *assumptions = describe(recognizer, paths)
    console.out.print(first, soft_wrap=True)
    for line in assumptions:
        console.out.print(line, style="yellow", soft_wrap=True)
