"""Facts that a video's header states: its rate, its number of frames, and how its stored pictures are to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from isl.vision.streams import Streams, read_streams

Image = npt.NDArray[np.uint8]

SLOWED = 1.5  # smallest ratio of two rates of frames that is slow motion, or the inverse of a time lapse


@dataclass(frozen=True)
class Header:
    """The header of a video, or of a folder of pictures.

    Attributes:
        played_fps: frames per second for a player; 30 if the header has no valid value.
        frames: number of frames, which some decoders estimate; 0 or less if unknown.
        rotation: degrees by which the stored pictures are to be turned, 0 to 359.
        pixel_aspect: width over height of a pixel of the upright picture; 1 if the file does not state it.
        codec: the four letters of the codec.
        streams: facts that are not OpenCV's.
    """

    played_fps: float
    frames: int
    rotation: int
    pixel_aspect: float
    codec: bytes
    streams: Streams

    @property
    def slowed(self) -> float:
        """The factor of slow motion: 8 for 240 recorded frames a second that are played at 30."""
        slowed = (self.streams.capture_rate or 0.0) / self.played_fps
        return slowed if slowed >= SLOWED or 0 < slowed <= 1 / SLOWED else 1.0

    def upright(self, picture: Image) -> Image:
        """Returns a picture, which OpenCV has turned but not mirrored, as players show it, with square pixels."""
        if self.streams.mirrored:
            picture = cv2.flip(picture, 1 if self.rotation % 180 else 0)
        return _square(picture, self.pixel_aspect)


def read_header(capture: Any, path: Path) -> Header:
    """Returns the header of a ``cv2.VideoCapture``, or of pictures in a folder with the same methods."""
    fps = capture.get(cv2.CAP_PROP_FPS)
    rotation = round(capture.get(cv2.CAP_PROP_ORIENTATION_META)) % 360
    return Header(
        played_fps=fps if 0 < fps <= 1000 else 30.0,
        frames=round(capture.get(cv2.CAP_PROP_FRAME_COUNT)),
        rotation=rotation,
        pixel_aspect=_pixel_aspect(capture, turned=rotation % 180 == 90),
        codec=int(capture.get(cv2.CAP_PROP_FOURCC)).to_bytes(4, "little", signed=True),
        streams=read_streams(path) if path.is_file() else Streams(),
    )


def _pixel_aspect(capture: Any, turned: bool) -> float:
    across, down = capture.get(cv2.CAP_PROP_SAR_NUM), capture.get(cv2.CAP_PROP_SAR_DEN)
    if not (0 < across < 1e6 and 0 < down < 1e6 and 0.2 <= across / down <= 5):
        return 1.0
    return float(down / across if turned else across / down)


def _square(picture: Image, pixel_aspect: float) -> Image:
    """Returns the picture with square pixels: the side along which pixels are longer is stretched."""
    if abs(pixel_aspect - 1) < 0.01:
        return picture
    height, width = picture.shape[:2]
    if pixel_aspect > 1:
        width = round(width * pixel_aspect)
    else:
        height = round(height / pixel_aspect)
    return cv2.resize(picture, (width, height), interpolation=cv2.INTER_LINEAR)
