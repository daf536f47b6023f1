"""Oddities of a video's file, found from its header and the times of its frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from isl.vision.container import RAW_SUFFIXES
from isl.vision.cut import Cut
from isl.vision.header import Header
from isl.vision.pictures import RATE, PictureSequence

FEWEST = 3  # frames that can show a movement


def find_remarks(
    path: Path, header: Header, times: Sequence[float], cut: Cut | None, last: tuple[int, float]
) -> Iterator[str]:
    """Yields a line for each oddity.

    Args:
        path: the file, or a folder of pictures.
        times: times of all frames in ms.
        cut: the part that was read.
        last: number and time, in seconds of a player, of the last frame that was read.
    """
    is_folder = path.is_dir()
    if is_folder:
        yield f"a folder of pictures, which have no times: {RATE:g} frames a second are assumed"
        if missing := PictureSequence(path).missing:
            yield f"between its first and last picture {missing} are missing by their numbers"
    elif path.suffix.lower() in RAW_SUFFIXES:
        yield f"a bare stream of pictures without times: {header.played_fps:g} frames a second are assumed"
    number, seconds = last
    if cut and cut.end is not None and not cut.is_past(number + 2, seconds + 2 / header.played_fps):
        yield f"it ends after {seconds:.1f} s, before the end of {cut}"
    count = len(times)
    if count < FEWEST:
        yield f"frames: {count}, too few to show a sign"
    if cut is None and header.frames > 0 and abs(header.frames - count) > max(1, 0.02 * count):
        why = ": damaged, or trimmed by its edit list" if count < header.frames else ""
        yield f"its header says {header.frames} frames, {count} can be decoded{why}"
    yield from _of_header(header)
    if not is_folder:
        yield from _of_times(np.diff(np.array(times)))


def _of_header(header: Header) -> Iterator[str]:
    streams = header.streams
    if streams.count > 1:
        yield (
            f"{streams.count} video streams in it, and the first is read; for the second: "
            "ffmpeg -i IN -map 0:v:1 -c copy OUT"
        )
    if header.slowed != 1:
        kind = "slow motion" if header.slowed > 1 else "a time lapse"
        yield (
            f"{kind}: taken at {streams.capture_rate:g} frames a second, played at {header.played_fps:g}; read at the "
            "speed of the recording"
        )
    if streams.mirrored:
        yield "mirrored by its header, read as players show it"
    elif header.rotation % 90:
        yield f"its header turns it by {header.rotation} degrees, and only right angles are undone: write it anew"
    elif header.rotation:
        yield f"rotated by {header.rotation} degrees, turned upright"
    if abs(header.pixel_aspect - 1) >= 0.01:
        yield f"pixels of {header.pixel_aspect:.2f} to 1, made square"


def _of_times(intervals: npt.NDArray[np.float64]) -> Iterator[str]:
    """Yields a line if the rate of the frames varies or frames are missing.

    The rate varies if more than a twentieth of the ``intervals`` differ from their median by more than a quarter; the
    jitter of phones, and times in whole milliseconds, stay below this limit.
    """
    if len(intervals) < 2:
        return
    typical, longest = float(np.median(intervals)), float(intervals.max())
    if (np.abs(intervals - typical) > 0.25 * abs(typical)).mean() > 0.05:
        yield f"variable frame rate, from {intervals.min():.0f} to {longest:.0f} ms a frame"
    elif longest > max(3 * typical, 150):
        gaps = int((intervals > max(3 * typical, 150)).sum())
        yield f"frames are missing: {gaps} gaps, the longest {longest / 1000:.1f} s"
