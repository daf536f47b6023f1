"""Loads a recogniser: from a checkpoint with torch, or from an ONNX file without torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from isl.errors import InputError
from isl.recognition.ensembles import load_ensemble

if TYPE_CHECKING:
    from isl.recognition.onnx_recognizer import OnnxRecognizer
    from isl.recognition.recognizer import Recognizer


def load_recognizer(
    paths: Sequence[Path], shifts: Sequence[int] = (0,), trusted: Sequence[str] = ()
) -> Recognizer | OnnxRecognizer:
    """Returns the recogniser of one ``.onnx`` file or of checkpoints; several checkpoints form an ensemble.

    Args:
        paths: the files, see ``checkpoint_paths``.
        shifts: see ``isl.Recognizer``; not available for an ONNX file.
        trusted: packages, besides isl's own, whose classes a checkpoint may name.

    Raises:
        InputError: a file cannot be used, or an ONNX file is combined with other files or with shifts.
    """
    onnx = [path for path in paths if path.suffix.lower() == ".onnx"]
    if not onnx:
        checkpoint = load_ensemble(list(paths), trusted)
        from isl.recognition.recognizer import Recognizer  # loads torch, after bad files were refused

        return Recognizer(checkpoint, shifts)
    if len(paths) > 1 or list(shifts) != [0]:
        raise InputError(
            f"{onnx[0]}: an ONNX file can be neither joined with others nor used with shifts=; give checkpoints"
        )
    from isl.recognition.onnx_recognizer import OnnxRecognizer

    return OnnxRecognizer(onnx[0])
