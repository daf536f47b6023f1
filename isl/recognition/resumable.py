"""Checks that a training can be resumed from a checkpoint, before it is used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from torch import Tensor

from isl.errors import InputError
from isl.recognition.archive import check_archive
from isl.recognition.checkpoint import load_checkpoint
from isl.recognition.recognizer import Recognizer
from isl.recognition.schema import check_training


def check_resumable(
    path: str | Path, words: list[str], state: Mapping[str, Tensor], trusted: Sequence[str] = ()
) -> None:
    """Checks that a run with these ``words`` and this ``state`` of its task can resume from the checkpoint at ``path``.

    Raises:
        InputError: the checkpoint cannot be used for recognition, has no state of a training, or has other words or
            another network.
    """
    check_training(check_archive(path, trusted), path)
    checkpoint = load_checkpoint(path, trusted)
    advice = "give the options of its run, as its config.yaml has them"
    if checkpoint.words != words:
        raise InputError(f"{path}: trained on other words than these; {advice}, or teach it these: experiment=adapt")
    theirs, ours = (
        {name: tensor.shape for name, tensor in tensors.items() if name.startswith("model.")}
        for tensors in (checkpoint.state, state)
    )
    if theirs != ours:
        raise InputError(f"{path}: another network than model= and features= make here; {advice}")
    Recognizer(checkpoint)
