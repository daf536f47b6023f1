"""Cache of a dataset: all frames in one file that is mapped into memory, so that only the first start reads the clips.

A second file has the frames without the face mesh, 258 of 1,662 numbers: most features read no more, and a training
then touches a sixth of the memory. A small JSON file of facts lies beside them. A cache can be deleted at any time. It
is built under a temporary name and renamed as a whole, so that a cache is always complete, even if several processes
build it at once. Both files are written in one pass over the clips, with a checksum of every block.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, cast

import numpy as np

from isl import console
from isl.data.blocks import BlockWriter, is_intact, written_at
from isl.errors import InputError, reason_of
from isl.landmarks import BODY_SIZE, FRAME_SIZE, Floats, without_face

FORMAT = 9  # increase it when the stored content or its layout changes
FRAMES, BODY, FACTS, BUILDING = "frames.f32", "body.f32", "facts.json", "building-"
WIDTHS = {FRAMES: FRAME_SIZE, BODY: BODY_SIZE}  # numbers in a frame of each file
ABANDONED = 24 * 3600.0  # age in seconds after which an unfinished cache counts as abandoned

Facts = dict[str, Any]


class Stored(NamedTuple):
    """Contents of a cache; the frames are mapped read-only."""

    frames: Floats  # (F, 1662)
    body: Floats  # (F, 258): the same without the face mesh
    facts: Facts


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


def stored(place: Path, key: str, write: Callable[[BinaryIO], Facts]) -> Stored:
    """Returns the frames and facts that are stored in ``place`` under ``key``.

    Where there are none, ``write`` builds them, and outdated ones are removed. ``write`` appends float32 frames to the
    file that it gets and returns the facts, plain JSON values.
    """
    ready = place / f"{FORMAT}-{key}"
    cached = _open(ready)
    if cached is None:
        if ready.exists():
            console.err.print(f"cache {ready}: damaged; it is built anew", style="yellow", soft_wrap=True)
        try:
            _build(place, ready, write)
        except OSError as error:
            raise InputError(
                f"cache {place}: {reason_of(error)}; name another folder by data.cache= or $ISL_CACHE"
            ) from None
        cached = _open(ready)
    if cached is None:
        raise InputError(f"cache {place}: its files were deleted; start again, or name another by data.cache=")
    _drop_stale(place, ready)
    return cached


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


def _open(ready: Path) -> Stored | None:
    """Opens a cache. Returns ``None`` if it is missing or damaged."""
    try:
        with (ready / FACTS).open(encoding="utf-8") as file:
            seal, content = file.readline().strip(), file.read()
        if hashlib.sha256(content.encode()).hexdigest() != seal:
            return None
        facts: Facts = json.loads(content)
        count = int(facts["frames"])
        for name, width in WIDTHS.items():
            if (ready / name).stat().st_size != count * width * 4:
                return None
            if not is_intact(ready / name, facts["blocks"][name], facts["written"][name]):
                return None
        return Stored(_mapped(ready / FRAMES), _mapped(ready / BODY), facts)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _mapped(path: Path) -> Floats:
    """Maps a file of frames into memory, ``(F, width)``."""
    width = WIDTHS[path.name]
    if path.stat().st_size == 0:  # nothing can be mapped
        return np.empty((0, width), np.float32)
    mapped = np.memmap(path, np.float32, mode="r").reshape(-1, width)
    return mapped.view(np.ndarray)  # a plain array, as indexing an np.memmap is slower


def _build(place: Path, ready: Path, write: Callable[[BinaryIO], Facts]) -> None:
    _make_place(place)
    building = Path(tempfile.mkdtemp(prefix=BUILDING, dir=place))
    try:
        with (building / FRAMES).open("wb") as frames, (building / BODY).open("wb") as body:
            out = Both(BlockWriter(frames), BlockWriter(body))
            facts = write(cast(BinaryIO, out))
            facts["frames"] = out.tell() // (FRAME_SIZE * 4)
            _to_disk(frames)
            _to_disk(body)
        facts["blocks"] = {FRAMES: out.frames.sums, BODY: out.body.sums}
        facts["written"] = {name: written_at(building / name) for name in WIDTHS}
        content = json.dumps(facts)
        seal = hashlib.sha256(content.encode()).hexdigest()
        with (building / FACTS).open("w", encoding="utf-8") as file:
            file.writelines([f"{seal}\n", content])
        _open_to_others(building)
        try:
            building.rename(ready)
        except OSError:  # a cache is there already: it is damaged, or another process built it first
            if _open(ready) is None:
                damaged = Path(tempfile.mkdtemp(prefix=BUILDING, dir=place))
                ready.rename(damaged)  # another user's can be renamed, but not removed
                shutil.rmtree(damaged, ignore_errors=True)
                building.rename(ready)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _make_place(place: Path) -> None:
    """Make the folder of a dataset, with the permissions of the folder above, which several users may share."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        place.mkdir()
        with suppress(OSError):
            place.chmod(stat.S_IMODE(place.parent.stat().st_mode))


def _to_disk(file: BinaryIO) -> None:
    """Write to the disk now: otherwise a power cut might leave a file of the right size that is full of zeros."""
    file.flush()
    os.fsync(file.fileno())


class Both:
    """Writes frames to one file, and without the face mesh to another. A piece of data holds whole frames."""

    def __init__(self, frames: BlockWriter, body: BlockWriter) -> None:
        self.frames, self.body = frames, body

    def write(self, data: Any) -> int:
        """Append frames, float32 ``(F, 1662)`` or their bytes."""
        frames = np.frombuffer(data, np.float32).reshape(-1, FRAME_SIZE)
        self.body.write(np.ascontiguousarray(without_face(frames)).data)
        return self.frames.write(frames.data)

    def tell(self) -> int:
        return self.frames.tell()


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
