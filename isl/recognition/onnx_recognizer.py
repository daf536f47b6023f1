"""A recogniser from an ONNX file of ``isl-export``, run by onnxruntime without torch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from isl.errors import InputError
from isl.landmarks import CLIP_FRAMES, FRAME_SIZE, Floats, resample
from isl.recognition.acceptance import interpolate_threshold

METADATA = "isl"  # key of the file's metadata
LARGEST = 256 * 2**20  # bytes; larger files are not read


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
        InputError: onnxruntime is not installed, or the file is absent, damaged, or not from ``isl-export``.
    """

    def __init__(self, path: str | Path) -> None:
        try:
            import onnxruntime
        except ImportError:
            raise InputError(f"{path}: ONNX files need onnxruntime: pip install 'isl[onnx]'") from None
        content = _read(Path(path))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a window is too little work for more; the other cores extract landmarks
        options.log_severity_level = 4
        try:
            # Loaded from memory, so that no path in the file is followed
            self._session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
            facts = json.loads(self._session.get_modelmeta().custom_metadata_map[METADATA])
        except Exception:  # onnxruntime has many errors of its own
            raise InputError(f"{path}: not an ONNX file of isl-export, or damaged; export it again") from None
        shapes = [entry.shape[1:] for entry in self._session.get_inputs()]
        if shapes != [[CLIP_FRAMES, FRAME_SIZE], []]:
            raise InputError(
                f"{path}: takes {shapes}, not landmarks (60, 1662) and an aspect; export it with isl-export"
            )
        self.words, self.about = _words(facts, path), dict(facts.get("about", {}))
        self.description = f"{len(self.words)} words, an ONNX file"
        numbers = (_number(facts, key, path) for key in ("seconds", "aspect", "reject", "threshold"))
        self.seconds, self.aspect, self.reject, self._usual_threshold = numbers
        self._thresholds = _thresholds(facts, path)

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
        aspects = np.full(len(prepared), aspect or self.aspect, np.float32)
        inputs = {"landmarks": prepared.astype(np.float32), "aspect": aspects}
        probabilities: npt.NDArray[np.float32] = self._session.run(None, inputs)[0]
        return probabilities

    def threshold(self, keep: float | None = None) -> float:
        """Returns the confidence that a share ``keep`` of right answers reached, see ``isl.Recognizer``; 0: unknown."""
        if keep is None:
            return self._usual_threshold
        return interpolate_threshold(self._thresholds, keep) if self._thresholds else 0.0

    def keep(self, share: float | None) -> None:
        """Sets the share of right answers that ``known`` keeps, if the file has thresholds; None: the default share."""
        self.reject = self.threshold(share) or self.reject

    def known(self, probabilities: npt.NDArray[np.float32]) -> npt.NDArray[np.bool_]:
        """Returns True where probabilities ``(..., words)`` reach ``reject``: the sign is a word."""
        known: npt.NDArray[np.bool_] = probabilities.max(-1) >= self.reject
        return known


def _read(path: Path) -> bytes:
    if not path.is_file():
        raise InputError(f"{path}: no such file; write one with isl-export ckpt_path=... output=model.onnx")
    if path.stat().st_size > LARGEST:
        raise InputError(f"{path}: larger than {LARGEST // 2**20} MB, which no file of isl-export is")
    return path.read_bytes()


def _words(facts: Any, path: str | Path) -> list[str]:
    words = facts.get("words") if isinstance(facts, dict) else None
    if not isinstance(words, list) or not all(isinstance(word, str) and word.isprintable() for word in words):
        raise InputError(f"{path}: does not say its words; export it again with isl-export")
    return words


def _number(facts: dict[str, Any], key: str, path: str | Path) -> float:
    value = facts.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value < 1e6:
        raise InputError(f"{path}: {key} is {value!r}, which is not a number; export it again with isl-export")
    return float(value)


def _thresholds(facts: dict[str, Any], path: str | Path) -> dict[str, float]:
    thresholds = facts.get("about", {}).get("thresholds", {})
    try:
        return {str(float(share)): _number(thresholds, share, path) for share in thresholds}
    except (TypeError, ValueError):
        raise InputError(f"{path}: thresholds are {thresholds!r}; export it again with isl-export") from None
