"""Export of a recogniser as an ONNX file: from raw landmarks and aspect to probabilities.

The file contains features, network, branch weights and temperature; words, window, threshold and origin are metadata.
``isl.recognition.onnx_recognizer`` and any other ONNX runtime run it without torch.
"""

from __future__ import annotations

import json
import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from io import StringIO
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from isl.data.clips import Clips
from isl.errors import InputError
from isl.files import replacing
from isl.landmarks import CLIP_FRAMES, FRAME_SIZE, Floats
from isl.recognition.introduction import NOT_CALIBRATED
from isl.recognition.onnx_file import FORMAT, METADATA, append_checksum
from isl.recognition.onnx_recognizer import OnnxRecognizer
from isl.recognition.recognizer import Recognizer

OPSET = 18  # of ONNX; onnxruntime 1.14 and later run it
TOLERANCE = 1e-4  # largest allowed difference of a probability from torch's


class ServedNetwork(nn.Module):
    """The features, network and decision of a recogniser as one module."""

    def __init__(self, recognizer: Recognizer) -> None:
        super().__init__()
        self.features, self.model = recognizer.features, recognizer.model
        self.decision = recognizer.decision

    def forward(self, landmarks: Tensor, aspect: Tensor) -> Tensor:
        """Raw landmarks ``(B, 60, 1662)`` and aspects ``(B,)`` to probabilities ``(B, words)``."""
        logits: Tensor = self.model(self.features(landmarks, aspect))
        return self.decision(logits)


def write_onnx(recognizer: Recognizer, path: Path, int8: bool = False) -> float:
    """Writes the recogniser to ``path`` and compares the file's probabilities with torch's.

    Args:
        recognizer: a recogniser from ``Recognizer.load``.
        path: the ``.onnx`` file; it is written completely or not at all.
        int8: store weights in 8 bits; the file is smaller and its probabilities differ.

    Returns:
        The largest difference between the probabilities of the file and of torch, over random and generated clips.

    Raises:
        InputError: onnx is not installed, or the file's probabilities differ too much from torch's.
    """
    try:
        import onnx
        import onnxscript  # noqa: F401, the exporter needs it
    except ImportError:
        raise InputError("output: ONNX files need two more packages: pip install 'isl[onnx]'") from None
    with replacing(path) as unfinished:
        with quiet():
            program = torch.onnx.export(
                ServedNetwork(recognizer).eval(),
                (torch.rand(2, CLIP_FRAMES, FRAME_SIZE), torch.ones(2)),
                input_names=["landmarks", "aspect"],
                output_names=["probabilities"],
                dynamic_shapes={"landmarks": {0: torch.export.Dim("batch")}, "aspect": {0: torch.export.Dim("batch")}},
                opset_version=OPSET,
                dynamo=True,
            )
        assert program is not None
        model = program.model_proto
        onnx.helper.set_model_props(model, {METADATA: json.dumps(describe(recognizer), ensure_ascii=False)})
        onnx.save_model(model, str(unfinished))
        if int8:
            quantize(unfinished)
        append_checksum(unfinished)
        difference = largest_difference(recognizer, unfinished)
        if not int8 and not difference <= TOLERANCE:
            raise InputError(
                f"output={path}: its probabilities differ from torch's by {difference:.1g}; the file was not kept"
            )
    return difference


def describe(recognizer: Recognizer) -> dict[str, object]:
    """Returns the metadata that a serving program needs besides the network, as plain values."""
    return {
        "format": FORMAT,
        "words": list(recognizer.words),
        "seconds": recognizer.seconds,
        "aspect": recognizer.aspect,
        "reject": recognizer.reject,
        "threshold": recognizer.threshold(),
        "about": {key: value for key, value in recognizer.about.items() if key != "scores"}
        | {"calibrated": NOT_CALIBRATED not in recognizer.description},
    }


def quantize(path: Path) -> None:
    """Replaces the float weights of the ONNX file by 8-bit weights."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    with quiet():
        quantize_dynamic(str(path), str(path), weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"])


def largest_difference(recognizer: Recognizer, path: Path) -> float:
    """Returns the largest difference between the probabilities of the ONNX file and of torch on ``sample_clips``."""
    exported = OnnxRecognizer(path)
    clips = sample_clips()
    return max(
        float(np.abs(exported(clips, aspect) - recognizer(clips, aspect)).max()) for aspect in (None, 9 / 16, 16 / 9)
    )


def compare(recognizer: Recognizer, path: Path, clips: Clips) -> str:
    """Returns one line with the top-1 of torch and of the ONNX file on clips of the recogniser's words."""
    exported = OnnxRecognizer(path)
    right = np.array([recognizer.words.index(clips.words[label]) for label in clips.label])
    served = [(clips.clip(i), float(clips.aspect[i])) for i in range(len(clips))]
    torchs = np.stack([recognizer(clip, aspect) for clip, aspect in served])
    files = np.stack([exported(clip, aspect) for clip, aspect in served])
    tops = [100 * float((each.argmax(1) == right).mean()) for each in (torchs, files)]
    same = 100 * float((torchs.argmax(1) == files.argmax(1)).mean())
    difference = float(np.abs(torchs - files).max())
    return (
        f"{len(clips)} clips, top-1 {tops[1]:.1f} % (torch {tops[0]:.1f} %), the same word in {same:.1f} %, "
        f"largest difference of a probability {difference:.2g}"
    )


def sample_clips() -> Floats:
    """Returns clips ``(12, 60, 1662)``: generated signs, noise, and a clip without a person."""
    from isl.data.synthetic import SyntheticClips
    from isl.landmarks import resample

    signs = SyntheticClips(words=3, signers=1, clips=3, seed=0).load()
    clips = [resample(signs.clip(i), CLIP_FRAMES) for i in range(9)]
    noise = np.random.default_rng(0).random((2, CLIP_FRAMES, FRAME_SIZE), dtype=np.float32)
    return np.stack([*clips, *noise, np.zeros((CLIP_FRAMES, FRAME_SIZE), np.float32)])


@contextmanager
def quiet() -> Iterator[None]:
    """Hides the exporter's own messages."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), redirect_stdout(StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)
