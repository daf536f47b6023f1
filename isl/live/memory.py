"""Makes the C library give the memory of large pictures back to the system."""

from __future__ import annotations

import ctypes
from contextlib import suppress

LARGE = 4 << 20  # bytes; a picture of 1280x720 has fewer, so most cameras use the same memory again and again
_MMAP_THRESHOLD = -3  # M_MMAP_THRESHOLD of malloc.h


def return_large_blocks() -> None:
    """Sets that a block of ``LARGE`` bytes or more is returned to the system as soon as it is freed.

    Otherwise glibc keeps, in each thread, as much free memory as the largest block that was ever freed: one picture
    of 4K in a day raises the memory of a session for good. Does nothing with other C libraries.
    """
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(_MMAP_THRESHOLD, LARGE)
