"""Finds the landmarks of a stranger's video in a separate process: ``python -m isl.web.decoder VIDEO FACE``.

Writes frames in the format of ``isl.web.messages`` to the output stream. If the video can't be read, writes a line that
begins with "error:" to the error stream. The time and memory of the process are limited, and the server kills it when
no page waits for its answer.
"""

from __future__ import annotations

import contextlib
import sys

from isl.errors import InputError
from isl.web.messages import LARGEST_SIDE, Frame, write_frame

LONGEST = 600.0  # seconds of video
MOST_FRAMES = 40_000
CPU_SECONDS = 3600
MEMORY = 6 * 2**30  # bytes of address space; MediaPipe maps 2 GiB


def limit() -> None:
    """Limit the time, the memory and the file size of this process, if the system supports such limits."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # the process writes only to a pipe


def decode(path: str, face: bool) -> None:
    """Write the landmarks of every frame to the output stream.

    Raises:
        InputError: the video can't be read, is longer than ``LONGEST``, or has more than ``MOST_FRAMES`` frames.
    """
    from isl.vision.landmarker import Landmarker
    from isl.vision.video import Video

    video = Video(path)
    landmarker = Landmarker(face)
    for number, (time, picture) in enumerate(video):
        if time > LONGEST or number >= MOST_FRAMES:
            raise InputError(f"longer than {LONGEST / 60:.0f} minutes; cut it into parts")
        height, width = picture.shape[:2]
        if max(height, width) > LARGEST_SIDE:
            raise InputError(f"pictures of {width} x {height} pixels; make them smaller")
        sys.stdout.buffer.write(write_frame(Frame(time, (width, height), landmarker(picture))))
        sys.stdout.buffer.flush()


def main() -> None:
    limit()
    try:
        decode(sys.argv[1], sys.argv[2] == "face")
    except InputError as error:
        reason = str(error).replace(f"{sys.argv[1]}: ", "")
        print(f"\nerror: {reason}", file=sys.stderr)
        sys.exit(2)
    except BrokenPipeError:
        sys.exit(1)


if __name__ == "__main__":
    main()
