"""Reads and writes the file of a checkpoint: a torch archive of plain values and tensors, whole or not at all."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from isl.errors import InputError
from isl.files import replacing
from isl.recognition.manifest import checksum_comment, read_manifest
from isl.recognition.schema import check_content, check_plain
from isl.recognition.upgrade import upgraded

FORMAT = 2  # since files have a checksum


def write_archive(content: dict[str, Any], path: str | Path) -> None:
    """Save ``content`` so that ``path`` holds either the old file or the whole new one, whenever the power fails.

    A checksum over all of it stands at its end. A file in Insignia's format has no other key than its two.
    """
    import torch

    if "classes" not in content:
        content = {**content, "isl_format": FORMAT}
    with replacing(Path(path)) as unfinished, unfinished.open("wb+") as file:
        torch.save(content, file)  # given a name, it would store that in the file
        checksum_comment(file)


def read_archive(path: str | Path, trusted: Sequence[str] | None = None) -> dict[str, Any]:
    """Returns the dict in the file, in today's names.

    The file is judged by its ``manifest`` and ``schema`` first; torch sees one that has passed, and then opens it with
    ``weights_only=True`` and without reading tensors that nobody asks for.

    Args:
        path: the file.
        trusted: packages, besides isl's own, whose classes it may name. None: classes are not looked at, for those who
            build none of them.

    Raises:
        InputError: no such file, a damaged one, or one with anything that a checkpoint may not hold.
    """
    path = Path(path)
    manifest = read_manifest(path)
    check_plain(manifest, path)
    check_content(upgraded(manifest), path, trusted)
    import torch  # seconds to load: a file that is refused does not wait for it

    try:
        content = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError, ValueError, KeyError):
        raise InputError(f"{path}: damaged, or changed while it was read; take another or train again") from None
    return upgraded(content)
