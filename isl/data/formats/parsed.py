"""Memory of the last parsed file of many clips, so that it is parsed once and not again for each of its clips."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

_LOCK = threading.Lock()
_last: tuple[tuple[str, int, int], Any] | None = None


def remembered(path: Path, parse: Callable[[Path], Any], keep: bool) -> Any:
    """Returns ``parse(path)``, from memory if this file, unchanged, was the last to be kept.

    Args:
        path: the file.
        parse: returns its content.
        keep: True for a file of many clips; others are parsed without a lock, several at a time.
    """
    global _last
    facts = path.stat()
    key = (str(path.absolute()), facts.st_size, facts.st_mtime_ns)
    last = _last
    if last is not None and last[0] == key:
        return last[1]
    if not keep:
        return parse(path)
    with _LOCK:
        if _last is None or _last[0] != key:
            _last = (key, parse(path))
        return _last[1]


def forget() -> None:
    """Frees the memory; called when a dataset has been read."""
    global _last
    _last = None
