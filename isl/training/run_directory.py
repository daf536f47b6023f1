"""Run directories: locking for one process at a time, detection of finished runs, and the command to resume."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from isl import console
from isl.errors import InputError, reason_of
from isl.files import remove, write_text

CONFIG, REPORT, FAILED = "config.yaml", "report.json", "failed.txt"
# Options that may differ between a run and its continuation: places, devices, and what is shown
PLACES = ("run_dir", "resume", "data.root", "data.cache", "logger", "callbacks.progress")
DEVICES = tuple(f"trainer.{name}" for name in ("accelerator", "devices", "strategy", "num_nodes", "profiler"))


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Lock ``folder`` for this process while the block runs; half-written files of a killed process are removed.

    Raises:
        InputError: another process uses it, or it cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.access(folder, os.W_OK):
            raise PermissionError(13, "Permission denied")
        place = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise InputError(f"{folder}: {reason_of(error)}; name another folder by hydra.run.dir=") from None
    try:
        _lock(place, folder)
        for half in folder.rglob(".*.unfinished*"):
            remove(half)
        yield
    finally:
        os.close(place)  # releases the lock too


def _lock(place: int, folder: Path) -> None:
    try:
        import fcntl  # not on Windows
    except ImportError:
        return
    try:
        fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError(
            f"{folder}: another training writes there at present; name another folder by hydra.run.dir="
        ) from None
    except OSError:
        return  # a file system without locks


def finished_loss(folder: Path) -> float | None:
    """Returns the best validation loss of the finished run in ``folder``: NaN if it has none, None if unfinished.

    ``report.json`` is the last file that a run writes.
    """
    try:
        report = json.loads((folder / REPORT).read_text(encoding="utf-8"))
        loss = report["val"]["best_loss"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return float("nan") if loss is None else float(loss)


def record_config(folder: Path, config: dict[str, Any], resume: bool) -> None:
    """Write ``config.yaml`` with the run directory as "."; check first that a resumed run had the same options.

    Raises:
        InputError: the run in ``folder`` had other options.
    """
    from omegaconf import OmegaConf

    ours = _relative(config, str(folder))
    path = folder / CONFIG
    if resume and path.is_file():
        theirs: Any = OmegaConf.to_container(OmegaConf.load(path))
        old, new = (_flat(tree) for tree in (theirs, ours))
        skipped = (*PLACES, *DEVICES)
        for key in sorted({*old, *new}):
            if old.get(key) != new.get(key) and not any(key == s or key.startswith(f"{s}.") for s in skipped):
                raise InputError(
                    f"resume=true: {folder} was begun with {key}={old.get(key)}, not {new.get(key)}; "
                    "give the same options as before, or begin another run"
                )
    write_text(path, OmegaConf.to_yaml(ours))


def _relative(tree: Any, folder: str) -> Any:
    """Returns the config with the run directory replaced by "." in all its texts."""
    if isinstance(tree, dict):
        return {key: _relative(value, folder) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_relative(value, folder) for value in tree]
    if isinstance(tree, str) and (tree == folder or tree.startswith(f"{folder}/")):
        return f".{tree[len(folder) :]}"
    return tree


def _flat(tree: Any, path: str = "") -> dict[str, Any]:
    """Returns every leaf of a config by its dotted name."""
    if not isinstance(tree, dict) or not tree:
        return {path: tree}
    return {key: leaf for name in tree for key, leaf in _flat(tree[name], f"{path}.{name}".lstrip(".")).items()}


def command() -> str:
    """Returns the command line of this program as it is typed."""
    return console.typed(sys.argv[1:])


def command_to_go_on(folder: Path, option: str) -> str:
    """Returns the command line that resumes the run in ``folder``; ``option`` is Hydra's option for the folder."""
    given = [word for word in sys.argv[1:] if not word.startswith(("resume=", f"{option}="))]
    shown = os.path.relpath(folder) if folder.is_relative_to(Path.cwd()) else str(folder)
    return console.typed([*given, f"{option}={shown}", "resume=true"])
