"""Files in a dataset's root folder that hold or list clips of many words, with the word and group of each clip."""

from __future__ import annotations

import os
from pathlib import Path

from isl.data.formats.catalogue import all_formats, members_of, suffixes
from isl.data.formats.contract import Member
from isl.data.listing import TABLE_SUFFIXES, Entry, Listing, named_apart, read_listing
from isl.data.walk import LeftOut

TABLES = ("clips.csv", "failed.csv", "rooms.csv")  # this project's tables, with facts of clips that lie in word folders

Collected = tuple[list[tuple[Path, Member]], set[str]]


def collected(root: Path, left_out: LeftOut | None = None) -> Collected:
    """Returns the clips that files in ``root`` itself hold or list, and the folders that hold listed files.

    A table that lists clips is a CSV with columns of paths and words, such as ``train.csv`` of Google's Isolated Sign
    Language Recognition on Kaggle (path, participant_id, sequence_id, sign); see ``isl.data.listing``.

    Returns:
        Pairs of a file and its member, and names of folders in ``root`` that are not words for this reason.

    Raises:
        InputError: a table has a row without path or word.
    """
    left_out = LeftOut() if left_out is None else left_out
    several = (*TABLE_SUFFIXES, *(suffix for kind in all_formats() if kind.members for suffix in kind.suffixes))
    with os.scandir(root) as entries:
        files = sorted(
            Path(entry.path)
            for entry in entries
            if entry.is_file() and entry.name.lower().endswith(several) and not _is_ours(entry.name)
        )
    members: list[tuple[Path, Member]] = []
    holding: set[str] = set()
    for path in files:
        listing = read_listing(path) if path.suffix.lower() in TABLE_SUFFIXES else None
        if listing is None:
            own = [(path, member) for member in members_of(path) or [] if member.word]
            members += own
            if not own and path.suffix.lower() in TABLE_SUFFIXES:
                left_out.add("a table without a column of paths (path, file) or of words (word, gloss)", path)
        elif not any(_is_clip(root, entry) for entry in listing.entries[:100]):
            left_out.add("a table of files that are no landmarks", path)
        else:
            listed = _listed(root, listing)
            members += listed
            holding |= {Path(os.path.relpath(file, root)).parts[0] for file, _ in listed}
            if listing.unused:
                left_out.remarks.append(f"{path.name}: columns that are not used: {', '.join(listing.unused)}")
    return members, holding


def _is_ours(name: str) -> bool:
    return name in TABLES or name.startswith(".")


def _is_clip(root: Path, entry: Entry) -> bool:
    return entry.path.lower().endswith(suffixes()) or (root / entry.path).is_dir()


def _listed(root: Path, listing: Listing) -> list[tuple[Path, Member]]:
    """Returns a table's clips. A clip is named after its file, its signer and its cut."""
    names = []
    for entry in listing.entries:
        name = entry.clip or Path(entry.path).stem
        name = f"{entry.group}_{name}" if entry.group else name
        longer = entry.path.replace("/", "-").replace(".", "-")
        names.append((entry.word, f"{name}_{entry.cut.label}" if entry.cut else name, longer))
    return [
        (root / entry.path, Member("", entry.word, name, entry.group, entry.split, entry.cut, entry.fps))
        for entry, name in zip(listing.entries, named_apart(names), strict=True)
    ]
