"""Checks of a video file before it is decoded, and advice for one that cannot be."""

from __future__ import annotations

import os
from pathlib import Path

from isl.errors import InputError
from isl.files import kind_of_file
from isl.vision.container import box_names, missing_bytes


def check_content(path: Path) -> None:
    """Checks that a file is whole, as far as its container tells; raises ``InputError`` if not."""
    check_file(path)
    if path.stat().st_size == 0:
        raise InputError(f"{path}: the file is empty (zero bytes); copy it again or delete it")
    if missing := missing_bytes(path):
        raise InputError(f"{path}: truncated, the last {missing:,} bytes are missing; copy it again or delete it")


def kind_of_content(path: Path) -> str:
    """Returns what a file without readable pictures is, and what to do, for the end of a message."""
    with path.open("rb") as file:
        head = file.read(512).lstrip(b"\xef\xbb\xbf \r\n\t")
    if head.startswith(b"version https://git-lfs"):
        return "a pointer of Git LFS, not the video itself; fetch it with: git lfs pull"
    if head[:1] == b"<":
        return "a web page, not a video: its download failed; download it again"
    if not head.strip(b"\x00"):
        return "zeros, not a video; copy it again or delete it"
    if head[4:8] == b"ftyp" and b"moov" not in box_names(path):
        return "its index (moov) is missing: the recording was not finished; delete it, or repair it with a tool"
    return "not a video that can be read, or without pictures; convert it to mp4 or delete it"


def check_file(path: Path) -> None:
    """Checks that OpenCV can read a file to its end.

    Raises:
        InputError: the file does not exist or may not be read, is a folder, pipe, socket or device, or its name is
            not UTF-8.
    """
    name, kind = os.fsencode(path).decode("utf-8", "replace"), kind_of_file(path)
    if kind != "file":
        raise InputError(f"{name}: no such video{', this is a folder' if kind else ''}; check the path")
    if not os.access(path, os.R_OK):
        raise InputError(f"{name}: it may not be read; change its permissions")
    if name != str(path):  # OpenCV would end the process
        raise InputError(f"{name}: its name is not UTF-8; rename it")


def codec_advice(path: Path, code: bytes) -> str:
    """Returns the name of a codec and the command that converts its file, for the end of a message."""
    name = code.decode("ascii", "replace").strip("\x00 ")
    codec_name = {"av01": "AV1", "hev1": "H.265", "hvc1": "H.265", "vvc1": "H.266"}.get(name.lower(), name)
    codec = f", its codec is {codec_name}" if codec_name.isprintable() and codec_name else ""
    return f"{codec}; convert it: ffmpeg -i {path.name!r} -c:v libx264 {path.stem + '_h264.mp4'!r}"
