"""Recognise the signs in videos or landmark files.

python infer.py input=clip.mp4                       # the newest checkpoint, top five with bars
python infer.py input=clip.mp4 output=answer.json
python infer.py input=my_videos ckpt_path=outputs/.../checkpoints/best.ckpt
python infer.py input=talk.mp4 segment=true output=[talk.json,talk.vtt] record=annotated.mp4
"""

from __future__ import annotations

from omegaconf import DictConfig

from isl.config.app import app
from isl.config.options import switch


@app("infer")
def main(cfg: DictConfig) -> None:
    """Find the clips (or the signs in one long video), recognise each, show and write what came out."""
    if switch(cfg.segment, "segment"):
        from isl.live.segment import Segmentation as Inference
    else:
        from isl.recognition.inference import Inference

    inference = Inference(cfg)
    inference.recognise()
    inference.show()
    inference.write()


if __name__ == "__main__":
    main()
