"""A stranger's video to landmarks, in a process of its own: ``python -m isl.web.decoder VIDEO FACE``.

Writes frames as ``isl.web.protocol`` has them to the output stream, and a line that begins with "error:" to the error
stream where the video can't be read. The process may use so much time and memory and no more; it is killed when nobody
waits for its answer.
"""

from __future__ import annotations

import contextlib
import sys

from isl.errors import InputError
from isl.web.protocol import Frame, write_frame

LONGEST = 600.0  # seconds of video
MOST_FRAMES = 40_000
CPU_SECONDS = 3600
MEMORY = 6 * 2**30  # bytes of address space; MediaPipe maps two of them


def limit() -> None:
    """Bound what a malicious file can take, where the system has such bounds."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it writes to a pipe alone


def decode(path: str, face: bool) -> None:
    """Write every frame's landmarks to the output stream.

    Raises:
        InputError: it is no video that can be read, or is longer than ``LONGEST``.
    """
    from isl.vision.landmarker import Landmarker
    from isl.vision.video import Video

    video = Video(path)
    landmarker = Landmarker(face)
    for number, (time, picture) in enumerate(video):
        if time > LONGEST or number >= MOST_FRAMES:
            raise InputError(f"longer than {LONGEST / 60:.0f} minutes; cut it into parts")
        height, width = picture.shape[:2]
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
