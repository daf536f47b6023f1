"""Saves time in tests: reports without pictures, half a second each, and generated datasets that are made once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from isl.data.clips import Clips
from isl.data.synthetic import SyntheticClips
from isl.data.synthetic.others import OtherSigns
from isl.evaluation import report

LIST_PICTURES = report.list_pictures
LOADS: dict[type, Callable[[Any], Clips]] = {source: source.load for source in (SyntheticClips, OtherSigns)}
_made: dict[str, Clips] = {}


def leave_out_pictures(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(report, "list_pictures", lambda _: [])


def draw_pictures(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(report, "list_pictures", LIST_PICTURES)


def generate_once(patch: pytest.MonkeyPatch) -> None:
    """Equal generated datasets are one object, which cannot be written to."""

    def load(source: Any) -> Clips:
        key = f"{type(source).__name__} {sorted(vars(source).items())}"
        if key not in _made:
            _made[key] = LOADS[type(source)](source)
            _made[key].frames.flags.writeable = False
        return _made[key]

    for source in LOADS:
        patch.setattr(source, "load", load)


def generate_anew(patch: pytest.MonkeyPatch) -> None:
    for source, load in LOADS.items():
        patch.setattr(source, "load", load)
