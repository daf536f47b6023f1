"""The file of ``events=``: a line of JSON for each event, written while the program runs."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from isl.errors import InputError, reason_of


class EventFile:
    """Writes lines to ``path``; None writes nothing.

    A full disk does not end the recognition: the file is cut after its last complete line, and later lines are dropped.

    Attributes:
        failure: the error of the file, else None.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.failure: InputError | None = None
        self._whole = 0  # bytes of the complete lines
        self._file = None
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("wb", buffering=0)

    def write(self, line: str) -> None:
        """Writes a line, so that another program can read it at once."""
        if self._file is None or self.failure is not None:
            return
        data = line.encode()
        try:
            written = 0
            while written < len(data):
                written += self._file.write(data[written:])
            self._whole += written
        except OSError as error:
            with suppress(OSError):
                self._file.truncate(self._whole)
            reason = reason_of(error)
            self.failure = InputError(f"events={self.path}: {reason}; the file ends before {line.strip()[:60]}")

    def close(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                os.fsync(self._file.fileno())
            self._file.close()
