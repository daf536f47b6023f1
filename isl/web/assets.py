"""Finds MediaPipe Holistic for browsers: in the user's cache, or fetched once with npm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from isl.errors import InputError
from isl.web.npm import NpmPackage

PACKAGE = "@mediapipe/holistic"  # Apache-2.0; the same Holistic as that of the Python package
VERSION = "0.5.1675471629"  # the last version
SHA512 = "qY+cxtDeSOvVtevrLgnodiwXYaAtPi7dHZtNv/bUCGEjFicAOYtMmrZSqMmbPkTB2+4jLnPF1vgshkAqQRSYAw=="
# 30 of 67 MB: without the heavy and light pose models, and without the WebAssembly for browsers older than 2022
FILES = (
    "holistic.js",
    "holistic.binarypb",
    "holistic_solution_packed_assets.data",
    "holistic_solution_packed_assets_loader.js",
    "holistic_solution_simd_wasm_bin.data",
    "holistic_solution_simd_wasm_bin.js",
    "holistic_solution_simd_wasm_bin.wasm",
    "pose_landmark_full.tflite",
)
HOLISTIC = NpmPackage(PACKAGE, VERSION, SHA512, FILES, 67, "web.holistic")


def holistic_folder(choice: Any, cache: Path) -> Path | None:
    """Returns the folder of Holistic's files for ``web.holistic=``; None if the server finds the landmarks.

    Args:
        choice: "auto" uses the files if they are in the cache, "fetch" downloads them if they are not, "off" does not
            use them. A path is the package itself (the .tgz that ``npm pack`` makes), for machines without a network.
        cache: the folder in which the files are kept.

    Raises:
        InputError: the choice is none of these, or the package can't be downloaded or is the wrong one.
    """
    folder = cache / f"holistic-{VERSION}"
    if choice == "off":
        return None
    if choice == "auto":
        return folder if HOLISTIC.is_complete(folder) else None
    if choice == "fetch":
        return HOLISTIC.fetch(folder)
    if isinstance(choice, str) and Path(choice).suffix == ".tgz":
        HOLISTIC.unpack(Path(choice), folder)
        return folder
    raise InputError(f"web.holistic={choice}: choose auto, fetch, off or the package's own file, a .tgz")
