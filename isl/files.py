"""Files that are there whole or not at all, whenever the power fails and whoever else writes the same one."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path, workshop: Path | None = None) -> Iterator[Path]:
    """A name to write a file or a folder to; what stands there takes ``path``'s place when the block ends.

    Until then ``path`` is as it was, and so it stays where the block fails: what was written then goes. A process that
    is killed leaves it behind, hidden from who reads a dataset. Folders that are missing on the way are made.

    Args:
        path: where it belongs. A file that is there is replaced; a folder must be gone by the block's end.
        workshop: the folder that the unfinished lies in, on the same disk; ``path``'s own by default.

    Yields:
        A name that nobody else has, with ``path``'s suffix: libraries go by it.
    """
    workshop = workshop or path.parent
    workshop.mkdir(parents=True, exist_ok=True)
    unfinished = workshop / f".{uuid.uuid4().hex}.unfinished{path.suffix}"
    try:
        yield unfinished
        if unfinished.is_file():
            _flush(unfinished)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.replace(path)
    except BaseException:
        remove(unfinished)
        raise


def write_text(path: Path, text: str) -> None:
    """``text`` in UTF-8, its line ends as they are, as the whole of ``path``."""
    with replacing(path) as unfinished:
        unfinished.write_text(text, encoding="utf-8", newline="")


def remove(path: Path) -> None:
    """Delete a file or a folder with all that is in it, where it is there."""
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Have the disk hold the content, or the name might survive a power cut and the content not."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
