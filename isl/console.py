"""The program's two consoles: answers go to the output stream; progress, remarks and warnings to the error stream.

Markup is off: a path or a word may have brackets in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TypeVar

from rich.console import Console

Item = TypeVar("Item")

out = Console(markup=False, highlight=False)
err = Console(markup=False, highlight=False, stderr=True)


def progress(items: Sequence[Item], label: str) -> Iterable[Item]:
    """The items, with a bar on the error stream while they are gone through; nothing where no terminal is watched."""
    from rich.progress import track

    return track(items, label, console=err, transient=True, disable=not err.is_terminal)


def command_line(name: str) -> str:
    """How a command is typed here: ``python train.py`` beside that file, ``isl-train`` in any other folder."""
    return f"python {name}.py" if Path(f"{name}.py").is_file() else f"isl-{name}"
