"""Recognises signs in front of a camera, or in a video, and says them as a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from omegaconf import DictConfig

from isl.config.app import app
from isl.errors import InputError

if TYPE_CHECKING:
    from isl.live.application import Live
    from isl.web.web import Web


@app("live")
def main(cfg: DictConfig) -> None:
    """Open the source, recognise until it ends or q is pressed, then show the recognised words."""
    live = _web(cfg) if cfg.display == "web" else _live(cfg)
    live.introduce()
    try:
        live.run()
    finally:
        live.summary()  # after an error too


def _live(cfg: DictConfig) -> Live:
    from isl.commands.presence import check_checkpoint, check_source

    check_source(cfg.source)
    if cfg.record.word is None or cfg.ckpt_path is not None:  # clips are recorded without a checkpoint too
        check_checkpoint(cfg.ckpt_path, cfg.trusted)
    if cfg.display == "window":
        from isl.live.screen import Screen

        Screen()

    from isl.live.application import Live

    return Live(cfg)


def _web(cfg: DictConfig) -> Web:
    from isl.commands.presence import check_checkpoint

    check_checkpoint(cfg.ckpt_path, cfg.trusted)
    try:
        from isl.web.web import Web
    except ModuleNotFoundError as error:
        raise InputError(f"display=web: {error.name} is not installed: pip install 'isl[web]'") from None
    return Web(cfg)


if __name__ == "__main__":
    main()
