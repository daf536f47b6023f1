"""Loads what recognises: a checkpoint with torch, or an ONNX file without it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from isl.errors import InputError
from isl.recognition.ensemble import load_ensemble

if TYPE_CHECKING:
    from isl.recognition.onnx_recognizer import OnnxRecognizer
    from isl.recognition.recognizer import Recognizer


def load_recognizer(
    paths: Sequence[Path], shifts: Sequence[int] = (0,), trusted: Sequence[str] = ()
) -> Recognizer | OnnxRecognizer:
    """Returns the recogniser of one ``.onnx`` file, or of checkpoints, several of which answer as one.

    Args:
        paths: as ``checkpoint_paths`` finds them.
        shifts: see ``isl.Recognizer``; an ONNX file knows none.
        trusted: packages, besides isl's own, whose classes a checkpoint may name.

    Raises:
        InputError: a file cannot be used, or an ONNX file is asked for together with others or with shifts.
    """
    onnx = [path for path in paths if path.suffix.lower() == ".onnx"]
    if not onnx:
        checkpoint = load_ensemble(list(paths), trusted)
        from isl.recognition.recognizer import Recognizer  # loads torch: a file that is refused is by now

        return Recognizer(checkpoint, shifts)
    if len(paths) > 1 or list(shifts) != [0]:
        raise InputError(f"{onnx[0]}: an ONNX file answers alone and without shifts=; give checkpoints for more")
    from isl.recognition.onnx_recognizer import OnnxRecognizer

    return OnnxRecognizer(onnx[0])
