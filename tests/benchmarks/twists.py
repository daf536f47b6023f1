"""Twisted landmark files that are found out, and sound ones that are called twisted.

python tests/benchmarks/twists.py R                  # R: folder of isl18's recordings, <word>/<clip>.npy
python tests/benchmarks/twists.py R --sound ROOMS MP_Data LANDMARKS_OF_VIDEOS
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.table import Table

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from data.test_geometry import TWISTS

from isl import console
from isl.data.formats.contract import RawClip
from isl.data.geometry import survey
from isl.data.layout import ClipPath, find_clips, raw_clip, word_folders
from isl.data.reading_options import survey_sources
from isl.errors import InputError

SINGLE = 400  # clips of a sound folder that are looked at one by one


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", type=Path)
    parser.add_argument("--sound", type=Path, nargs="*", default=[], help="folders of sound landmarks")
    options = parser.parse_args()
    clips = [np.load(path).astype(np.float32) for path in sorted(options.root.glob("*/*_[03]5.npy"))]
    table = Table("twist", "folder", "clips alone", title=f"{len(clips)} clips of {options.root.name}")
    folders = 0
    for name, (twist, option) in TWISTS.items():
        raws = [RawClip(twist(clip)) for clip in clips]
        found = any(option in remark for remark in survey(raws).remarks)
        single = sum(any(option in remark for remark in survey([raw]).remarks) for raw in raws)
        folders += found
        table.add_row(name, "found" if found else "NOT FOUND", f"{single} of {len(raws)}")
    console.out.print(table)
    console.out.print(f"found {folders} of {len(TWISTS)}")
    for root in [options.root, *options.sound]:
        sources = find_clips(root, word_folders(root))[0]
        remarks = survey_sources(sources).remarks
        alone = list(_false_alarms(sources))
        looked = min(len(sources), SINGLE)
        console.out.print(
            f"{root.name}: {len(remarks)} false alarms of the folder, {len(alone)} of {looked} clips alone"
        )
        for line in (*remarks, *alone[:10]):
            console.out.print(f"  {line}", soft_wrap=True)


def _false_alarms(sources: list[ClipPath]) -> Iterator[str]:
    step = max(len(sources) // SINGLE, 1)
    for source in sources[::step][:SINGLE]:
        try:
            for remark in survey([raw_clip(source)]).remarks:
                yield f"{source.name}: {remark}"
        except InputError:
            continue


if __name__ == "__main__":
    main()
