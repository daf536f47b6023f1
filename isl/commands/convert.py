"""Converts landmarks of any format to a dataset in one format, unit and orientation."""

from __future__ import annotations

from pathlib import Path

from omegaconf import DictConfig

from isl import console
from isl.config.app import SOME_FAILED, app, stop


@app("convert")
def main(cfg: DictConfig) -> None:
    """Convert the clips of ``cfg.input`` into the folder ``cfg.output``. The exit code is 1 if some clips failed."""
    from isl.data.conversion import convert
    from isl.data.reading_options import parse_read_as

    read_as = parse_read_as(cfg.order, cfg.mirror, cfg.turn, cfg.size, cfg.centred, prefix="")
    source, output = Path(str(cfg.input)).expanduser(), Path(str(cfg.output)).expanduser()
    written, remarks, failed = convert(source, output, str(cfg.format), read_as)
    for line in (*remarks, *failed):
        console.err.print(line, style="yellow", soft_wrap=True)
    console.out.print(f"{written} clips in {output}", soft_wrap=True)
    if failed:
        stop(f"input={source}: {len(failed)} clips could not be converted, named above", SOME_FAILED)


if __name__ == "__main__":
    main()
