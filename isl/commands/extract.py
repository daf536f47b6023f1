"""Extracts landmarks from a folder of videos."""

from __future__ import annotations

from omegaconf import DictConfig

from isl.config.app import app


@app("extract")
def main(cfg: DictConfig) -> None:
    """Extract the videos of ``cfg.input`` into ``cfg.output``. The exit code is 1 if some videos gave no clip."""
    from isl.extract.command import run

    run(cfg)


if __name__ == "__main__":
    main()
