"""`.parquet`: Google's Isolated Sign Language Recognition data on Kaggle. Needs the extra `formats`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from isl.data.formats.contract import NAMES, Format, RawClip, load_extra
from isl.errors import InputError
from isl.landmarks import PARTS, POSE, Floats

COLUMNS = ("frame", "type", "landmark_index", "x", "y", "z")


def _library() -> tuple[Any, Any]:
    parquet = load_extra("pyarrow.parquet", "pyarrow", "a parquet file, which needs")
    import pyarrow

    return pyarrow, parquet


def read_parquet(path: Path, key: str = "") -> RawClip:
    """Reads the parts from one row per point: frame, type, landmark_index, x, y, z, and `isl-convert`'s visibility."""
    arrow, parquet = _library()
    try:
        table = parquet.ParquetFile(path).read()
    except (arrow.ArrowException, OSError) as error:
        raise InputError(f"a damaged parquet file ({str(error).splitlines()[0]})") from None
    if missing := [column for column in COLUMNS if column not in table.column_names]:
        raise InputError(f"a parquet file without the column {missing[0]}; it has {', '.join(table.column_names[:8])}")
    if "sequence_id" in table.column_names and len(table["sequence_id"].unique()) > 1:
        raise InputError("a parquet file of several sequences; write each into a file of its own, as Kaggle's ISLR has")
    types = np.asarray(table["type"].to_pylist(), str)
    index = table["landmark_index"].to_numpy().astype(np.int64)
    frames, row = np.unique(table["frame"].to_numpy(), return_inverse=True)
    coordinates = np.stack([table[column].to_numpy(zero_copy_only=False) for column in "xyz"], -1).astype(np.float64)
    if "visibility" in table.column_names:
        visibility = table["visibility"].to_numpy(zero_copy_only=False).astype(np.float64)
        coordinates = np.concatenate([coordinates, visibility[:, None]], 1)
    parts = {}
    for name, part in NAMES.items():
        own = types == name
        if own.any():
            most = max(part.points, int(index[own].max()) + 1)
            points = np.full((len(frames), most, coordinates.shape[1] if part is POSE else 3), np.nan)
            points[row[own], index[own]] = coordinates[own, : points.shape[2]]
            parts[part] = points
    if not parts:
        raise InputError(f"a parquet file of other types than {', '.join(NAMES)}")
    return RawClip(parts)


def write_parquet(path: Path, clip: Floats, fps: float | None, aspect: float | None) -> None:
    """Writes Kaggle's rows with the parts in its order, empty for a missing part, and a column of visibility."""
    arrow, parquet = _library()
    columns: dict[str, list[Any]] = {name: [] for name in ("frame", "row_id", *COLUMNS[1:], "visibility")}
    for t, frame in enumerate(clip):
        for part in sorted(PARTS, key=lambda part: part.name):
            points = part.of(frame).astype(np.float64)
            missing = not points.any()
            for i, point in enumerate(points):
                values = [None if missing else float(value) for value in point[:3]]
                visible = float(point[3]) if part is POSE and not missing else None
                row = (t, f"{t}-{part.name}-{i}", part.name, i, *values, visible)
                for column, value in zip(columns.values(), row, strict=True):
                    column.append(value)
    parquet.write_table(arrow.table(columns), path)


FORMAT = Format("parquet", (".parquet",), lambda head: head.startswith(b"PAR1"), read_parquet, write=write_parquet)
