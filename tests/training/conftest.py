"""A small run that many tests look at, trained once in each process."""

from __future__ import annotations

import pytest
from support import quick
from support.runs import train

from isl.training.run import Run


@pytest.fixture(scope="session")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """A run of two epochs with the default options. Tests read it and change nothing in it."""
    with pytest.MonkeyPatch.context() as patch:
        quick.draw_pictures(patch)
        made: Run = train(tmp_path_factory.mktemp("run"))
    return made
