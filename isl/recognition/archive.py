"""Reads and writes the file of a checkpoint: a torch archive of plain values and tensors, whole or not at all."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import torch

from isl.errors import InputError
from isl.files import replacing
from isl.recognition.locate import kind_of_file
from isl.recognition.upgrade import upgraded


def write_archive(content: dict[str, Any], path: str | Path) -> None:
    """Save ``content`` so that ``path`` holds either the old file or the whole new one, whenever the power fails."""
    with replacing(Path(path)) as unfinished, unfinished.open("wb") as file:
        torch.save(content, file)  # given a name, it would store that in the file


def read_archive(path: str | Path) -> dict[str, Any]:
    """Returns the dict in the file, in today's names; nothing but plain values and tensors is allowed in it.

    Raises:
        InputError: no such file, a truncated one, or one that holds anything else.
    """
    path = Path(path)
    if kind_of_file(path) != "file":
        raise InputError(f"{path}: no such checkpoint; train one with `python train.py` or give ckpt_path=")
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError:
        raise InputError(f"{path}: not a checkpoint of plain values (foreign, or damaged); it is not loaded") from None
    except (RuntimeError, EOFError, OSError, ValueError, KeyError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"{path}: cannot be read, probably cut off ({reason[:80]}); take another or train again"
        ) from None
    if not isinstance(content, dict) or not isinstance(content.get("state_dict"), dict):
        raise InputError(f"{path}: not a checkpoint of isl, nor Insignia's {{'state_dict', 'classes'}}; give another")
    return upgraded(content)
