"""The split that a dataset's table gives: a column with train, val or test for each clip."""

from __future__ import annotations

import numpy as np

from isl.data.clips import Clips
from isl.data.splits.groups import Indices
from isl.data.splits.split import Split, apart, checked, listed
from isl.errors import InputError

COLUMN = "split"
TENTH = 0.1
SIDES = {
    **dict.fromkeys(("train", "training"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "dev"), "val"),
    **dict.fromkeys(("test", "testing", "eval"), "test"),
}


def gives_split(clips: Clips) -> bool:
    """Returns True if the table tells training and test clips."""
    sides = {SIDES.get(cell.lower()) for cell in clips.columns.get(COLUMN, [])}
    return {"train", "test"} <= sides


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
    sides: dict[str, Indices] = {
        side: np.array([i for i, cell in enumerate(cells) if SIDES.get(cell.lower()) == side], np.int64)
        for side in ("train", "val", "test")
    }
    warnings = []
    if left_out := sum(not cell for cell in cells):
        warnings.append(f"{left_out} of {len(clips)} clips have no entry in the column {COLUMN} and are left out")
    if not len(sides["val"]):
        sides["train"], sides["val"] = apart(clips, sides["train"], TENTH, rng)
    protocol = f"by the column {COLUMN} of the dataset's table"
    groups = clips.columns.get("group", [""] * len(clips))
    trained = {groups[i] for i in (*sides["train"], *sides["val"])} - {""}
    both = sorted(trained & {groups[i] for i in sides["test"]})
    if both:
        warnings.append(f"the table puts {listed(both)} on both sides, so that the test flatters")
    return checked(clips, Split(sides["train"], sides["val"], sides["test"], protocol, None, warnings))
