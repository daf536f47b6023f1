"""Writes a checkpoint as a file for other runtimes."""

from __future__ import annotations

from pathlib import Path

from omegaconf import DictConfig

from isl import console
from isl.commands.presence import check_checkpoint, check_input
from isl.config.app import app
from isl.config.options import switch
from isl.errors import InputError
from isl.files import destination


@app("export")
def main(cfg: DictConfig) -> None:
    """Write the checkpoint ``ckpt_path`` to ``output`` as ONNX, and share it with ``push``."""
    if cfg.output is None and cfg.push is None:
        raise InputError("output: name an .onnx file, or push=USER/NAME or push=FOLDER")
    output = None if cfg.output is None else destination(cfg.output, "output", [".onnx"])
    int8 = switch(cfg.int8, "int8")
    paths = check_checkpoint(cfg.ckpt_path, cfg.trusted)
    if cfg.clips is not None:
        check_input(cfg.clips, "clips")
    if cfg.push is not None:
        if len(paths) != 1:
            raise InputError("push= shares one checkpoint; write an ensemble with isl-ensemble first")
        from isl.export.hub import push
        from isl.recognition.configs import trusted_packages

        console.out.print(push(paths[0], str(cfg.push), trusted=trusted_packages(cfg.trusted)), soft_wrap=True)
    if output is not None:
        _write(cfg, output, int8)


def _write(cfg: DictConfig, output: Path, int8: bool) -> None:
    from isl.export.onnx_model import compare, write_onnx
    from isl.recognition.configs import trusted_packages
    from isl.recognition.recognizer import Recognizer

    recognizer = Recognizer.load(cfg.ckpt_path, trusted=trusted_packages(cfg.trusted))
    clips = None
    if cfg.clips is not None:
        from isl.data.folder import FolderClips

        clips = FolderClips(str(cfg.clips), words=list(recognizer.words)).load()
    difference = write_onnx(recognizer, output, int8)
    size = output.stat().st_size / 2**20
    console.out.print(f"{output}: {len(recognizer.words)} words, {size:.1f} MB", soft_wrap=True)
    console.out.print(f"largest difference of a probability from torch's, over 36 answers: {difference:.1g}")
    if clips is not None:
        console.out.print(f"{cfg.clips}: {compare(recognizer, output, clips)}", soft_wrap=True)


if __name__ == "__main__":
    main()
