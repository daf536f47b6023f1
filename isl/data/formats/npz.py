"""`.npz`: named numpy arrays; one of them is the clip, or each is a part of it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from isl.data.formats.contract import NAMES, Format, RawClip, recording_facts
from isl.data.formats.npy import parse_npy
from isl.data.formats.pickles import from_values
from isl.errors import InputError
from isl.landmarks import Floats

LARGEST = 1 << 30  # bytes of an array; a larger one is not a clip and may be a decompression bomb


def read_npz(path: Path, key: str = "") -> RawClip:
    """Reads the array with a usual name of landmarks, or the only array, or the parts by their names."""
    arrays = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                if entry.filename.endswith(".npy"):
                    if entry.file_size > LARGEST:
                        raise InputError(f"{entry.filename} in it has {entry.file_size:,} bytes, too many for a clip")
                    arrays[entry.filename.removesuffix(".npy")] = parse_npy(archive.read(entry))
    except (zipfile.BadZipFile, EOFError, RuntimeError, NotImplementedError, OSError) as error:
        raise InputError(f"a damaged archive ({error})") from None
    if not arrays:
        raise InputError("an archive without arrays")
    size = arrays.get("size")
    if size is not None and size.shape == (2,):
        arrays |= {"width": size[0], "height": size[1]}
    fps, picture = recording_facts(arrays)
    if parts := {NAMES[name]: array for name, array in arrays.items() if name in NAMES and array.ndim >= 2}:
        return RawClip(parts, fps, picture)
    raw = from_values({name: array for name, array in arrays.items() if array.ndim >= 2})
    return RawClip(raw.values, fps, picture)


def write_npz(path: Path, clip: Floats, fps: float | None, aspect: float | None) -> None:
    facts = {"fps": np.array(fps)} if fps else {}
    if aspect:
        facts["size"] = np.array([aspect, 1.0])
    with path.open("wb") as file:
        np.savez_compressed(file, keypoints=clip, **facts)


FORMAT = Format("npz", (".npz",), lambda head: head.startswith(b"PK\x03\x04"), read_npz, write=write_npz)
