"""`.h5`: HDF5 files of one clip or many, as OpenHands and others store them. Needs the extra `formats`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from isl.data.formats.contract import NAMES, Array, Format, Member, RawClip, load_extra
from isl.errors import InputError
from isl.landmarks import POSE


def _arrays(path: Path) -> dict[str, Array]:
    """Returns names and shapes of the arrays that may be clips, without loading their numbers."""
    arrays: dict[str, Any] = {}
    library = load_extra("h5py", "h5py", "an HDF5 file, which needs")

    def visit(name: str, item: Any) -> None:
        if isinstance(item, library.Dataset) and item.ndim >= 2 and item.dtype.kind in "fiu":
            arrays[name] = item.shape

    try:
        with library.File(path, "r") as file:
            file.visititems(visit)
    except OSError as error:
        raise InputError(f"a damaged HDF5 file ({str(error).splitlines()[0]})") from None
    return arrays


def _clips(path: Path) -> list[str]:
    """Returns the names of the clips: of an array each, or of a folder with arrays that are named after the parts."""
    folders = {name: name.rpartition("/")[0] for name in _arrays(path) if name.rpartition("/")[2] in NAMES}
    return list(dict.fromkeys(folders.get(name, name) for name in _arrays(path)))


def read_hdf5(path: Path, key: str = "") -> RawClip:
    names, clips = list(_arrays(path)), _clips(path)
    if len(clips) != 1 and not key:
        raise InputError(f"an HDF5 file of {len(clips)} clips; put it into the dataset's own folder, data.root=")
    chosen = key or clips[0]
    with load_extra("h5py", "h5py", "an HDF5 file, which needs").File(path, "r") as file:
        fps = file.attrs.get("fps")
        if chosen in names:
            return RawClip(np.asarray(file[chosen]), fps and float(fps))
        last = {name: name.rpartition("/")[2] for name in names if name.rpartition("/")[0] == chosen}
        parts = {NAMES[own]: np.asarray(file[name]) for name, own in last.items() if own in NAMES}
        return RawClip(next(iter(parts.values())) if list(parts) == [POSE] else parts, fps and float(fps))


def members(path: Path) -> list[Member] | None:
    """Returns the clips of a file of several, named after their paths in the file: `<word>/<clip>` or `<clip>`."""
    names = _clips(path)
    if len(names) < 2:
        return None
    generic = {name.rpartition("/")[2] for name in names} <= {"keypoints", "data", "landmarks"}
    members = []
    for name in names:
        folders = name.split("/")[: -1 if generic else None]
        members.append(Member(name, folders[0] if len(folders) > 1 else "", "-".join(folders[1:] or folders)))
    return members


FORMAT = Format("HDF5", (".h5", ".hdf5"), lambda head: head.startswith(b"\x89HDF\r\n\x1a\n"), read_hdf5, members)
