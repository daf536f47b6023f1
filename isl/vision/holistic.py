"""Extracts the 1,662 landmark numbers of a frame with MediaPipe Holistic; the only module that imports mediapipe."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isl.landmarks import FACE, FRAME_SIZE, PARTS, POSE, Floats, is_found, sample_indices
from isl.vision.header import Image

NUMBERS = {3: attrgetter("x", "y", "z"), 4: attrgetter("x", "y", "z", "visibility")}  # of a point
WITHOUT_FACE = tuple(part for part in PARTS if part is not FACE)


class Holistic:
    """MediaPipe Holistic for the frames of one clip, in order. It tracks, so its result depends on earlier frames.

    A new clip needs a new ``Holistic`` (20 to 50 ms); use it in a ``with`` statement. The numbers are those of
    ``mp.solutions.holistic.Holistic(model_complexity=1)`` with both confidences at 0.5, bit for bit: it is the same
    graph without unused outputs.

    Args:
        face: True also detects the face mesh. Without it the other parts are the same, about 1.15 times as fast, and
            the face's columns are zeros.
    """

    def __init__(self, face: bool = True) -> None:
        self._parts = PARTS if face else WITHOUT_FACE
        self._noisy = True
        with quiet:
            self._solution = _solution(face)

    def __call__(self, rgb: Image) -> Floats:
        """Turns a frame, RGB ``(height, width, 3)`` uint8, into ``(1662,)`` float32; parts not found are zeros."""
        if self._noisy:
            with quiet:
                results = self._solution.process(rgb)
        else:
            results = self._solution.process(rgb)
        frame = np.zeros(FRAME_SIZE, np.float32)
        for part in self._parts:
            landmarks = getattr(results, f"{part.name}_landmarks")
            if landmarks is None:
                continue
            part.of(frame)[:] = [NUMBERS[part.dims](point) for point in landmarks.landmark]
            self._noisy = self._noisy and part is POSE  # its last messages come with the first face or hand
        return frame

    def close(self) -> None:
        self._solution.close()

    def __enter__(self) -> Holistic:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def pick_frames(times: Sequence[float], count: int) -> npt.NDArray[np.int64]:
    """Returns the indices of ``count`` frames at equal times ``(count,)``, ascending.

    If the frames are evenly spaced in time, to half an interval, these are evenly spaced indices, see
    ``landmarks.sample_indices``. At a variable rate, or if frames are missing, such indices would change the speed of
    the sign.

    Args:
        times: times of all frames, ascending, in ms.
        count: number of frames to pick.
    """
    uniform = sample_indices(len(times), count)
    milliseconds = np.asarray(times, np.float64)
    if len(milliseconds) < 3 or not (np.diff(milliseconds) > 0).all():
        return np.asarray(uniform, np.int64)
    uneven = np.abs(milliseconds - np.linspace(milliseconds[0], milliseconds[-1], len(milliseconds))).max()
    if uneven < 0.5 * np.median(np.diff(milliseconds)):
        return np.asarray(uniform, np.int64)
    instants = np.linspace(milliseconds[0], milliseconds[-1], count)
    after = np.searchsorted(milliseconds, instants).clip(1, len(milliseconds) - 1)
    return np.where(instants - milliseconds[after - 1] <= milliseconds[after] - instants, after - 1, after).astype(
        np.int64
    )


def found_fractions(clip: npt.NDArray[np.float32]) -> dict[str, float]:
    """Returns the fraction of a clip's frames in which each part was found: ``{"pose": 1.0, "face": 0.98, ...}``."""
    return {part.name: float(is_found(clip, part).mean()) for part in PARTS}


def extractor(face: bool = True) -> str:
    """Returns name and version of the landmark extractor, as written to ``clips.csv`` and to checkpoints."""
    from importlib.metadata import version

    return f"mediapipe {version('mediapipe')} holistic" + ("" if face else " without face")


@cache
def _graph(face: bool) -> Any:
    """Returns the Holistic graph from MediaPipe's wheel, without the face where ``face`` is False."""
    import mediapipe
    from mediapipe.framework import calculator_pb2
    from mediapipe.python.solutions import holistic

    graph = calculator_pb2.CalculatorGraphConfig()
    graph.ParseFromString((Path(mediapipe.__file__).parent.parent / holistic._BINARYPB_FILE_PATH).read_bytes())
    if not face:
        for entries in (graph.node, graph.output_stream, graph.input_side_packet):
            kept = [entry for entry in entries if "face" not in str(entry).lower()]
            del entries[:]
            entries.extend(kept)
    return graph


def _solution(face: bool) -> Any:
    """Returns MediaPipe's runner of that graph, with the options of ``mp.solutions.holistic.Holistic``."""
    from mediapipe.python.solution_base import SolutionBase

    options = {
        "model_complexity": 1,
        "smooth_landmarks": True,
        "enable_segmentation": False,
        "smooth_segmentation": True,
        "use_prev_landmarks": True,
    }
    detector = "poselandmarkcpu__posedetectioncpu__TensorsToDetectionsCalculator.min_score_thresh"
    tracker = (
        "poselandmarkcpu__poselandmarkbyroicpu__tensorstoposelandmarksandsegmentation__ThresholdingCalculator.threshold"
    )
    solution = SolutionBase(
        graph_config=_graph(face),
        side_inputs=options | ({"refine_face_landmarks": False} if face else {}),
        calculator_params={detector: 0.5, tracker: 0.5},
        outputs=[f"{part.name}_landmarks" for part in (PARTS if face else WITHOUT_FACE)],
    )
    solution._graph.wait_until_idle()  # its own threads load the networks and print messages
    return solution


class Quiet:
    """Discards the error stream inside a ``with`` statement: MediaPipe's C++ libraries write to it directly.

    Several threads may be inside at once: the first one turns the stream off, the last one turns it on again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._inside = 0
        self._stream = -1  # a duplicate of the real error stream, while it is off

    def __enter__(self) -> None:
        with self._lock:
            if self._inside == 0:
                self._stream = os.dup(2)
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, 2)
                os.close(nowhere)
            self._inside += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0:
                os.dup2(self._stream, 2)
                os.close(self._stream)


quiet = Quiet()
