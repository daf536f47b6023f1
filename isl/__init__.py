"""Word-level Indian Sign Language recognition on MediaPipe landmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from isl.version import __version__

if TYPE_CHECKING:
    from isl.recognition.recognizer import Recognizer as Recognizer

__all__ = ["Recognizer", "__version__"]


def __getattr__(name: str) -> Any:
    """``Recognizer`` is imported when it is first used: it loads torch."""
    if name == "Recognizer":
        from isl.recognition.recognizer import Recognizer

        return Recognizer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
