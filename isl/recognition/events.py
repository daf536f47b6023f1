"""Events of a stream as plain values; each is one line of JSON."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Any


class State(Enum):
    NOBODY = "nobody"  # in the picture
    IDLE = "idle"  # hands at rest
    SIGNING = "signing"
    UNSURE = "unsure"  # the present or the last sign looks like no word
    ACCEPTED = "accepted"


@dataclass(frozen=True)
class Event:
    """An event; the ``facts`` depend on its ``kind``.

    From a stream: word and unsure (word, confidence, start and end of the sign in seconds, top5), state (state), cut
    (reason, seconds). From a conversation: sentence (sentence, glosses, source, note), clear, backspace and
    correct (words).
    """

    time: float
    kind: str
    facts: dict[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """Returns one line of JSON: ``{"time": 3.2, "event": "word", "word": "Doctor", ...}``."""
        facts = {key: _short(value) for key, value in self.facts.items()}
        return json.dumps({"time": _short(self.time), "event": self.kind, **facts}, ensure_ascii=False)

    def stretched(self, factor: float) -> Event:
        """Returns the event with its times in seconds multiplied by ``factor``."""
        times: dict[str, Any] = {key: self.facts[key] * factor for key in ("start", "end") if key in self.facts}
        return Event(self.time * factor, self.kind, {**self.facts, **times})


def _short(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, (list, tuple)):
        return [_short(item) for item in value]
    return value
