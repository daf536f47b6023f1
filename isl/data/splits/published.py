"""Splits that a dataset's publishers give: a column of its table, or lists of clips, a clip a line."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from isl.data.clips import Clips
from isl.data.splits.split import TENTH, Split, apart, checked, listed
from isl.data.vocabulary import spelling, word_folder
from isl.errors import InputError
from isl.files import read_file

COLUMN = "split"
SIDES = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "val"),
    **dict.fromkeys(("test", "testing", "eval"), "test"),
}


def gives_split(clips: Clips) -> bool:
    """Returns True if the table tells training and test clips."""
    return {"train", "test"} <= {SIDES.get(cell.lower()) for cell in clips.columns.get(COLUMN, [])}


def split_by_table(clips: Clips, rng: np.random.Generator) -> Split:
    """Returns the split of the column ``split``; clips without an entry are left out.

    Without validation clips, a tenth of the training clips validates.

    Raises:
        InputError: there is no such column, it has another word, or it leaves no clips to train or test on.
    """
    cells = clips.columns.get(COLUMN, [])
    if unknown := sorted({cell for cell in cells if cell and cell.lower() not in SIDES}):
        raise InputError(f"column {COLUMN} of the table: {listed(unknown)}; it takes train, val and test")
    if not gives_split(clips):
        raise InputError(
            f"split=official: the table has no column {COLUMN} of train and test; name the published lists by "
            "split.train=, split.val= and split.test="
        )
    own = np.array([SIDES.get(cell.lower(), "") for cell in cells])
    train, val, test = (np.flatnonzero(own == side) for side in ("train", "val", "test"))
    warnings = []
    if left_out := sum(not cell for cell in cells):
        warnings.append(f"{left_out} of {len(clips)} clips have no entry in the column {COLUMN} and are left out")
    groups = clips.columns.get("group", [""] * len(clips))
    if both := sorted({groups[i] for i in (*train, *val)} & {groups[i] for i in test} - {""}):
        warnings.append(f"the table puts {listed(both)} on both sides, so that the test flatters")
    if not len(val):
        train, val = apart(clips, train, TENTH, rng)
    protocol = f"by the column {COLUMN} of the dataset's table"
    return checked(clips, Split(train, val, test, protocol, None, warnings))


def entries_of(path: str, side: str) -> list[str]:
    """Returns the clips that a list file names."""
    name = f"split.{side}={path}"
    try:
        lines = read_file(Path(path).expanduser(), name=name).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise InputError(f"{name}: not UTF-8 text; name a text file with a clip a line") from None
    entries = []
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            if not re.search(r"[^/\\][/\\][^/\\]", line):
                raise InputError(f"{path}, line {number}: {line.strip()!r} is not <word>/<clip>")
            entries.append(line.strip())
    return entries


class ClipFinder:
    """Finds the clip of a line in a list: by its video, else by its word and name."""

    def __init__(self, clips: Clips) -> None:
        self.by_video = {self._video(path): i for i, path in enumerate(clips.columns.get("video", [])) if path}
        self.by_name = {self._name(name): i for i, name in enumerate(clips.name)}

    def __call__(self, line: str) -> int | None:
        return self.by_video.get(self._video(line), self.by_name.get(self._name(line)))

    @staticmethod
    def _video(path: str) -> str:
        return path.replace("\\", "/").casefold()

    @staticmethod
    def _name(path: str) -> tuple[str, str]:
        """Returns (word, clip) for comparison."""
        *folders, clip = re.split(r"[/\\]+", path)
        suffix = r"\.(npy|mov|mp4|avi|mkv|webm|m4v|mpe?g)$"
        return spelling(word_folder(folders)), re.sub(suffix, "", clip.casefold())
