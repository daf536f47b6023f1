"""Checksums of a cache's files, one for each block of 4 MB, so that a start need not read a large file to the end."""

from __future__ import annotations

import random
import zlib
from pathlib import Path
from typing import Any, BinaryIO

BLOCK = 1 << 22  # bytes
AT_EVERY_START = 64  # blocks of a file that a start reads if size and time of the file are as they were written


class BlockWriter:
    """Writes a file and computes the checksums of its blocks on the way. ``write`` is the file's own."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.sums: list[int] = []
        self.size = 0

    def write(self, data: Any) -> int:
        """Append bytes, or an array's memory."""
        view = memoryview(data).cast("B")
        for first in _cuts(self.size, len(view)):
            part = view[max(first - self.size, 0) : first - self.size + BLOCK]
            if first >= self.size:
                self.sums.append(zlib.crc32(part))
            else:
                self.sums[-1] = zlib.crc32(part, self.sums[-1])
        self.size += len(view)
        return self.file.write(view)

    def tell(self) -> int:
        return self.size


def _cuts(size: int, more: int) -> range:
    """Returns the starts of the blocks that ``more`` bytes after the first ``size`` touch."""
    return range(size // BLOCK * BLOCK, size + more, BLOCK) if more else range(0)


def written_at(path: Path) -> int:
    """Returns the time of the last change of a file, in nanoseconds."""
    return path.stat().st_mtime_ns


def is_intact(path: Path, sums: list[int], written: int) -> bool:
    """Returns True if the file still has the blocks that were written.

    If its time is not ``written`` (it was changed, or copied to another disk), every block is compared with its
    checksum; else ``AT_EVERY_START`` blocks, others each time, which finds a damaged disk in the course of some starts.

    Args:
        path: the file; its length has been compared already.
        sums: CRC-32 of each block.
        written: the result of ``written_at`` after it was written.
    """
    chosen = list(range(len(sums)))
    if written_at(path) == written and len(chosen) > AT_EVERY_START:
        chosen = sorted(random.SystemRandom().sample(chosen, AT_EVERY_START))
    with path.open("rb") as file:
        for block in chosen:
            file.seek(block * BLOCK)
            if zlib.crc32(file.read(BLOCK)) != sums[block]:
                return False
    return True
