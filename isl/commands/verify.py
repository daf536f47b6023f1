"""Checks a folder of landmarks from any source: lists the clips that would harm a training, and draws skeletons."""

from __future__ import annotations

from pathlib import Path

from omegaconf import DictConfig

from isl import console
from isl.config.app import SOME_FAILED, app, stop
from isl.config.options import switch
from isl.errors import InputError


@app("verify")
def main(cfg: DictConfig) -> None:
    """Examine the folder ``cfg.input``. With ``cfg.plot``, draw its clips into the folder ``cfg.sheets``.

    Raises:
        InputError: there is no such folder, or it has no clips.
        SystemExit: a clip has a problem that would spoil training; the exit code is 1.
    """
    plot = switch(cfg.plot, "plot")
    if not cfg.sheets:
        raise InputError("sheets= is empty: name the folder that the pictures go to")
    root, sheets = Path(str(cfg.input)).expanduser(), Path(str(cfg.sheets)).expanduser()

    from isl.data.examination import examine

    findings = examine(root)
    console.out.print(findings.tables())
    if plot:
        from isl.data.sheets import draw_sheets

        console.out.print(f"{len(draw_sheets(root, sheets))} contact sheets in {sheets}", soft_wrap=True)
    if findings.problems:
        stop(f"input={root}: clips with a problem: {findings.problems}, listed above", SOME_FAILED)


if __name__ == "__main__":
    main()
