"""Prints the data and the network of a training run before it begins."""

from __future__ import annotations

from pathlib import Path

from isl import console
from isl.data.module import SignData
from isl.training.task import SignRecognition


def introduce(folder: Path, data: SignData, task: SignRecognition) -> None:
    """Print the sizes of the data and of the network, the protocol, the run directory, and remarks about them."""
    split, params = data.split, sum(p.numel() for p in task.model.parameters())
    if notice := getattr(data.source, "notice", ""):
        console.out.print(notice, style="yellow", soft_wrap=True)
    for assumption in data.clips.assumptions(split.train):
        console.out.print(assumption, style="yellow", soft_wrap=True)
    if data.unknown_words:
        console.out.print(f"left out of training: {', '.join(data.unknown_words)}", soft_wrap=True)
    for remark in task.model.describe():
        console.out.print(remark, soft_wrap=True)
    console.out.print(
        f"{len(data.words)} words, {len(split.train)} clips to train on, {len(split.val)} to validate, "
        f"{len(split.test)} to test; {params:,} parameters\n{split.protocol}\nrun directory: {folder}",
        soft_wrap=True,
    )
