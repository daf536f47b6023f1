"""The program's two consoles: results go to standard output; progress, remarks and warnings to standard error.

Markup and emoji codes are off, since a path, a word or an advised command may contain brackets or ":v:".
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.markup import escape

COMMANDS = Path(__file__).resolve().parent / "commands"

Item = TypeVar("Item")

out = Console(markup=False, highlight=False, emoji=False)
err = Console(markup=False, highlight=False, emoji=False, stderr=True)


def progress(items: Iterable[Item], label: str, total: float | None = None) -> Iterable[Item]:
    """Returns the items, with a progress bar on standard error while they are read; no bar without a terminal.

    ``total`` is the number of items where they have no length.
    """
    from rich.progress import track

    return track(items, escape(label), total, console=err, transient=True, disable=not err.is_terminal)


def print_remark(line: str, where: object = "") -> None:
    """Prints a remark on some input, a line in yellow on standard error; ``where`` is the file."""
    err.print(f"{where}: {line}" if where else line, style="yellow", soft_wrap=True)


def shorten(path: str | Path) -> str:
    """Returns a path relative to the working directory if it is below it, else as it is."""
    path, here = Path(path), Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def command_line(name: str) -> str:
    """Returns a command as it is typed: ``python train.py`` in the folder of that file, else ``isl-train``."""
    return f"python {name}.py" if Path(f"{name}.py").is_file() else f"isl-{name}"


def typed(arguments: Iterable[str]) -> str:
    """Returns the line to type in a shell for the present command, ``python train.py`` or ``isl-train``, and arguments.

    An argument that contains single quotes, such as a regular expression in Hydra's quotes, gets double ones if it can.
    """
    path = Path(sys.argv[0])
    program = ["python", sys.argv[0]] if path.suffix == ".py" else [path.name]
    if path.parent == COMMANDS:  # started by python -m
        program = ["python", "-m", f"isl.commands.{path.stem}"]
    return " ".join(
        f'"{word}"' if "'" in word and not set(word) & set('"$`\\!') else shlex.quote(word)
        for word in [*program, *arguments]
    )
