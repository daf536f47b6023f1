"""Conversion of clips of any format to a dataset of one format."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from isl import console
from isl.config.options import choice
from isl.data.formats.catalogue import all_formats
from isl.data.formats.contract import ReadAs
from isl.data.formats.reading import Reading
from isl.data.labels import with_labels
from isl.data.layout import ClipPath, clip_at, find_clips, read_reading, word_folders
from isl.data.reading_options import survey_sources
from isl.data.table import NAME, locked
from isl.data.walk import LeftOut
from isl.errors import InputError
from isl.files import csv_text, destination, kind_of_file, replacing, write_text
from isl.landmarks import Floats

FRAMES = "frames"
COLUMNS = ("word", "clip", "group", "fps", "width", "height", "frames")


def convert(source: Path, output: Path, kind: str, options: ReadAs) -> tuple[int, tuple[str, ...], list[str]]:
    """Write the clips of ``source``, a file or a dataset's folder, into the folder ``output``.

    Args:
        kind: the format's name, or ``frames`` for one folder per clip.
        options: the user's reading options.

    Returns:
        The number of written clips, the corrections that were made, and a line for each clip that could not be read.

    Raises:
        InputError: there is no clip or no such format, or the output is the input or can't be written to.
    """
    writers = {each.name.lstrip("."): each for each in all_formats() if each.write}
    choice(kind, "format", [*writers, FRAMES])
    if not (given := kind_of_file(source)):
        raise InputError(f"input={source}: no such file or folder")
    if (existing := kind_of_file(output)) == "file":
        raise InputError(f"output={output}: this is a file; name a folder")
    if existing and given == "folder" and output.samefile(source):
        raise InputError(f"output={output}: the input itself; name another folder")
    destination(output / "clip.npy", "output", [".npy"])
    left_out, remarks = LeftOut(), list[str]()
    if given == "file":
        sources = [clip_at(source)]
    else:
        sources, remarks = with_labels(source, find_clips(source, word_folders(source), left_out)[0])
    if not sources:
        raise InputError(f"input={source}: no landmarks in it")
    surveyed = survey_sources(sources, options)
    remarks = [*surveyed.remarks, *remarks, *left_out.lines(source)]
    rows, failed = [], []
    for item in console.progress(sources, "converting"):
        try:
            reading = read_reading(item, surveyed.read_as)
        except InputError as error:
            failed.append(f"skipped: {error}")
            continue
        target = output / (item.word or "clips") / item.clip
        if kind == FRAMES:
            _write_frames(target, reading.frames)
        else:
            writer = writers[kind]
            with replacing(target.with_name(target.name + writer.suffixes[0])) as unfinished:
                assert writer.write is not None
                writer.write(unfinished, reading.frames, reading.fps, reading.aspect)
        rows.append(_row(item, reading))
    if rows:
        with locked(output):
            write_text(output / NAME, csv_text(COLUMNS, rows))  # it replaces an older one
    return len(rows), tuple(remarks), failed


def _row(item: ClipPath, reading: Reading) -> list[str]:
    """Returns a row of ``clips.csv``. Its height is always 1,000, as only the ratio of width to height is known."""
    size = [f"{round(1000 * reading.aspect)}", "1000"] if reading.aspect else ["", ""]
    fps = f"{reading.fps:g}" if reading.fps else ""
    return [item.word or "clips", item.clip, item.group, fps, *size, str(len(reading.frames))]


def _write_frames(folder: Path, clip: Floats) -> None:
    if folder.exists():
        raise InputError(f"{folder}: exists already; name another output=")
    with replacing(folder) as unfinished:
        unfinished.mkdir()
        for i, frame in enumerate(clip):
            np.save(unfinished / f"frame_{i}.npy", frame)
