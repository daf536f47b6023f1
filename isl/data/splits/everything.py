"""A split for the network that is put to use: every recording trains."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from isl.config.options import switch
from isl.data.clips import Clips
from isl.data.splits.split import Split
from isl.data.splits.splitters import Auto


class Everything:
    """All clips train, none tests. A folder of other people's clips can test the network: ``data.test_root``.

    Args:
        validate: True holds out the validation clips of ``Auto`` with this pattern and seed: of other signers where
            they are known. With ``run=refit`` the network that is kept trains on them as well. False holds out none.
        pattern, seed: see ``Auto``.
    """

    def __init__(self, validate: bool = True, pattern: str | None = None, seed: int = 0) -> None:
        self.validate = switch(validate, "split.validate")
        self.auto = Auto(pattern=pattern, seed=seed)

    def __call__(self, clips: Clips) -> Split:
        none = np.empty(0, np.int64)
        protocol = "trained on all recordings"
        if not self.validate:
            return Split(np.arange(len(clips)), none, none, protocol)
        split = self.auto(clips)
        never = [warning for warning in split.warnings if "test" not in warning]
        train = np.union1d(split.train, split.test)
        return replace(split, train=train, test=none, protocol=protocol, fold=None, warnings=never, tested="")
