"""Walk through a folder of recordings: extraction, inference and datasets all find their files by it.

Hidden files and folders are passed over, links are followed, and a link to a folder above itself is not. Files that
are left out for another reason are collected with it, so that a program can name them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from isl.errors import reason_of

NAMED = 3  # files that a line names


@dataclass(frozen=True)
class Folder:
    """One folder of a walk.

    Attributes:
        path: the folder.
        above: names of the folders from the root to this one, itself included; empty for the root.
        files: its regular files by name, without hidden ones.
        folders: names of the folders in it.
        others: entries that are neither: pipes, sockets, devices, broken links.
    """

    path: Path
    above: tuple[str, ...]
    files: list[os.DirEntry[str]]
    folders: list[str]
    others: list[os.DirEntry[str]]


@dataclass
class LeftOut:
    """Files that were left out, by reason, and other remarks on a folder."""

    reasons: dict[str, list[Path]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def add(self, reason: str, *paths: Path) -> None:
        self.reasons.setdefault(reason, []).extend(paths)

    def add_others(self, folder: Folder) -> None:
        """Adds the pipes, sockets, devices and broken links of a folder."""
        for path in (Path(entry.path) for entry in folder.others):
            is_broken = path.is_symlink() and not path.exists()
            self.add("a broken link" if is_broken else "a pipe, socket or device", path)

    def lines(self, root: Path) -> list[str]:
        """Returns a line for each reason, with the first files below ``root`` that have it."""
        by_reason = self.reasons.items()
        return [
            *(f"left out, {reason}: {self._named(paths, root)}" for reason, paths in by_reason if paths),
            *self.remarks,
        ]

    @staticmethod
    def _named(paths: list[Path], root: Path) -> str:
        names = [shown(os.path.relpath(path, root)) for path in sorted(paths)[:NAMED]]
        return ", ".join(names) + (f" and {len(paths) - NAMED} more" if len(paths) > NAMED else "")


def walk(root: Path, left_out: LeftOut | None = None, deepest: int | None = None) -> Iterator[Folder]:
    """Yields ``root`` and every folder below it, by name; at most ``deepest`` folders down.

    Raises:
        OSError: ``root`` itself can't be read; a folder below it that can't be read is left out.
    """
    left_out = LeftOut() if left_out is None else left_out
    yield from _walk(root, (), left_out, {os.path.realpath(root)}, deepest)


def _walk(
    path: Path, above: tuple[str, ...], left_out: LeftOut, open_: set[str], deepest: int | None
) -> Iterator[Folder]:
    """Yields a folder and those below it; ``open_`` holds the real paths of the folders above."""
    try:
        with os.scandir(path) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        if not above:
            raise
        left_out.add(reason_of(error), path)
        return
    files, folders, others = [], [], []
    for entry in listed:
        if entry.name.startswith("."):
            continue
        try:
            is_folder, is_file = entry.is_dir(), entry.is_file()
        except OSError:  # a link to itself
            is_folder = is_file = False
        if is_folder:
            if not is_hidden(entry.name):
                folders.append(entry.name)
        elif is_file:
            files.append(entry)
        else:
            others.append(entry)
    yield Folder(path, above, files, folders, others)
    if deepest is not None and len(above) >= deepest:
        return
    for name in folders:
        real = os.path.realpath(path / name)
        if any(os.path.commonpath([real, place]) == real for place in open_):  # one of them, or it contains them all
            left_out.add("a link to a folder above it", path / name)
        else:
            yield from _walk(path / name, (*above, name), left_out, open_ | {real}, deepest)


def is_hidden(name: str) -> bool:
    """Returns True for a folder ``.x`` or ``__x``; macOS and Python add such ones to others' data."""
    return name.startswith((".", "__"))


def shown(path: str | Path) -> str:
    """Returns a path for the screen; bytes that are not UTF-8, and characters that can't be printed, are replaced."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join(character if character.isprintable() else "\ufffd" for character in text)
