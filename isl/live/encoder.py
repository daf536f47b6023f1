"""Encoders of a film: H.264 if available, since browsers and phones play it."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any, Protocol

import cv2

from isl.vision.header import Image

MOST_BUFFERED = 2**20  # bytes that an encoder may not have written yet
NOT_IN_BROWSERS = "in MPEG-4, which players play and browsers do not: pip install imageio-ffmpeg gives H.264"


class Encoder(Protocol):
    """Writes RGB pictures of one size to a file; ``buffered`` is the maximum number of bytes not yet written."""

    buffered: int
    remark: str

    def write(self, picture: Image) -> None: ...

    def close(self) -> None: ...


class OpenCVEncoder:
    """One of the encoders in OpenCV's build."""

    buffered = 2**18

    def __init__(self, writer: Any, remark: str = "") -> None:
        self._writer, self.remark = writer, remark

    def write(self, picture: Image) -> None:
        self._writer.write(cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))

    def close(self) -> None:
        self._writer.release()


class FfmpegEncoder:
    """H.264 by the ffmpeg program of imageio-ffmpeg, in a process of its own."""

    buffered = MOST_BUFFERED  # in the pipe and in the program, which has no look-ahead (zerolatency)
    remark = ""

    def __init__(self, frames: Generator[None, Any, None]) -> None:
        self._frames = frames

    def write(self, picture: Image) -> None:
        self._frames.send(picture.tobytes())

    def close(self) -> None:
        self._frames.close()


def open_encoder(path: Path, fps: float, size: tuple[int, int], patient: bool) -> Encoder | None:
    """Opens the first available encoder for an mp4 of ``size`` (width, height, both even); returns None without any.

    The order is: H.264 of OpenCV's build (macOS, some Linux systems); H.264 of imageio-ffmpeg; if ``patient``, VP9 of
    OpenCV's build (3 pictures of 1280 x 720 per second on one core, too slow for a camera); MPEG-4.
    """
    if encoder := _open_opencv("avc1", path, fps, size):
        return encoder
    if encoder := _open_ffmpeg(path, fps, size):
        return encoder
    if patient and (encoder := _open_opencv("vp09", path, fps, size)):
        return encoder
    return _open_opencv("mp4v", path, fps, size, NOT_IN_BROWSERS)


def _open_opencv(code: str, path: Path, fps: float, size: tuple[int, int], remark: str = "") -> Encoder | None:
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*code), fps, size)
    return OpenCVEncoder(writer, remark) if writer.isOpened() else None


def _open_ffmpeg(path: Path, fps: float, size: tuple[int, int]) -> Encoder | None:
    try:
        from imageio_ffmpeg import write_frames

        frames = write_frames(
            str(path), size, fps=fps, codec="libx264", macro_block_size=2, ffmpeg_log_level="quiet",
            output_params=["-preset", "veryfast", "-tune", "zerolatency", "-crf", "23", "-threads", "1"],
        )  # fmt: skip
        frames.send(None)  # starts the program
    except (ImportError, RuntimeError, OSError):
        return None  # not installed, or without a program for this machine
    return FfmpegEncoder(frames)
