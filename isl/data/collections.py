"""Files in a dataset's root folder that hold or list clips of many words, with the word and group of each clip."""

from __future__ import annotations

import csv
import os
from pathlib import Path

from isl.data.formats.catalogue import all_formats, members_of
from isl.data.formats.contract import Member
from isl.errors import InputError

KAGGLE = "train.csv"  # path, participant_id, sequence_id, sign: Google's Isolated Sign Language Recognition
TABLES = ("clips.csv", "failed.csv")  # this project's tables, with facts of clips that lie in word folders


def collected(root: Path) -> tuple[list[tuple[Path, Member]], set[str]]:
    """Returns the clips that files in ``root`` itself hold or list, and the folders that hold listed files.

    Returns:
        Pairs of a file and its member, and names of folders in ``root`` that are not words for this reason.
    """
    several = tuple(suffix for kind in all_formats() if kind.members for suffix in kind.suffixes)
    with os.scandir(root) as entries:
        files = sorted(
            Path(entry.path)
            for entry in entries
            if entry.name.lower().endswith(several) and entry.name not in TABLES and not entry.name.startswith(".")
        )
    found: list[tuple[Path, Member]] = []
    holding: set[str] = set()
    for path in files:
        if path.name == KAGGLE and (listed := _kaggle(root, path)) is not None:
            found += listed
            holding |= {Path(os.path.relpath(file, root)).parts[0] for file, _ in listed}
        else:
            found += [(path, member) for member in members_of(path) or [] if member.word]
    return found, holding


def _kaggle(root: Path, table: Path) -> list[tuple[Path, Member]] | None:
    """Returns the rows of Kaggle's table; None if the table is of another kind.

    Raises:
        InputError: a row without path or sign.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if not {"path", "sign"} <= set(reader.fieldnames or ()):
                return None
            found = []
            for row in reader:
                path, sign = (row["path"] or "").strip(), (row["sign"] or "").strip()
                if not path or not sign:
                    raise InputError(f"{table}, line {reader.line_num}: no path or no sign; fill it in or delete it")
                person, clip = row.get("participant_id") or "", row.get("sequence_id") or Path(path).stem
                name = f"{person}_{clip}" if person else clip
                found.append((root / path, Member("", sign, name, person)))
            return found
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"{table}: cannot be read as a table ({error})") from None
