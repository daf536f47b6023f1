"""Outcomes of the clips: ``clips.csv`` and ``failed.csv``, and the notes from which they are made.

During a run, each clip's outcome is a small file of its own in the working folder, written after the clip. The next run
thus continues after a killed one, and runs of several shards don't disturb each other. At the end of a run the notes
are combined, in order, into the two tables. The run after which every clip has an outcome removes the working folder.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from isl.data.table import locked, read_table
from isl.extract.store import Store
from isl.files import csv_text

Key = tuple[str, str]  # word, clip
Row = dict[str, str]  # column to text, without word and clip

CLIPS, FAILED = "clips.csv", "failed.csv"
# Input: `video` (relative to the input), the `part` cut from it, its `bytes` and `checksum` (SHA-256). Output: `kept`
CLIP_COLUMNS = (
    *("group", "split", "fps", "width", "height", "frames", "seconds", "pose", "face", "left_hand", "right_hand"),
    *("kept", "extractor", "video", "part", "bytes", "checksum"),
)
FAILED_COLUMNS = ("clip_written", "reason", "extractor", "video", "part", "bytes", "checksum")


@dataclass
class Note:
    """The outcome of one clip: its row of ``clips.csv``, of ``failed.csv``, or of both if a kept clip looks faulty."""

    row: Row | None = None
    failure: Row | None = None

    @property
    def lost(self) -> bool:
        return self.row is None


@dataclass
class Ledger:
    """The notes on a landmark folder. Call ``read`` first."""

    store: Store
    notes: dict[Key, Note] = field(default_factory=dict)

    def read(self) -> Ledger:
        """Read both tables, then the notes of unfinished runs, which replace rows of the tables.

        Raises:
            InputError: a table is malformed.
        """
        # Notes are read first, as a run removes a note only after it is in the table.
        loose = list(self._loose())
        self.notes = {key: Note(row=row) for key, row in self._table(CLIPS)}
        for key, failure in self._table(FAILED):
            self.notes.setdefault(key, Note()).failure = failure
        for key, note, _ in loose:
            self.notes[key] = _carried_over(self.notes.get(key), note)
        return self

    def add(self, key: Key, note: Note) -> None:
        """Add a clip's outcome, in memory and on disk."""
        self.notes[key] = _carried_over(self.notes.get(key), note)
        content = {"word": key[0], "clip": key[1], "row": note.row, "failure": note.failure}
        self.store.write(self._note_path(key), json.dumps(content).encode())

    def publish(self, wanted: Mapping[Key, Row]) -> None:
        """Write the two tables from all notes of this run and of others.

        Args:
            wanted: the clips of the whole input, with the group and split of each if the input has them.

        A row is kept while its clip exists, a failure while its video is in the input.
        """
        with locked(self.store.root):  # other runs wait: if two wrote the tables at once, rows of one would be lost
            self.read()
            present = {key: note for key, note in self.notes.items() if note.row is not None and self.store.has(*key)}
            rows = {key: note.row | _filled(wanted.get(key)) for key, note in present.items() if note.row is not None}
            failures = {key: n.failure for key, n in self.notes.items() if n.failure is not None and key in wanted}
            self._write(CLIPS, CLIP_COLUMNS, rows)
            self._write(FAILED, FAILED_COLUMNS, failures)
            if all(key in rows or key in failures for key in wanted):
                shutil.rmtree(self.store.work, ignore_errors=True)

    def _write(self, name: str, columns: tuple[str, ...], rows: Mapping[Key, Row]) -> None:
        """Write a table of ``rows`` in the order of their keys, followed by columns that others added."""
        path = self.store.root / name
        if not rows:
            path.unlink(missing_ok=True)
            return
        added = dict.fromkeys(column for key in sorted(rows) for column in rows[key] if column not in columns)
        own = [*columns, *added]
        lines = [[*key, *(rows[key].get(column, "") for column in own)] for key in sorted(rows)]
        content = csv_text(["word", "clip", *own], lines).encode()
        if not path.is_file() or path.read_bytes() != content:  # an unchanged table keeps its date
            self.store.write(path, content)

    def _table(self, name: str) -> Iterator[tuple[Key, Row]]:
        for key, row in read_table(self.store.root / name).items():
            yield key, row.columns

    def _loose(self) -> Iterator[tuple[Key, Note, Path]]:
        for path in sorted(self.store.work.glob("note-*.json")):
            try:
                content: dict[str, Any] = json.loads(path.read_bytes())
            except (OSError, ValueError):  # removed by another run
                continue
            yield (content["word"], content["clip"]), Note(content["row"], content["failure"]), path

    def _note_path(self, key: Key) -> Path:
        return self.store.work / f"note-{hashlib.sha256('/'.join(key).encode()).hexdigest()[:32]}.json"


def _carried_over(old: Note | None, new: Note) -> Note:
    """Returns ``new`` with the user's entries in columns that extraction leaves empty or does not have."""
    if old is None or old.row is None or new.row is None:
        return new
    theirs = {column: text for column, text in old.row.items() if column not in CLIP_COLUMNS[2:]}
    return Note({**theirs, **{k: v for k, v in new.row.items() if v or k not in theirs}}, new.failure)


def _filled(row: Row | None) -> Row:
    return {column: text for column, text in (row or {}).items() if text}
