from __future__ import annotations

import pytest
from support.drawn import draw_video
from support.signing import Reader
from support.talks import SCRIPT

from isl.live import application, segmentation
from isl.recognition import inference


@pytest.fixture
def video(tmp_path):
    return draw_video(tmp_path / "talk.avi", len(SCRIPT), size=(96, 96), fps=10.0)


@pytest.fixture
def reader(monkeypatch):
    """A checkpoint that needs no training."""
    for module in (application, segmentation, inference):
        monkeypatch.setattr(module, "load_recognizer", lambda *_: Reader())
