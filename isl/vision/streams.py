"""Facts of a video's streams that OpenCV does not give, from the boxes and elements of the file's container.

Read are MP4 and MOV (ISO/IEC 14496-12; metadata as in the QuickTime File Format), Matroska and WebM (RFC 8794, RFC
9559), AVI, ASF and WMV, and MPEG transport streams (ISO/IEC 13818-1).
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from isl.vision.container import read_boxes, read_elements

CAPTURE_RATE = b"com.android.capture.fps"  # of slow motion and time lapse, written by Android's recorder
MOST = 1 << 20  # bytes of a value or a table that are read
ASF, ASF_VIDEO = b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", bytes.fromhex("c0ef19bc4d5bcf11a8fd00805f5c442b")
SEGMENT, TRACKS, TRACK, TRACK_TYPE = 0x18538067, 0x1654AE6B, 0xAE, 0x83
VIDEO_TYPES = (0x01, 0x02, 0x10, 0x1B, 0x24, 0x33)  # of transport streams: MPEG-1, -2, -4, H.264, H.265, H.266

Extent = tuple[int, int]  # first byte of a body and the byte after it


@dataclass(frozen=True)
class Streams:
    """Facts of the video streams; the defaults stand for unknown.

    Attributes:
        count: number of video streams.
        mirrored: True if the header mirrors the picture of the first stream.
        capture_rate: frames per second at which the camera took them, if the file states it.
    """

    count: int = 1
    mirrored: bool = False
    capture_rate: float | None = None


def read_streams(path: Path) -> Streams:
    """Returns the facts of a video file; those of a damaged file, or of another container, are unknown."""
    with path.open("rb") as file, suppress(struct.error, ValueError, IndexError):
        head, size = file.read(12), path.stat().st_size
        if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip"):
            return _of_boxes(file, size)
        if head[:4] == b"\x1a\x45\xdf\xa3":
            types = [_bytes(file, extent) for extent in _elements(file, (0, size), SEGMENT, TRACKS, TRACK, TRACK_TYPE)]
            return Streams(max(sum(own.lstrip(b"\0") == b"\x01" for own in types), 1))
        if head[:4] == b"RIFF":
            header = _bytes(file, (0, MOST)).partition(b"movi")[0]
            return Streams(max(len(re.findall(rb"strh.{4}vids", header, re.DOTALL)), 1))
        if head.startswith(ASF):
            return Streams(max(_bytes(file, (0, MOST)).count(ASF_VIDEO), 1))
        if head[:1] == b"\x47" or head[4:5] == b"\x47":
            return Streams(max(_in_program(_bytes(file, (0, MOST))), 1))
    return Streams()


def _of_boxes(file: BinaryIO, size: int) -> Streams:
    videos = []
    for track in _boxes(file, (0, size), b"moov", b"trak"):
        kinds = [_bytes(file, extent)[8:12] for extent in _boxes(file, track, b"mdia", b"hdlr")]
        if kinds == [b"vide"]:
            videos.append(track)
    mirrored = False
    for header in (_bytes(file, extent) for track in videos[:1] for extent in _boxes(file, track, b"tkhd")):
        a, b, _, c, d = struct.unpack_from(">5i", header, 52 if header[0] else 40)  # a row is x, y and another number
        mirrored = a * d - b * c < 0
    rates = [
        rate
        for place in ((b"moov", b"meta"), (b"moov", b"udta", b"meta"))
        for extent in _boxes(file, (0, size), *place)
        if (rate := _capture_rate(file, extent))
    ]
    return Streams(max(len(videos), 1), mirrored, rates[0] if rates else None)


def _capture_rate(file: BinaryIO, meta: Extent) -> float | None:
    """Returns the camera's rate in a box of metadata: the value with the number of its key."""
    first, end = meta
    if _bytes(file, (first + 4, first + 8)) != b"hdlr":  # MP4 has a version here, and MOV has none
        first += 4
    for keys in _boxes(file, (first, end), b"keys"):
        names = [_bytes(file, extent) for extent in _boxes(file, (keys[0] + 8, keys[1]), b"mdta")]
        if CAPTURE_RATE in names:
            number = (names.index(CAPTURE_RATE) + 1).to_bytes(4, "big")
            for extent in _boxes(file, (first, end), b"ilst", number, b"data"):
                data = _bytes(file, extent)
                kind, value = int.from_bytes(data[:4], "big"), data[8:]
                return float(struct.unpack(">f", value)[0] if kind == 23 else value)  # 23: a float, else a text
    return None


def _boxes(file: BinaryIO, inside: Extent, name: bytes, *names: bytes) -> Iterator[Extent]:
    """Yields the bodies of the boxes ``name`` in a body; with ``names``, of the boxes on this path."""
    for own, body, stop in read_boxes(file, *inside):
        if not body <= stop <= inside[1]:
            return
        if own == name:
            yield from _boxes(file, (body, stop), *names) if names else ((body, stop),)


def _elements(file: BinaryIO, inside: Extent, name: int, *names: int) -> Iterator[Extent]:
    """Yields the bodies of Matroska's elements ``name`` in a body; with ``names``, of the elements on this path."""
    for own, body, length in read_elements(file, *inside):
        if own == name:
            stop = inside[1] if length < 0 else min(body + length, inside[1])
            yield from _elements(file, (body, stop), *names) if names else ((body, stop),)
            if name in (SEGMENT, TRACKS):
                return  # there is one, and clusters follow


def _in_program(data: bytes) -> int:
    """Returns the number of video streams in the first table of a transport stream's program."""
    first = 4 if data[:1] != b"\x47" else 0  # camcorders write four bytes before each packet of 188
    for start in range(first, len(data) - 187, 188 + first):
        packet = data[start : start + 188]
        if packet[0] != 0x47 or not packet[1] & 0x40 or not packet[3] & 0x10:
            continue
        place = 4 + (1 + packet[4] if packet[3] & 0x20 else 0)
        place += 1 + packet[place]
        if packet[place] != 2:  # the table of a program
            continue
        end = place + 3 + ((packet[place + 1] & 15) << 8 | packet[place + 2]) - 4
        place += 12 + ((packet[place + 10] & 15) << 8 | packet[place + 11])
        count = 0
        while place + 5 <= min(end, len(packet)):
            count += packet[place] in VIDEO_TYPES
            place += 5 + ((packet[place + 3] & 15) << 8 | packet[place + 4])
        return count
    return 0


def _bytes(file: BinaryIO, extent: Extent) -> bytes:
    file.seek(extent[0])
    return file.read(min(extent[1] - extent[0], MOST))
