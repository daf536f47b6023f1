"""Loads what recognises: a checkpoint with torch, or an ONNX file without it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from isl.errors import InputError

if TYPE_CHECKING:
    from isl.recognition.onnx_recognizer import OnnxRecognizer
    from isl.recognition.recognizer import Recognizer


def load_recognizer(paths: Sequence[Path], shifts: Sequence[int] = (0,)) -> Recognizer | OnnxRecognizer:
    """Returns the recogniser of one ``.onnx`` file, or of checkpoints, several of which answer as one.

    Args:
        paths: as ``checkpoint_paths`` finds them.
        shifts: see ``isl.Recognizer``; an ONNX file knows none.

    Raises:
        InputError: a file cannot be used, or an ONNX file is asked for together with others or with shifts.
    """
    onnx = [path for path in paths if path.suffix.lower() == ".onnx"]
    if not onnx:
        from isl.recognition.recognizer import Recognizer

        return Recognizer.load(list(paths), shifts)
    if len(paths) > 1 or list(shifts) != [0]:
        raise InputError(f"{onnx[0]}: an ONNX file answers alone and without shifts=; give checkpoints for more")
    from isl.recognition.onnx_recognizer import OnnxRecognizer

    return OnnxRecognizer(onnx[0])
