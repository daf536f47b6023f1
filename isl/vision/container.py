"""The bytes that are missing at the end of a video file, by the lengths that its container states; no decoding.

A decoder shows what it can of a file that was cut off while copying, without a message: half a sign would become a
clip. Containers state how long their parts are, so a missing end can be seen. Bytes behind the end of a whole file, as
some uploads leave them, do no harm. Formats: AVI is RIFF
(https://learn.microsoft.com/windows/win32/directshow/avi-riff-file-reference), MP4 and MOV are boxes (ISO/IEC
14496-12), Matroska and WebM are EBML (RFC 8794).
"""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

BOXES = {name.encode() for name in "ftyp moov mdat free skip wide moof mfra sidx styp uuid meta udta pnot".split()}


def missing_bytes(path: Path) -> int:
    """Returns the number of bytes that are missing at the end of a file; 0 for a whole or an unknown one."""
    size = path.stat().st_size
    with path.open("rb") as file:
        start = file.read(12)
        if start[:4] == b"RIFF":
            end = _riff_end(file, size)
        elif start[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
            end = _boxes_end(file, size)
        elif start[:4] == b"\x1a\x45\xdf\xa3":
            end = _ebml_end(file, size)
        else:
            end = size
    return max(0, end - size)


def _riff_end(file: BinaryIO, size: int) -> int:
    """Chunks RIFF, length, ...; files over 1 GB go on with further such chunks."""
    end = 0
    while end < size:
        file.seek(end)
        header = file.read(8)
        if len(header) < 8 or header[:4] != b"RIFF":
            return size if end else 0
        length = int.from_bytes(header[4:], "little")
        if length in (0, 0xFFFFFFFF):  # a recorder that never came back to fill it in
            return size
        end += 8 + length + length % 2
    return end if end - size > 1 else size  # the padding byte at the very end is often left out


def _boxes_end(file: BinaryIO, size: int) -> int:
    """Boxes of length, name, ...: length 1 means that eight more bytes hold it, 0 that the box goes to the end.

    Behind the pictures (mdat) and their index (moov) a file is whole: what follows and is no box is ignored.
    """
    end = 0
    names: set[bytes] = set()
    while end < size:
        file.seek(end)
        header = file.read(16)
        is_whole = {b"moov", b"mdat"} <= names
        if is_whole and header[4:8] not in BOXES:
            return size
        if len(header) < 8:
            return end + 8
        names.add(header[4:8])
        length = int.from_bytes(header[:4], "big")
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        if length < 8:  # to the end of the file, or not a box at all
            return size
        end += length
    return end


def _ebml_end(file: BinaryIO, size: int) -> int:
    """Elements of an identifier, a length and a body, which may be elements again.

    A browser's recorder never comes back to fill in the lengths of the segment and of its clusters: of such an element
    the elements inside are looked at instead.
    """
    end = 0
    while end < size:
        file.seek(end)
        head = file.read(16)
        _, id_bytes = _vint(head, keep_marker=True)
        length, length_bytes = _vint(head[id_bytes:], keep_marker=False)
        if not id_bytes or not length_bytes:  # cut within, or no element
            return end + 16 if len(head) < 16 else size
        end += id_bytes + length_bytes + max(0, length)
    return end


def _vint(data: bytes, keep_marker: bool) -> tuple[int, int]:
    """EBML's number of variable width at the start of ``data``: (value, its width in bytes); -1 means unknown."""
    if not data or data[0] == 0:
        return -1, 0
    width = 9 - data[0].bit_length()
    value = int.from_bytes(data[:width], "big")
    if keep_marker:
        return value, width
    value &= (1 << 7 * width) - 1
    return (-1 if value == (1 << 7 * width) - 1 else value), width
