"""Recognise signs in front of a camera, or in a video, and say them as a sentence.

python live.py                                     # webcam 0; q quits
python live.py source=video.mp4 display=none record=annotated.mp4 events=events.jsonl
python live.py source=rtsp://192.168.1.20/stream accept=consecutive
python live.py record_word=Fever                   # r records a clip of a new sign
"""

from __future__ import annotations

from omegaconf import DictConfig

from isl.config.app import app


@app("live")
def main(cfg: DictConfig) -> None:
    """Open the source, recognise until it ends or q is pressed, say what was understood."""
    from isl.live.application import Live

    live = Live(cfg)
    live.introduce()
    try:
        live.run()
    finally:
        live.summary()  # however it ended


if __name__ == "__main__":
    main()
