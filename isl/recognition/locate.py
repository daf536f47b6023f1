"""Finds the files of the checkpoints that ``ckpt_path=`` names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from isl.errors import InputError
from isl.files import kind_of_file
from isl.weights import DEFAULT, SHIPPED

CheckpointPaths = str | Path | Sequence[str | Path]  # the values that ``ckpt_path=`` may have
MOST_FOLDERS = 20_000  # in which runs are looked for: some ten thousand runs
HELD_OUT = "held_out"  # folder of a run's second training, see isl.training.refit


def run_checkpoints(folder: str | Path) -> list[Path]:
    """Returns the ``best.ckpt`` of every run under ``folder``, sorted by name, without second trainings (``HELD_OUT``).

    Links to folders are not followed, and unreadable folders are skipped.

    Raises:
        InputError: more folders than runs have, as in ``/``.
    """
    paths = []
    for looked_at, (above, folders, names) in enumerate(os.walk(folder)):
        if looked_at == MOST_FOLDERS:
            raise InputError(f"{folder}: more than {MOST_FOLDERS:,} folders; name a folder of runs, or a checkpoint")
        folders.sort()
        path = Path(above)
        if path.name == "checkpoints" and "best.ckpt" in names and path.parent.name != HELD_OUT:
            paths.append(path / "best.ckpt")
    return sorted(paths)


def newest_checkpoint(folder: str | Path = "outputs") -> Path:
    """Returns the last written ``best.ckpt`` under ``folder`` of a finished training on recordings.

    If there is none, returns the checkpoint that comes with isl. A checkpoint of generated signs does not recognise
    those of a person, and one whose training goes on or was stopped is not calibrated: these are used only if named.

    Raises:
        InputError: the newest checkpoint cannot be read.
    """
    for path in sorted(run_checkpoints(folder), key=lambda path: path.stat().st_mtime, reverse=True):
        if _finished_on_recordings(path):
            return path
    return SHIPPED[DEFAULT]


def _finished_on_recordings(path: Path) -> bool:
    from isl.recognition.archive import check_archive
    from isl.recognition.introduction import is_generated

    content = check_archive(path)
    described = content.get("hyper_parameters")
    parts = [described.get("about") if isinstance(described, dict) else None, content.get("about")]
    about = {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}
    return "temperature" in about and not is_generated(about)


def checkpoint_paths(chosen: CheckpointPaths | None) -> list[Path]:
    """Returns the files of ``ckpt_path=``: one, a list, each run's ``best.ckpt`` in a folder, or the newest.

    A name in ``isl.weights.SHIPPED``, such as ``isl18``, means a checkpoint that comes with isl.

    Raises:
        InputError: there is no checkpoint, or a path is not a regular file or a folder.
    """
    if chosen is None:
        return [newest_checkpoint()]
    listed = [chosen] if isinstance(chosen, (str, Path)) else chosen
    if not isinstance(listed, Sequence) or not listed or not all(isinstance(path, (str, Path)) for path in listed):
        raise InputError(f"ckpt_path={chosen}: give a checkpoint, a folder of runs, or a list of them")
    paths: list[Path] = []
    for path in listed:
        if not str(path).strip():
            raise InputError("ckpt_path=: empty; give a checkpoint, or leave ckpt_path= out to take the newest one")
        kind = kind_of_file(Path(path))
        if not kind and str(path) in SHIPPED:
            paths.append(SHIPPED[str(path)])
        elif kind != "folder":
            paths.append(Path(path))
        elif runs := run_checkpoints(path):
            paths += runs
        else:
            raise InputError(
                f"{path}: no run's checkpoints/best.ckpt in this folder; give a checkpoint or another folder"
            )
    return paths
