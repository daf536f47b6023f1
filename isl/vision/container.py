"""Counts the missing bytes at the end of a video file from the lengths in its container, without decoding.

A decoder gives no message for a file that was cut off while copying, so half a sign would become a clip. Containers
state the lengths of their parts, so a missing end can be detected. Additional bytes after the end of a complete file,
as some uploads have them, are ignored. Formats: AVI is RIFF
(https://learn.microsoft.com/windows/win32/directshow/avi-riff-file-reference), MP4 and MOV are boxes (ISO/IEC
14496-12), Matroska and WebM are EBML (RFC 8794).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

VIDEO_SUFFIXES = (  # of containers that OpenCV reads; compare with `path.suffix.lower()`
    ".mp4", ".mov", ".avi", ".mkv", ".webm", ".m4v", ".3gp", ".3g2", ".mts", ".m2ts", ".ts", ".mpg", ".mpeg", ".wmv",
    ".asf", ".flv", ".f4v", ".gif", ".ogv", ".ogg", ".mxf", ".vob", ".dv", ".qt", ".mp4v", ".mjpeg", ".mjpg", ".h264",
    ".264", ".hevc", ".h265", ".265", ".mj2", ".nut", ".y4m", ".insv", ".lrv", ".rm", ".rmvb", ".divx", ".m1v", ".m2v",
    ".mpe",
)  # fmt: skip
RAW_SUFFIXES = (".mjpeg", ".mjpg", ".h264", ".264", ".hevc", ".h265", ".265")  # pictures alone, without times

BOXES = {name.encode() for name in "ftyp moov mdat free skip wide moof mfra sidx styp uuid meta udta pnot".split()}


def missing_bytes(path: Path) -> int:
    """Returns the number of missing bytes at the end of a file; 0 for a complete file or an unknown format."""
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
    """Returns the end of the RIFF chunks in bytes; files over 1 GB have several such chunks."""
    end = 0
    while end < size:
        file.seek(end)
        header = file.read(8)
        if len(header) < 8 or header[:4] != b"RIFF":
            return size if end else 0
        length = int.from_bytes(header[4:], "little")
        if length in (0, 0xFFFFFFFF):  # a recorder that was stopped before it wrote the length
            return size
        end += 8 + length + length % 2
    return end if end - size > 1 else size  # the last padding byte is often missing


def box_names(path: Path) -> set[bytes]:
    """Returns the names of the outer boxes of an MP4 or MOV file."""
    with path.open("rb") as file:
        return {name for name, _, _ in read_boxes(file, 0, path.stat().st_size)}


def _boxes_end(file: BinaryIO, size: int) -> int:
    """Returns the end of the boxes in bytes.

    After the pictures (mdat) and their index (moov) a file is complete: following bytes that are no box are ignored.
    """
    end, names = 0, set[bytes]()
    for name, _, stop in read_boxes(file, 0, size):
        if {b"moov", b"mdat"} <= names and name not in BOXES:
            return size
        names.add(name)
        end = stop
    return end if end >= size else size if {b"moov", b"mdat"} <= names else end + 8


def _ebml_end(file: BinaryIO, size: int) -> int:
    """Returns the end of the elements in bytes; of one without a length, the elements inside it count."""
    end = 0
    for _, body, length in read_elements(file, 0, size):
        end = body + max(length, 0)
    return end if end >= size else end + 16 if size - end < 16 else size  # cut off inside, or no element


def read_boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yields the boxes (length, name, body) between two places of a file: name, start and end of the body.

    A length of 1 means that the length is in the next eight bytes; 0 means that the box extends to ``end``. The last
    box of a file that was cut off ends behind it.
    """
    while start + 8 <= end:
        file.seek(start)
        head = file.read(16)
        length, body = int.from_bytes(head[:4], "big"), start + 8
        if length == 1:
            length, body = int.from_bytes(head[8:16], "big"), start + 16
        start = start + length if length >= 8 else end  # to the end, or not a box at all
        yield head[4:8], body, start


def read_elements(file: BinaryIO, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Yields the EBML elements (identifier, length, body) between two places: identifier, start and length of the body.

    The recorder of a browser does not write the lengths of the segment and of its clusters. Such a length is -1, and
    the elements inside follow.
    """
    while start < end:
        file.seek(start)
        head = file.read(16)
        name, width = _read_vint(head, keep_marker=True)
        length, more = _read_vint(head[width:], keep_marker=False)
        if not width or not more:
            return
        body = start + width + more
        yield name, body, length
        start = body + max(length, 0)


def _read_vint(data: bytes, keep_marker: bool) -> tuple[int, int]:
    """Returns the EBML number of variable width at the start of ``data``: (value, width in bytes); -1: unknown."""
    if not data or data[0] == 0:
        return -1, 0
    width = 9 - data[0].bit_length()
    value = int.from_bytes(data[:width], "big")
    if keep_marker:
        return value, width
    value &= (1 << 7 * width) - 1
    return (-1 if value == (1 << 7 * width) - 1 else value), width
