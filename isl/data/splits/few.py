"""A split for a new signer: a few clips of every word train, the signer's other clips test."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from isl.config.options import whole
from isl.data.clips import Clips
from isl.data.splits.groups import Indices, copies
from isl.data.splits.split import Split, checked
from isl.data.splits.splitters import Grouped
from isl.errors import InputError


class Few:
    """``shots`` clips of every word of the new signer train, the rest tests.

    Without ``pattern`` and ``column`` all clips belong to the new signer, and none validates. With one of them groups
    are made as in ``Grouped``: the fold's test group is the new signer, and the validation clips of the other groups
    validate here too. A network that was trained with ``split=group`` or ``split=session`` and the same fold and seed
    never saw these validation clips, so they measure how much it forgets.

    Args:
        shots: training clips of each word; None: all but one.
        fold, pattern, column: see ``Grouped``.
        rehearse: True trains on the other groups' training clips as well.
        seed: seed of the choice of clips.
    """

    def __init__(
        self,
        shots: int | None = None,
        fold: int = 0,
        pattern: str | None = None,
        column: str | None = None,
        rehearse: bool = False,
        seed: int = 0,
    ) -> None:
        self.shots = None if shots is None else whole(shots, "split.shots", least=1)
        grouped = pattern is not None or column is not None
        self.groups = Grouped(fold, None, pattern, column) if grouped else None
        if rehearse and not grouped:
            raise InputError("split.rehearse=true: say by split.pattern= or split.column= which clips are the old ones")
        self.rehearse = rehearse
        self.seed = whole(seed, "split.seed")

    def __call__(self, clips: Clips) -> Split:
        old = self.groups(clips) if self.groups else None
        new = np.arange(len(clips)) if old is None else old.test
        train = self._drawn(clips, new)
        test = np.setdiff1d(new, train)
        many = "all but one clip" if self.shots is None else f"{self.shots} {'clip' if self.shots == 1 else 'clips'}"
        protocol = f"a new signer: trained on {many} of every word (draw {self.seed}), tested on the signer's others"
        if old is None:
            return checked(clips, Split(train, np.empty(0, np.int64), test, protocol), without_val=True)
        if self.rehearse:
            train = np.union1d(train, old.train)
            protocol += "; the old signers' clips rehearsed"
        protocol = f"{protocol}; {old.protocol}"
        return checked(clips, replace(old, train=train, test=test, protocol=protocol, warnings=[]))

    def _drawn(self, clips: Clips, new: Indices) -> Indices:
        """Returns the training clips, ordered; copies of a clip count as one and stay together."""
        rng = np.random.default_rng(self.seed)
        leader = copies(clips)[new]
        taken: list[int] = []
        for label in np.unique(clips.label[new]):
            own = rng.permutation(np.unique(leader[clips.label[new] == label]))
            shots = len(own) - 1 if self.shots is None else self.shots
            if not 0 < shots < len(own):
                raise InputError(
                    f"split.shots={self.shots}: {clips.words[label]} has {len(own)} different clips, and one must be "
                    "left to test on; record more, take fewer, or type split=none to train on all"
                )
            taken += own[:shots].tolist()
        return new[np.isin(leader, taken)]
