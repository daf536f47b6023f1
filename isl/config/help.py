"""Prints the page of ``--help``: one line for each group, choice and option, read from the comments in ``conf/``.

The configs are read as text, so that nothing is composed or loaded. The line of a choice is the first sentence at the
head of its file; the line of an option is the comment behind it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.table import Table

from isl import console
from isl.config.without import WITHOUT

COMMANDS = ("@package", "python ", "isl-", "pip ")  # a comment that begins so is not a description
OPTION = re.compile(r"^( *)(\w+): *([^#]*?) *(?:# *(.*))?$")
CHOICE = re.compile(r"^ *- (\w+): *([^#]*?) *(?:# *(.*))?$")
SENTENCE_END = re.compile(r"(?<=[a-z0-9)%])[.:;] +(?=[A-Z`<])")


@dataclass(frozen=True)
class HelpLine:
    """A line of the help page: a group, one of its choices, or an option."""

    name: str
    value: str = ""
    about: str = ""


def show(name: str, conf: Path, arguments: Sequence[str], about: str) -> None:
    """Print the help page of the command ``name``.

    Args:
        conf: the folder of the shipped configs.
        arguments: the arguments of the command line. For each ``group=choice``, the choice's options are listed too.
        about: a sentence about the command.
    """
    folders = config_folders(arguments, conf)
    lines = (conf / f"{name}.yaml").read_text(encoding="utf-8").splitlines()
    console.out.print(f"{console.command_line(name)} option=value ...\n{about}", soft_wrap=True)
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    example = ""
    for group in groups(lines):
        if len(of_group := choices(group.name, folders)) > 1:  # of a group with one choice, only the options are listed
            example = example or f"{group.name}={of_group[0].name}"
            table.add_row("", "")
            table.add_row(f"{group.name}=", group.about, style="bold")
            for choice in of_group:
                table.add_row(f"{'*' if choice.name == group.value else ' '} {choice.name}", choice.about)
    if any(group.value not in ("", "null") for group in groups(lines)):
        table.add_row("", "")
        table.add_row("*", "the default")
    own = list(options(lines))
    for chosen in chosen_files(arguments, groups(lines), folders):
        own += options(chosen.read_text(encoding="utf-8").splitlines(), chosen.parent.name)
    if own:
        table.add_row("", "")
        table.add_row("options", "with their default values", style="bold")
    for option in own:
        required = option.value == "???"  # OmegaConf's sign for a value that must be given
        table.add_row(f"  {option.name}={'...' if required else option.value}", ("needed: " * required) + option.about)
    table.add_row("  --cfg job", "print every option as it would be, and do nothing")
    if example:
        table.add_row("  GROUP=CHOICE --help", f"the options of that choice too, as in {example} --help")
        table.add_row("  -m", "several runs: option=1,2")
        table.add_row("  --config-dir DIR", "your own configs beside these: DIR/<group>/<choice>.yaml")
    console.out.print(table)


def groups(lines: Sequence[str]) -> Iterator[HelpLine]:
    """Yields the groups in the defaults of a command's file, each with its default choice and its comment."""
    for line in lines:
        match = CHOICE.match(line)
        if match and match[1] not in ("hydra", "override"):
            yield HelpLine(match[1], match[2], match[3] or "")


def options(lines: Sequence[str], package: str = "") -> Iterator[HelpLine]:
    """Yields the options of a file with their dotted names below ``package``, without those of Hydra."""
    if any(line.startswith("# @package _global_") for line in lines):
        package = ""
    parents: list[str] = []
    for line in lines:
        match = OPTION.match(line)
        if not match:
            continue
        indent, key, value, about = match.groups()
        parents = [*parents[: len(indent) // 2], key]
        if parents[0] in ("hydra", "defaults", "run_dir"):
            continue
        if (value.strip("|") or about) and not key.startswith("_"):
            yield HelpLine(".".join([package, *parents]).lstrip("."), value, about or "")


def chosen_files(arguments: Sequence[str], of: Iterable[HelpLine], folders: Sequence[Path]) -> Iterator[Path]:
    """Yields the files of the choices that the arguments name, and of groups that have only one choice."""
    given = dict(argument.split("=", 1) for argument in arguments if "=" in argument)
    for group in of:
        files = _files(group.name, folders)
        choice = given.get(group.name, group.value if len(files) == 1 else "")
        if choice in files:
            yield files[choice]


def choices(group: str, folders: Sequence[Path]) -> list[HelpLine]:
    """Returns the choices of a group by name, each with the description in its file."""
    if group == "without":
        return [HelpLine(name, about=about) for name, (about, _) in WITHOUT.items()]
    files = _files(group, folders)
    return [HelpLine(name, about=description(path.read_text(encoding="utf-8"))) for name, path in files.items()]


def _files(group: str, folders: Sequence[Path]) -> dict[str, Path]:
    files = [path for folder in folders for path in sorted((folder / group).glob("*.yaml"))]
    return {path.stem: path for path in files if path.is_file()}


def description(text: str) -> str:
    """Returns the first sentence of the comment at the head of a config file, without commands; "" if there is none."""
    comment = itertools.takewhile(lambda line: line.startswith("#"), text.splitlines())
    prose = [line.lstrip("# ") for line in comment if not line.lstrip("# ").startswith(COMMANDS)]
    return SENTENCE_END.split(" ".join(prose), maxsplit=1)[0].rstrip(".:")


def config_folders(arguments: Sequence[str], shipped: Path) -> list[Path]:
    """Returns the folders of configs: the shipped one and the one of ``--config-dir``."""
    folders = [shipped]
    for place, argument in enumerate(arguments):
        flag, equals, value = argument.partition("=")
        if flag in ("--config-dir", "-cd"):
            folders.append(Path(value if equals else "".join(arguments[place + 1 : place + 2])))
    return folders


def is_asked_for(arguments: Sequence[str]) -> bool:
    return any(argument in ("--help", "-h") for argument in arguments)
