"""The recognisers that come with isl: small checkpoints, each with a card that says what it is."""

from __future__ import annotations

from pathlib import Path

SHIPPED = {"isl18": Path(__file__).parent / "isl18.ckpt"}  # what `ckpt_path=` may name
DEFAULT = "isl18"  # used where nothing was trained on recordings
