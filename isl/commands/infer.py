"""Recognises the signs in videos or landmark files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from omegaconf import DictConfig

from isl import console
from isl.config.app import app
from isl.config.options import switch

WITH_TIMES = (".vtt", ".srt", ".eaf")  # files of words with their times

if TYPE_CHECKING:
    from isl.live.segmentation import Segmentation
    from isl.recognition.inference import Inference


@app("infer")
def main(cfg: DictConfig) -> None:
    """Find the clips, or the signs in one long video. Recognise each, then show and write the answers."""
    from isl.commands.presence import check_checkpoint, check_input

    check_input(cfg.input)
    check_checkpoint(cfg.ckpt_path, cfg.trusted)
    inference = open_inference(cfg)
    inference.recognise()
    inference.show()
    inference.write()


def open_inference(cfg: DictConfig) -> Inference | Segmentation:
    """Returns the inference that ``segment=`` chooses; for null, ``Segmentation`` if the input is one long recording.

    A recording is long if it lasts much longer than one sign. Files with times, such as subtitles, need it in any case.
    """
    from isl.live.destinations import as_list
    from isl.recognition.inference import Inference

    timed = any(Path(str(name)).suffix.lower() in WITH_TIMES for name in as_list(cfg.output))
    if not (timed if cfg.segment is None else switch(cfg.segment, "segment")):
        inference = Inference(cfg)
        seconds = inference.long_seconds() if cfg.segment is None else None
        if seconds is None:
            return inference
        console.out.print(
            f"{cfg.input} lasts {seconds:.0f} s, much longer than one sign ({inference.recognizer.seconds:.1f} s): "
            "its signs are recognised one by one (segment=false takes it for one sign)",
            style="yellow",
            soft_wrap=True,
        )
    from isl.live.segmentation import Segmentation

    return Segmentation(cfg)


if __name__ == "__main__":
    main()
