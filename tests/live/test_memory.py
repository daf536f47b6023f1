"""Large pictures leave no memory behind."""

from __future__ import annotations

import subprocess
import sys

import pytest

PROGRAM = """
import ctypes, sys
from isl.live.memory import LARGE, return_large_blocks
libc = ctypes.CDLL("libc.so.6")
libc.malloc.restype, libc.malloc.argtypes, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_size_t], [ctypes.c_void_p]

class Facts(ctypes.Structure):  # mallinfo2 of malloc.h
    _fields_ = [(name, ctypes.c_size_t) for name in "abcdefghij"]

libc.mallinfo2.restype = Facts

def kept(size):
    '''Bytes of the heap that a block of this size leaves behind when it is freed.'''
    before = libc.mallinfo2().a
    libc.free(libc.malloc(size))
    return libc.mallinfo2().a - before

if sys.argv[1] == "mended":
    return_large_blocks()
libc.free(libc.malloc(24 << 20))  # after which glibc takes blocks of this size from the heap
print(kept(2 * LARGE))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc alone keeps the memory")
@pytest.mark.parametrize("way", ["before", "mended"])
def test_a_large_picture_leaves_no_memory_in_a_thread(way):
    done = subprocess.run([sys.executable, "-c", PROGRAM, way], capture_output=True, text=True, check=True)
    assert (int(done.stdout) > 0) == (way == "before")
