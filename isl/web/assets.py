"""Fetches MediaPipe Holistic for browsers once, checks it, and keeps it in the user's cache."""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from isl import console
from isl.errors import InputError
from isl.files import replacing

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
FETCH_WITHIN = 600  # seconds


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
        return folder if is_complete(folder) else None
    if choice == "fetch":
        if not is_complete(folder):
            with tempfile.TemporaryDirectory() as place:
                unpack(_npm_pack(Path(place)), folder)
        return folder
    if isinstance(choice, str) and Path(choice).suffix == ".tgz":
        unpack(Path(choice), folder)
        return folder
    raise InputError(f"web.holistic={choice}: choose auto, fetch, off or the package's own file, a .tgz")


def is_complete(folder: Path) -> bool:
    return all((folder / name).is_file() for name in FILES)


def unpack(package: Path, folder: Path) -> None:
    """Write the ``FILES`` of the package to ``folder``: either all of them or none.

    Raises:
        InputError: the package can't be read, or its checksum is wrong.
    """
    try:
        content = package.read_bytes()
    except OSError as error:
        raise InputError(f"web.holistic={package}: can't be read ({(error.strerror or str(error)).lower()})") from None
    if hashlib.sha512(content).digest() != base64.b64decode(SHA512):
        raise InputError(f"{package}: not {PACKAGE} {VERSION}, its checksum is another one; it is not used")
    shutil.rmtree(folder, ignore_errors=True)
    with replacing(folder) as unfinished, tarfile.open(package) as archive:
        unfinished.mkdir(parents=True)
        for name in FILES:
            file = archive.extractfile(f"package/{name}")
            assert file is not None  # a package with this checksum has all files
            (unfinished / name).write_bytes(file.read())


def _npm_pack(place: Path) -> Path:
    """Downloads the package with npm. Returns its file in the folder ``place``."""
    npm = shutil.which("npm")
    if npm is None:
        raise InputError(
            f"web.holistic=fetch: npm is not installed; install Node.js, or bring the file that "
            f"`npm pack {PACKAGE}@{VERSION}` makes elsewhere and give web.holistic=FILE.tgz"
        )
    console.err.print(f"fetching {PACKAGE} {VERSION}, 67 MB", style="dim")
    command = [npm, "pack", f"{PACKAGE}@{VERSION}", "--pack-destination", str(place), "--silent"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=FETCH_WITHIN, cwd=place)
    except subprocess.TimeoutExpired:
        raise InputError(f"web.holistic=fetch: npm took more than {FETCH_WITHIN} s; try again") from None
    packages = list(place.glob("*.tgz"))
    if done.returncode or not packages:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise InputError(f"web.holistic=fetch: npm can't bring {PACKAGE}: {reason}")
    return packages[0]
