"""The files of a landmark folder, each written whole or not at all.

Everything is written under a temporary name in the working folder ``<root>/.extract`` and then renamed, so that at any
moment the dataset's own folders hold complete clips and nothing else. A run that was killed leaves its temporary files
in there; the run that finishes the folder removes it.
"""

from __future__ import annotations

import io
import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np

from isl.errors import InputError
from isl.landmarks import Floats

WORK = ".extract"  # hidden: who reads a dataset passes it over
LAYOUTS = ("clip", "frames")


class Store:
    """Landmark clips below ``root``.

    Args:
        root: the folder; made where it is not there.
        layout: ``clip`` for ``<word>/<clip>.npy``, float32 ``(frames, 1662)``; ``frames`` for the seed's
            ``<word>/<clip>/frame_<i>.npy``, float64 ``(1662,)``.
    """

    def __init__(self, root: Path, layout: str = "clip") -> None:
        if layout not in LAYOUTS:
            raise InputError(f"layout={layout}: choose {' or '.join(LAYOUTS)}")
        self.root, self.layout = root, layout
        self.work = root / WORK

    def path(self, word: str, clip: str) -> Path:
        """Where a clip is: a file, or a folder of its frames."""
        return self.root / word / (clip if self.layout == "frames" else f"{clip}.npy")

    def has(self, word: str, clip: str) -> bool:
        """Whether the clip is there, in this layout."""
        path = self.path(word, clip)
        return path.is_dir() if self.layout == "frames" else path.is_file()

    def put(self, word: str, clip: str, landmarks: Floats) -> None:
        """Write a clip ``(frames, 1662)``, in place of the one that was there."""

        def frame_files(folder: Path) -> None:
            folder.mkdir()
            for i, frame in enumerate(landmarks):
                (folder / f"frame_{i}.npy").write_bytes(_npy(frame.astype(np.float64)))  # 60 times _write is slow

        if self.layout == "frames":
            self._replace(self.path(word, clip), frame_files)
        else:
            self.write(self.path(word, clip), _npy(landmarks))

    def write(self, path: Path, content: bytes) -> None:
        """Write a file of the dataset, in place of the one that was there."""
        self._replace(path, lambda temporary: _write(temporary, content))

    def drop(self, word: str, clip: str) -> None:
        """Remove a clip, in whichever layout it is there, and its word's folder if that is then empty."""
        for layout in LAYOUTS:
            self._discard(Store(self.root, layout).path(word, clip))
        folder = self.root / word
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    def drop_other_layout(self, word: str, clip: str) -> None:
        """Remove the clip as an earlier run wrote it in the other layout: it would count twice."""
        self._discard(Store(self.root, LAYOUTS[self.layout == LAYOUTS[0]]).path(word, clip))

    def _replace(self, path: Path, fill: Callable[[Path], None]) -> None:
        """Let ``fill`` make what belongs at ``path`` under another name, then rename it."""
        for attempt in (1, 2):
            temporary = self._temporary(path)
            try:
                fill(temporary)
                path.parent.mkdir(parents=True, exist_ok=True)
                if path.is_dir():  # a folder with files in it can't be replaced in one step
                    self._discard(path)
                temporary.replace(path)
                return
            except BaseException as error:
                _remove(temporary)
                # A run beside this one that finished the folder has removed the working folder: once more.
                if attempt == 2 or not isinstance(error, FileNotFoundError):
                    raise

    def _discard(self, path: Path) -> None:
        """Take ``path`` out of the dataset in one step, then delete it."""
        if path.exists():
            trash = self._temporary(path)
            path.rename(trash)
            _remove(trash)

    def _temporary(self, path: Path) -> Path:
        self.work.mkdir(parents=True, exist_ok=True)
        return self.work / f"tmp-{uuid.uuid4().hex}{path.suffix}"


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _npy(array: np.ndarray) -> bytes:  # type: ignore[type-arg]
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())  # or the name might survive a power cut and the content not
