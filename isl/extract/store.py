"""The files of a landmark folder, each written completely or not at all.

Each file is written under a temporary name in the working folder ``<root>/.extract`` and then renamed, so that the
dataset's own folders always hold only complete clips. A killed run leaves its temporary files in the working folder;
the run that completes the dataset removes it.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from pathlib import Path

import numpy as np

from isl.config.options import choice
from isl.files import remove, replacing
from isl.landmarks import Floats

WORK = ".extract"  # hidden, so that readers of a dataset skip it
LAYOUTS = ("clip", "frames")


class Store:
    """Landmark clips below ``root``.

    Args:
        root: the folder; it is created if it does not exist.
        layout: ``clip`` for ``<word>/<clip>.npy``, float32 ``(frames, 1662)``; ``frames`` for Insignia's
            ``<word>/<clip>/frame_<i>.npy``, float64 ``(1662,)``.
    """

    def __init__(self, root: Path, layout: str = "clip") -> None:
        self.root, self.layout = root, choice(layout, "layout", LAYOUTS)
        self.work = root / WORK

    def path(self, word: str, clip: str) -> Path:
        """Returns the path of a clip: a file, or a folder of its frames."""
        return self.root / word / (clip if self.layout == "frames" else f"{clip}.npy")

    def has(self, word: str, clip: str) -> bool:
        """Returns True if the clip exists in this layout."""
        path = self.path(word, clip)
        return path.is_dir() if self.layout == "frames" else path.is_file()

    def put(self, word: str, clip: str, landmarks: Floats) -> None:
        """Write a clip ``(frames, 1662)``; it replaces an existing one."""

        def frame_files(folder: Path) -> None:
            folder.mkdir()
            for i, frame in enumerate(landmarks):
                (folder / f"frame_{i}.npy").write_bytes(_npy(frame.astype(np.float64)))

        if self.layout == "frames":
            self._replace(self.path(word, clip), frame_files)
        else:
            self.write(self.path(word, clip), _npy(landmarks))

    def write(self, path: Path, content: bytes) -> None:
        """Write a file of the dataset; it replaces an existing one."""
        self._replace(path, lambda unfinished: unfinished.write_bytes(content))

    def drop(self, word: str, clip: str) -> None:
        """Remove a clip, in either layout, and its word's folder if that is then empty."""
        for layout in LAYOUTS:
            self._discard(Store(self.root, layout).path(word, clip))
        folder = self.root / word
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    def drop_other_layout(self, word: str, clip: str) -> None:
        """Remove the clip that an earlier run wrote in the other layout, as the clip would count twice."""
        self._discard(Store(self.root, LAYOUTS[self.layout == LAYOUTS[0]]).path(word, clip))

    def _replace(self, path: Path, fill: Callable[[Path], object]) -> None:
        """Create the file or folder for ``path`` with ``fill`` under another name, then rename it."""
        for attempt in (1, 2):
            try:
                with replacing(path, self.work) as unfinished:
                    fill(unfinished)
                    if path.is_dir():  # a folder that is not empty can't be replaced in one step
                        self._discard(path)
                return
            except FileNotFoundError:
                # A parallel run completed the dataset and removed the working folder: try again.
                if attempt == 2:
                    raise

    def _discard(self, path: Path) -> None:
        """Move ``path`` out of the dataset in one step, then delete it."""
        if path.exists():
            self.work.mkdir(parents=True, exist_ok=True)
            trash = self.work / f"trash-{uuid.uuid4().hex}"
            path.rename(trash)
            remove(trash)


def _npy(array: np.ndarray) -> bytes:  # type: ignore[type-arg]
    buffer = io.BytesIO()
    np.save(buffer, array, allow_pickle=False)
    return buffer.getvalue()
