"""Contact sheets: the clips of each word as rows of skeletons, to find badly landmarked clips at a glance."""

from __future__ import annotations

from pathlib import Path

from isl import console
from isl.data.labels import with_labels
from isl.data.layout import find_clips, read_source, word_folders
from isl.errors import InputError
from isl.files import replacing
from isl.vision.overlay import contact_sheet, png

MOST = 24  # clips on a sheet
ASPECT = 4 / 3  # aspect of a picture of unknown size


def draw_sheets(root: Path, folder: Path) -> list[Path]:
    """Write a PNG for each word of the landmark folder ``root`` into ``folder``; unreadable clips are left out."""
    sheets = []
    folder.mkdir(parents=True, exist_ok=True)
    for word in console.progress(word_folders(root), "drawing"):
        rows = []
        for source in with_labels(root, find_clips(root, [word])[0])[0][:MOST]:
            try:
                rows.append((source.name, read_source(source), source.aspect or ASPECT))
            except InputError:
                continue
        if rows:
            sheets.append(folder / f"{word}.png")
            with replacing(sheets[-1]) as unfinished:
                unfinished.write_bytes(png(contact_sheet(rows)))
    return sheets
