"""Writes a checkpoint as a file for other runtimes."""

from __future__ import annotations

from omegaconf import DictConfig

from isl import console
from isl.commands.presence import check_checkpoint
from isl.config.app import app
from isl.config.options import switch
from isl.files import destination


@app("export")
def main(cfg: DictConfig) -> None:
    """Write the checkpoint ``ckpt_path`` to ``output`` as ONNX."""
    output = destination(cfg.output, "output", [".onnx"])
    int8 = switch(cfg.int8, "int8")
    check_checkpoint(cfg.ckpt_path, cfg.trusted)
    from isl.export.onnx_model import write_onnx
    from isl.recognition.configs import trusted_packages
    from isl.recognition.recognizer import Recognizer

    recognizer = Recognizer.load(cfg.ckpt_path, trusted=trusted_packages(cfg.trusted))
    difference = write_onnx(recognizer, output, int8)
    size = output.stat().st_size / 2**20
    console.out.print(f"{output}: {len(recognizer.words)} words, {size:.1f} MB", soft_wrap=True)
    console.out.print(f"largest difference of a probability from torch's, over 36 answers: {difference:.1g}")
