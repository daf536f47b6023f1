"""Cache of a dataset: all frames in one file that is mapped into memory, so that only the first start reads the clips.

A cache can be deleted at any time. A small JSON file of facts lies beside the frames. Both are built under a temporary
name and renamed together, so that a cache is always complete, even if several processes build it at once.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import shutil
import sys
import tempfile
import time
import zlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from isl.errors import InputError
from isl.landmarks import FRAME_SIZE, Floats

FORMAT = 3  # increase it when the stored content or its layout changes
FRAMES, FACTS, BUILDING = "frames.f32", "facts.json", "building-"
ABANDONED = 24 * 3600.0  # age in seconds after which an unfinished cache counts as abandoned

Facts = dict[str, Any]


def cache_folder(chosen: str | None) -> Path:
    """Returns ``chosen``, else ``$ISL_CACHE``, else the system's folder for a user's caches."""
    if chosen or os.environ.get("ISL_CACHE"):
        return Path(chosen or os.environ["ISL_CACHE"]).expanduser()
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "isl" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "isl"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "isl"


def place_of(folder: Path, root: Path, words: list[str] | None) -> Path:
    """Returns the sub-folder of ``folder`` for a dataset: one for each root and choice of words."""
    identity = json.dumps([str(root.resolve()), words and sorted(words)])
    return folder / f"{root.resolve().name or 'root'}-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"


def stored(place: Path, key: str, write: Callable[[BinaryIO], Facts]) -> tuple[Floats, Facts]:
    """Returns the frames and facts that are stored in ``place`` under ``key``.

    Where there are none, ``write`` builds them, and outdated ones are removed. ``write`` appends float32 frames to the
    file that it gets and returns the facts, plain JSON values.

    Returns:
        Frames ``(F, 1662)``, mapped read-only, and the facts.
    """
    ready = place / f"{FORMAT}-{key}"
    found = _open(ready)
    if found is None:
        try:
            _build(place, ready, write)
        except OSError as error:
            raise InputError(
                f"cache {place}: {error.strerror or error}; name another folder by data.cache= or $ISL_CACHE"
            ) from None
        found = _open(ready)
    if found is None:
        raise InputError(f"cache {place}: what was written there is gone; start again, or name another by data.cache=")
    _drop_stale(place, ready)
    return found


def check_whole(frames: Floats) -> None:
    """Checks that the file of mapped ``frames`` still has its length: reading beyond its end would kill the process.

    Arrays that are not mapped are never wrong.

    Raises:
        InputError: the file was cut short since it was opened.
    """
    base: Any = frames
    while isinstance(base, np.ndarray):
        base = base.base
    if isinstance(base, mmap.mmap) and base.size() < len(base):
        raise InputError("the dataset's cache was cut short while it was in use; start again, and it is built anew")


def _open(ready: Path) -> tuple[Floats, Facts] | None:
    """Opens a cache. Returns ``None`` if it is missing or damaged."""
    try:
        seal, content = json.loads((ready / FACTS).read_text(encoding="utf-8"))
        if hashlib.sha256(content.encode()).hexdigest() != seal:
            return None
        facts: Facts = json.loads(content)
        count = int(facts["frames"])
        if (ready / FRAMES).stat().st_size != count * FRAME_SIZE * 4:
            return None
        if _checksum(ready / FRAMES) != facts["checksum"]:
            return None
        if count == 0:
            return np.empty((0, FRAME_SIZE), np.float32), facts
        mapped = np.memmap(ready / FRAMES, np.float32, mode="r", shape=(count, FRAME_SIZE))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return mapped.view(np.ndarray), facts  # a plain array, as indexing an np.memmap is slower


def _build(place: Path, ready: Path, write: Callable[[BinaryIO], Facts]) -> None:
    place.mkdir(parents=True, exist_ok=True)
    building = Path(tempfile.mkdtemp(prefix=BUILDING, dir=place))
    try:
        with (building / FRAMES).open("wb") as out:
            facts = write(out)
            facts["frames"] = out.tell() // (FRAME_SIZE * 4)
            out.flush()
            os.fsync(out.fileno())  # otherwise a power cut might leave a file of the right size that is full of zeros
        facts["checksum"] = _checksum(building / FRAMES)
        content = json.dumps(facts)
        seal = hashlib.sha256(content.encode()).hexdigest()
        (building / FACTS).write_text(json.dumps([seal, content]), encoding="utf-8")
        _open_to_others(building)
        try:
            building.rename(ready)
        except OSError:  # a cache is there already: it is damaged, or another process built it first
            if _open(ready) is None:
                shutil.rmtree(ready, ignore_errors=True)
                building.rename(ready)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _checksum(path: Path) -> int:
    """Returns the CRC-32 of a file: fast, as each start computes it, and enough to detect damage."""
    value = 0
    with path.open("rb") as file:
        while block := file.read(1 << 22):
            value = zlib.crc32(block, value)
    return value


def _open_to_others(folder: Path) -> None:
    """Give a folder that ``tempfile`` made private the permissions of an ordinary new folder."""
    mask = os.umask(0)
    os.umask(mask)
    with suppress(OSError):
        folder.chmod(0o777 & ~mask)


def _drop_stale(place: Path, ready: Path) -> None:
    """Remove the caches of earlier states of the dataset; a cache that is being built or read stays usable."""
    for other in place.iterdir():
        if other != ready and (not other.name.startswith(BUILDING) or _age(other) > ABANDONED):
            shutil.rmtree(other, ignore_errors=True)


def _age(folder: Path) -> float:
    try:
        return time.time() - max(path.stat().st_mtime for path in (folder, *folder.iterdir()))
    except OSError:
        return 0.0
