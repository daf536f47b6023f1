"""Memory of the last parsed file of many clips, so that it is parsed once and not again for each of its clips."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

_LOCK = threading.Lock()


def remembered(path: Path, parse: Callable[[Path], Any]) -> Any:
    """Returns ``parse(path)``, from memory if this file, unchanged, was the last one."""
    facts = path.stat()
    with _LOCK:
        return _parsed(parse, path.absolute(), facts.st_size, facts.st_mtime_ns)


@lru_cache(maxsize=1)
def _parsed(parse: Callable[[Path], Any], path: Path, size: int, changed: int) -> Any:
    return parse(path)


def forget() -> None:
    """Frees the memory; called when a dataset has been read."""
    _parsed.cache_clear()
