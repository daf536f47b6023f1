"""Recognises the signs in videos or landmark files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omegaconf import DictConfig

from isl.config.app import app
from isl.config.options import switch

if TYPE_CHECKING:
    from isl.live.segmentation import Segmentation
    from isl.recognition.inference import Inference


@app("infer")
def main(cfg: DictConfig) -> None:
    """Find the clips (or the signs in one long video), recognise each, show and write the answers."""
    from isl.commands.presence import check_checkpoint, check_input

    check_input(cfg.input)
    check_checkpoint(cfg.ckpt_path)

    from isl.recognition.inference import Inference

    kind: type[Inference | Segmentation] = Inference
    if switch(cfg.segment, "segment"):
        from isl.live.segmentation import Segmentation

        kind = Segmentation
    inference = kind(cfg)
    inference.recognise()
    inference.show()
    inference.write()
