"""Random damage to landmark files and tables: every one is read or refused in one line, and nothing else.

``ISL_FUZZ=2000`` tries as many examples of each; a minute has some thousands.
"""

from __future__ import annotations

import os
import pickle
import shutil
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.people import person_clip

from isl.data.formats.catalogue import all_formats, format_of, suffixes
from isl.data.layout import clip_at
from isl.data.listing import read_listing
from isl.data.reading_options import read_clip
from isl.data.table import read_table
from isl.errors import InputError
from isl.landmarks import FRAME_SIZE

EXAMPLES = int(os.environ.get("ISL_FUZZ", "150"))
fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@cache
def sound() -> dict[str, bytes]:
    """A sound file of each format that can be written, and others by hand."""
    folder = Path(tempfile.mkdtemp())
    clip = person_clip(0)[:4]
    files = {}
    for kind in all_formats():
        if kind.write is not None:
            path = folder / f"clip{kind.suffixes[0]}"
            kind.write(path, clip, 25.0, 1.5)
            files[kind.suffixes[0]] = path.read_bytes()
    files[".csv"] = "\n".join(",".join(f"{number:.3f}" for number in frame) for frame in clip).encode()
    files[".json"] = b'{"fps": 25, "frames": [{"pose": %s}, {"pose": null}]}' % str([[0.5, 0.5, 0.1]] * 33).encode()
    files[".pkl"] = pickle.dumps({"keypoints": clip.reshape(4, -1), "fps": 25})
    shutil.rmtree(folder)
    return files


def edits() -> st.SearchStrategy[list[tuple[float, bytes, int]]]:
    """Places, as shares of the file, with bytes that are written there and the number of bytes that they replace."""
    new = st.binary(max_size=12) | st.text('0123456789[]{},:.-" ', max_size=6).map(str.encode)
    return st.lists(st.tuples(st.floats(0, 1), new, st.integers(0, 40)), max_size=6)


def edited(content: bytes, changes: list[tuple[float, bytes, int]]) -> bytes:
    for place, new, length in changes:
        at = int(place * len(content))
        content = content[:at] + new + content[at + length :]
    return content


@pytest.mark.slow
@fuzzed
@given(suffix=st.sampled_from(sorted(suffixes())), source=st.integers(0, 99), changes=edits(), cut=st.floats(0, 1))
def test_a_damaged_landmark_file_is_read_or_refused_in_a_line(tmp_path, suffix, source, changes, cut):
    content = edited(sorted(sound().values())[source % len(sound())], changes)
    path = tmp_path / f"any{suffix}"
    path.write_bytes(content[: max(1, int(cut * len(content)))] if source % 3 == 0 else content)
    with suppress(InputError):  # and nothing else: `read_clip` would hide it in a line of its own
        format_of(path).read(path, "")
    try:
        reading, _ = read_clip(clip_at(path))
    except InputError as error:
        assert "\n" not in str(error) and str(path) in str(error)
    else:
        assert reading.frames.shape[1] == FRAME_SIZE and reading.frames.dtype == np.float32
        assert np.isfinite(reading.frames).all()


HEADERS = [
    "word,clip",
    "word,clip,start,end,fps",
    "path,word,start,end",
    "Video;Gloss;Signer;Subset",
    "word\tclip\tgroup",
]
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["Doctor", "a", "a.npy", "1", "0.5", "-1", "nan", "1e999", "", '"', "0:01", "\x00", "=1+1", "../x", "\u202e"]
    ),
)


@pytest.mark.slow
@fuzzed
@given(
    header=st.sampled_from(HEADERS),
    rows=st.lists(st.lists(CELLS, max_size=6), max_size=6),
    coding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
    changes=edits(),
)
def test_a_damaged_table_is_read_or_refused_in_a_line(tmp_path, header, rows, coding, changes):
    separator = next(mark for mark in ",;\t" if mark in header)
    text = "\n".join([header, *(separator.join(row) for row in rows)])
    path = tmp_path / "clips.csv"
    path.write_bytes(edited(text.encode(coding, "replace"), changes))
    for read in (read_table, read_listing):
        try:
            read(path)
        except InputError as error:
            assert "\n" not in str(error) and str(path) in str(error), error


@pytest.mark.slow
@fuzzed
@given(changes=edits())
def test_damaged_annotations_are_read_or_refused_in_a_line(tmp_path, changes):
    from isl.data.elan import eaf_text, read_eaf

    path = tmp_path / "talk.eaf"
    (tmp_path / "talk.mp4").touch()
    path.write_bytes(edited(eaf_text("talk.mp4", {"words": [(0.5, 1.0, "Doctor")]}).encode(), changes))
    try:
        read_eaf(path)
    except InputError as error:
        assert "\n" not in str(error), error
