"""Drawn videos for tests. Each frame contains its own number."""

from __future__ import annotations

import struct
from pathlib import Path

import cv2
import numpy as np

CODECS = {".avi": "MJPG", ".mp4": "mp4v", ".mov": "mp4v", ".mkv": "MJPG"}
LEVELS = 5  # a frame shows its number in base 5, one grey level for each digit, which survives compression


def draw_video(path: Path, frames: int, size: tuple[int, int] = (64, 48), fps: float = 30.0) -> Path:
    """Writes a video of ``frames`` frames. ``number_of`` reads the numbers of the frames."""
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*CODECS[path.suffix.lower()]), fps, size)
    assert writer.isOpened()
    for i in range(frames):
        writer.write(picture_of(i, size))
    writer.release()
    return path


def picture_of(number: int, size: tuple[int, int]) -> np.ndarray:
    width, height = size
    picture = np.zeros((height, width, 3), np.uint8)
    for digit in range(3):
        level = number // LEVELS**digit % LEVELS
        picture[:, digit * width // 3 : (digit + 1) * width // 3] = 20 + level * 50
    return picture


def number_of(picture: np.ndarray) -> int:
    columns = np.array_split(picture.mean(axis=(0, 2)), 3)
    return sum(round((column.mean() - 20) / 50) * LEVELS**digit for digit, column in enumerate(columns))


def turned(path: Path, matrix: tuple[int, int, int, int] = (0, 1, -1, 0)) -> Path:
    """Write a matrix into an MP4's header: a quarter turn, as a phone does that was held upright."""
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 44
    a, b, c, d = (number << 16 for number in matrix)
    content[at : at + 36] = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 1 << 30)
    path.write_bytes(content)
    return path


def box(name: bytes, *bodies: bytes) -> bytes:
    """Returns a box of an MP4."""
    body = b"".join(bodies)
    return struct.pack(">I", 8 + len(body)) + name + body


def taken_at(path: Path, rate: float, as_text: bool = False) -> Path:
    """Write the camera's rate into an MP4's or MOV's metadata, as Android does, or as text, as other programs do."""
    key, value = b"com.android.capture.fps", (f"{rate:g}".encode() if as_text else struct.pack(">f", rate))
    keys = box(b"keys", bytes(4), struct.pack(">I", 2), box(b"mdta", b"com.android.version"), box(b"mdta", key))
    data = box(b"data", struct.pack(">II", 1 if as_text else 23, 0), value)
    values = box(b"ilst", box(b"\0\0\0\1", box(b"data", bytes(8), b"14")), box(b"\0\0\0\2", data))
    meta = box(b"meta", bytes(4) * as_text, box(b"hdlr", bytes(8), b"mdta", bytes(13)), keys, values)
    return _in_index(path, box(b"udta", meta) if as_text else meta)


def with_second_stream(path: Path) -> Path:
    """Write an MP4's video stream into its header a second time."""
    content = path.read_bytes()
    track = content.index(b"trak") - 4
    return _in_index(path, content[track : track + int.from_bytes(content[track : track + 4], "big")])


def _in_index(path: Path, more: bytes) -> Path:
    """Add boxes to the index, which is the end of the file."""
    content = bytearray(path.read_bytes())
    at = content.index(b"moov") - 4
    length = int.from_bytes(content[at : at + 4], "big")
    assert at + length == len(content)
    struct.pack_into(">I", content, at, length + len(more))
    path.write_bytes(bytes(content) + more)
    return path


def uneven(path: Path, frames: int) -> Path:
    """Make the second half of an MP4's frames last three times as long. Its table of times gets two rows."""
    content = bytearray(path.read_bytes())
    table = content.index(b"stts")
    _, rows, count, ticks = struct.unpack_from(">4I", content, table + 4)
    assert (rows, count) == (1, frames)
    half = frames // 2
    content[table + 8 : table + 20] = struct.pack(">5I", 2, half, ticks, frames - half, 3 * ticks)
    for box in (b"stts", b"stbl", b"minf", b"mdia", b"trak", b"moov"):  # each box contains the one before
        at = content.index(box) - 4
        struct.pack_into(">I", content, at, struct.unpack_from(">I", content, at)[0] + 8)
    path.write_bytes(content.replace(b"edts", b"free"))  # removes the edit list, which has the old length
    return path


def claiming(path: Path, frames: int) -> Path:
    """Write another number of frames into an AVI's header."""
    content = bytearray(path.read_bytes())
    struct.pack_into("<I", content, content.index(b"avih") + 8 + 16, frames)
    struct.pack_into("<I", content, content.index(b"strh") + 8 + 32, frames)
    path.write_bytes(content)
    return path
