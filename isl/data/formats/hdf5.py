"""`.h5`: HDF5 files of one clip or many, as OpenHands and others store them. Needs the extra `formats`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from isl.data.formats.contract import NAMES, Array, Format, Member, RawClip, load_extra
from isl.errors import InputError


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


def read_hdf5(path: Path, key: str = "") -> RawClip:
    names = list(_arrays(path))
    by_part = {name: NAMES[name.rpartition("/")[2]] for name in names if name.rpartition("/")[2] in NAMES}
    if not names or (not key and len(names) > 1 and len(by_part) != len(names)):
        raise InputError(f"an HDF5 file with {len(names)} arrays; give one array, or arrays named after the parts")
    with load_extra("h5py", "h5py", "an HDF5 file, which needs").File(path, "r") as file:
        fps = file.attrs.get("fps")
        if by_part and not key:
            return RawClip({part: np.asarray(file[name]) for name, part in by_part.items()}, fps and float(fps))
        return RawClip(np.asarray(file[key or names[0]]), fps and float(fps))


def members(path: Path) -> list[Member] | None:
    """Returns the clips of a file of several, named after their paths in the file: `<word>/<clip>` or `<clip>`."""
    names = list(_arrays(path))
    if len(names) < 2 or any(name.rpartition("/")[2] in NAMES for name in names):
        return None
    generic = {name.rpartition("/")[2] for name in names} <= {"keypoints", "data", "pose", "landmarks"}
    members = []
    for name in names:
        folders = name.split("/")[: -1 if generic else None]
        members.append(Member(name, folders[0] if len(folders) > 1 else "", "-".join(folders[1:] or folders)))
    return members


FORMAT = Format("HDF5", (".h5", ".hdf5"), lambda head: head.startswith(b"\x89HDF\r\n\x1a\n"), read_hdf5, members)
