"""Reads and writes the file of a checkpoint: a torch archive of plain values and tensors."""

from __future__ import annotations

import io
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from isl.errors import InputError
from isl.files import replacing
from isl.recognition.manifest import checksum_comment, read_manifest
from isl.recognition.schema import check_content
from isl.recognition.upgrade import upgrade

FORMAT = 2  # since files have a checksum


def write_archive(content: dict[str, Any], path: str | Path) -> None:
    """Saves ``content`` to ``path``. After a power failure the path holds the old file or the complete new one.

    The file ends with a checksum of its content. A file in Insignia's format gets no key besides its two.
    """
    import torch

    if "classes" not in content:
        content = {**content, "isl_format": FORMAT}
    archive = io.BytesIO()  # torch hides the error of a full disk, and would store the name of a file in it
    torch.save(content, archive)
    checksum_comment(archive)
    with replacing(Path(path)) as unfinished:
        unfinished.write_bytes(archive.getbuffer())


def check_archive(path: str | Path, trusted: Sequence[str] | None = None) -> dict[str, Any]:
    """Checks all values of the file at ``path``, and returns them with present names. Does not load torch.

    Args:
        path: the file.
        trusted: packages, besides isl's own, whose classes it may name. None: the classes are not checked, for
            callers that build none of them.

    Returns:
        The dict in the file, with a ``TensorRecord`` in place of each tensor.

    Raises:
        InputError: no such file, a damaged one, or one with content that is not allowed in a checkpoint.
    """
    return check_content(read_manifest(Path(path)), path, trusted)


def read_archive(path: str | Path, trusted: Sequence[str] | None = None) -> dict[str, Any]:
    """Returns the dict in the file, with present names (see ``isl.recognition.upgrade``).

    The file is first checked with ``check_archive``, which has the same arguments and errors. Only then torch opens it,
    with ``weights_only=True`` and memory-mapped, so that unused tensors are not read.
    """
    check_archive(path, trusted)
    import torch  # takes seconds to load: a bad file is refused before

    try:
        content = torch.load(path, map_location="cpu", weights_only=True, mmap=True)
    except (pickle.UnpicklingError, RuntimeError, EOFError, OSError, ValueError, KeyError):
        raise InputError(f"{path}: damaged, or changed while it was read; take another or train again") from None
    return upgrade(content)
