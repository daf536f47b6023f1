"""Recognises signs in front of a camera, or in a video, and says them as a sentence."""

from __future__ import annotations

from omegaconf import DictConfig

from isl.config.app import app


@app("live")
def main(cfg: DictConfig) -> None:
    """Open the source, recognise until it ends or q is pressed, show the words that were understood."""
    from isl.live.application import Live

    live = Live(cfg)
    live.introduce()
    try:
        live.run()
    finally:
        live.summary()  # however it ended
