"""Finds numbers that are not finite in the records of a checkpoint file, without torch."""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

BLOCK = 1 << 22  # bytes that are read at a time
_LOCAL_HEADER = 30  # bytes before a record's name; the lengths of the name and of what follows it are the last four
_INFINITE_BFLOAT16 = 0x7F80  # the exponent bits; all of them are set in infinity and NaN


def are_finite(file: BinaryIO, record: zipfile.ZipInfo, dtype: str) -> bool:
    """Returns True if all numbers of an uncompressed record are finite.

    Args:
        file: the archive.
        record: the record in it.
        dtype: torch's name of the storage, such as ``FloatStorage``. Whole numbers are always finite.
    """
    if dtype not in ("FloatStorage", "DoubleStorage", "HalfStorage", "BFloat16Storage"):
        return True
    file.seek(record.header_offset)
    name, extra = struct.unpack("<26xHH", file.read(_LOCAL_HEADER))
    file.seek(record.header_offset + _LOCAL_HEADER + name + extra)
    left = record.file_size
    while left:
        block = file.read(min(left, BLOCK))
        if not block:
            raise EOFError("a record beyond the end of the file")
        left -= len(block)
        if not _finite(block, dtype):
            return False
    return True


def _finite(block: bytes, dtype: str) -> bool:
    if dtype == "BFloat16Storage":
        exponent = np.frombuffer(block, "<u2") & _INFINITE_BFLOAT16
        return not bool((exponent == _INFINITE_BFLOAT16).any())
    kinds: dict[str, npt.DTypeLike] = {"FloatStorage": "<f4", "DoubleStorage": "<f8", "HalfStorage": "<f2"}
    return bool(np.isfinite(np.frombuffer(block, kinds[dtype])).all())
