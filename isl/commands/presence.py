"""Checks that files, cameras and checkpoints exist, before torch and MediaPipe are loaded."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from isl.errors import InputError
from isl.files import kind_of_file
from isl.recognition.archive import check_archive
from isl.recognition.configs import trusted_packages
from isl.recognition.locate import CheckpointPaths, checkpoint_paths
from isl.recognition.onnx_file import read_onnx


def check_input(path: Any, flag: str = "input") -> None:
    """Raises ``InputError`` if there is no file or folder at ``path``."""
    if not kind_of_file(Path(str(path)), flag):
        raise InputError(f"{flag}={path}: no such file or folder")


def check_checkpoint(chosen: CheckpointPaths | None, trusted: Any, flag: str = "ckpt_path") -> list[Path]:
    """Returns the checkpoints of ``ckpt_path=chosen``, whose values are checked.

    Args:
        chosen: the value of the option ``flag``.
        trusted: the value of the option ``trusted=``.
        flag: the option, for messages.

    Raises:
        InputError: one of them is no file, or has content that is not allowed in a checkpoint.
    """
    paths, packages = checkpoint_paths(chosen), trusted_packages(trusted)
    for path in paths:
        if kind_of_file(path) != "file":
            raise InputError(f"{path}: no such checkpoint; give another {flag}=, or train one")
        if path.suffix.lower() == ".onnx":
            read_onnx(path)
        else:
            check_archive(path, packages)
    return paths


def check_source(source: int | str | None) -> None:
    """Raises ``InputError`` if there is no camera with this number or no video at this path. Addresses are skipped."""
    text = "" if source is None else str(source).strip()
    if text.isdecimal():
        if sys.platform == "linux" and not Path(f"/dev/video{text}").exists():
            hint = "plug it in, close other programs that use it, or name a video"
            raise InputError(f"source={source}: camera {source} can't be opened; {hint}")
    elif text and "://" not in text:
        check_input(text, "source")
