"""A recogniser from an ONNX file of ``isl-export``, run by onnxruntime without torch."""

from __future__ import annotations

import threading
import time
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isl.errors import InputError
from isl.landmarks import CLIP_FRAMES, FRAME_SIZE, Floats, resample
from isl.recognition.acceptance import interpolate_threshold
from isl.recognition.introduction import describe_training
from isl.recognition.onnx_file import read_onnx
from isl.recognition.printable import make_printable

MOST_BYTES = 384 * 2**20  # of memory; 20 MB for a clip with `experiment=best`
MOST_SECONDS = 1.5  # of processor time, for a clip
BATCH = 8  # clips that are computed together, so that memory does not grow with their number


class OnnxRecognizer:
    """Computes the probability of each word from landmarks, like ``isl.Recognizer``, with an ONNX file.

    Attributes:
        words: the vocabulary, in the order of the probabilities.
        seconds: length of a live window.
        aspect: width over height that is assumed where that of a clip is unknown.
        reject: the confidence below which a sign is unknown.
        about: further facts in the file.

    Args:
        path: a file that ``isl-export`` wrote.

    Raises:
        InputError: onnxruntime is not installed, or the file is absent, damaged, not from ``isl-export``, has content
            that is not allowed, or needs too much time or memory; see ``isl.recognition.onnx_file``.
    """

    def __init__(self, path: str | Path) -> None:
        try:
            import onnxruntime
        except ImportError:
            raise InputError(f"{path}: ONNX files need onnxruntime: pip install 'isl[onnx]'") from None
        content, facts = read_onnx(Path(path))
        self.words, self.about = facts["words"], make_printable(facts["about"])
        calibrated = self.about.get("calibrated", "temperature" in self.about)
        self.description = describe_training(self.words, self.about, bool(calibrated), ", an ONNX file")
        numbers = (float(facts[key]) for key in ("seconds", "aspect", "reject", "threshold"))
        self.seconds, self.aspect, self.reject, self._usual_threshold = numbers
        self._thresholds = {str(share): float(value) for share, value in self.about.get("thresholds", {}).items()}
        limit_memory()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a window is too little work for more; the other cores extract landmarks
        options.log_severity_level = 4
        options.add_session_config_entry("session.use_env_allocators", "1")  # those of limit_memory
        try:
            # Loaded from memory, so that no path in the file is followed. Optimising computes what does not depend on
            # the clip, without a limit of time; so the network has to answer as it is before
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
            self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
            self._try()
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
            self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        except Exception:  # onnxruntime has many errors of its own
            raise InputError(
                f"{path}: its network cannot be run, or takes more than {MOST_SECONDS:g} s or {MOST_BYTES >> 20} MB "
                "for a clip; export it again"
            ) from None

    def __call__(self, landmarks: Floats, aspect: float | None = None) -> npt.NDArray[np.float32]:
        """Returns probabilities ``(words,)`` of a clip ``(T, 1662)``, or ``(B, words)`` of clips ``(B, T, 1662)``."""
        clips = landmarks if landmarks.ndim == 3 else landmarks[None]
        probabilities = self.judge(np.stack([resample(clip, CLIP_FRAMES) for clip in clips]), aspect)
        return probabilities if landmarks.ndim == 3 else probabilities[0]

    def prepare(self, frames: Floats) -> Floats:
        """Returns the frames ``(N, 1662)`` unchanged, see ``isl.Recognizer.prepare``."""
        return frames

    def judge(self, prepared: Floats, aspect: float | None = None) -> npt.NDArray[np.float32]:
        """Returns probabilities ``(B, words)`` of clips ``(B, 60, 1662)``."""
        parts = [self._run(prepared[i : i + BATCH], aspect) for i in range(0, len(prepared), BATCH)]
        return np.concatenate(parts)

    def threshold(self, keep: float | None = None) -> float:
        """Returns the confidence that a share ``keep`` of right answers reached, see ``isl.Recognizer``; 0: unknown."""
        if keep is None:
            return self._usual_threshold
        return interpolate_threshold(self._thresholds, keep) if self._thresholds else 0.0

    def keep(self, share: float | None) -> None:
        """Sets the share of right answers to keep, if the file has thresholds; None: the default share."""
        self.reject = self.threshold(share) or self.reject

    def is_known(self, probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
        """Returns True where probabilities ``(..., words)`` reach ``reject``: the sign is a word."""
        return np.asarray(probabilities.max(-1) >= self.reject)

    def _run(self, clips: Floats, aspect: float | None = None, options: Any = None) -> npt.NDArray[np.float32]:
        aspects = np.full(len(clips), aspect or self.aspect, np.float32)
        inputs = {"landmarks": clips.astype(np.float32), "aspect": aspects}
        probabilities: npt.NDArray[np.float32] = self._session.run(None, inputs, options)[0]
        return probabilities

    def _try(self) -> None:
        """Runs the network on an empty clip, for a limited time.

        Raises:
            ValueError: it gives no probability for each of the words, or takes other inputs. onnxruntime has errors of
                its own for a network that fails or takes too long.
        """
        import onnxruntime

        if [entry.shape[1:] for entry in self._session.get_inputs()] != [[CLIP_FRAMES, FRAME_SIZE], []]:
            raise ValueError("other inputs than landmarks and aspect")
        options = onnxruntime.RunOptions()
        options.log_severity_level = 4
        finished = threading.Event()
        threading.Thread(target=_terminate_late, args=(options, finished), daemon=True).start()
        try:
            answer = self._run(np.zeros((1, CLIP_FRAMES, FRAME_SIZE), np.float32), options=options)
        finally:
            finished.set()
        if answer.shape != (1, len(self.words)) or not np.isfinite(answer).all():
            raise ValueError("no probability for each word")


def _terminate_late(options: Any, finished: threading.Event) -> None:
    """Ends a run of a network that has taken ``MOST_SECONDS`` of processor time before it is ``finished``."""
    latest = time.process_time() + MOST_SECONDS
    while not finished.wait(0.02):
        if time.process_time() > latest:
            options.terminate = True
            return


@cache
def limit_memory() -> None:
    """Limits the memory of all ONNX networks of this process together."""
    import onnxruntime

    kind = onnxruntime.OrtAllocatorType.ORT_ARENA_ALLOCATOR
    place = onnxruntime.OrtMemoryInfo("Cpu", kind, 0, onnxruntime.OrtMemType.DEFAULT)
    grow_as_requested = 1
    limits = onnxruntime.OrtArenaCfg(MOST_BYTES, grow_as_requested, -1, -1)
    onnxruntime.create_and_register_allocator(place, limits)
