"""Files that are none, in the hands of each reader: read, left out, or refused in one line that can be printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from support.strange_files import KINDS, TRACE

from isl.data.elan import read_eaf
from isl.data.folder import FolderClips
from isl.data.listing import read_listing
from isl.data.splits.published import entries_of
from isl.data.table import read_table
from isl.errors import InputError
from isl.extract.recordings import find_recordings
from isl.files import destination, write_text
from isl.recognition.archive import check_archive
from isl.recognition.onnx_file import read_onnx
from isl.sentence import Rules
from isl.vision.video import Video
from isl.web.assets import HOLISTIC
from isl.web.certificate import certificate

READERS: dict[str, tuple[str, Callable[[Path], object]]] = {  # with the suffix of their files
    "clips": (".npy", lambda path: FolderClips(str(path.parent.parent), on_error="skip").load()),
    "archives of clips": (".npz", lambda path: FolderClips(str(path.parent.parent), on_error="skip").load()),
    "a checkpoint": (".ckpt", check_archive),
    "an ONNX file": (".onnx", read_onnx),
    "a video": (".mp4", lambda path: [picture for _, picture in Video(path)]),
    "videos": (".mp4", lambda path: find_recordings(path.parent.parent)),
    "a table": (".csv", read_table),
    "a list": (".csv", read_listing),
    "a published split": (".txt", lambda path: entries_of(str(path), "train")),
    "annotations": (".eaf", read_eaf),
    "words": (".yaml", lambda path: Rules(str(path))),
    "a certificate": (".pem", lambda path: certificate(path, [], path.parent)),
    "a package": (".tgz", lambda path: HOLISTIC.unpack(path, path.parent / "unpacked")),
    "a place to write to": (".json", lambda path: write_text(destination(path, "output", [".json"]), "{}")),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reader", READERS)
def test_a_strange_file_is_read_or_refused_in_one_line(kind, reader, tmp_path, monkeypatch):
    suffix, read = READERS[reader]
    folder = tmp_path / "clips" / "Doctor"
    folder.mkdir(parents=True)
    for i in range(2):
        np.save(folder / f"sound{i}.npy", np.random.default_rng(i).random((20, 1662), np.float32))
    KINDS[kind](folder / f"theirs{suffix}")
    (path,) = [entry for entry in folder.iterdir() if not entry.name.startswith("sound")][:1] or [folder / "none"]
    monkeypatch.setenv("ISL_CACHE", str(tmp_path / "cache"))
    try:
        read(path)
    except InputError as error:
        assert str(error).isprintable() and len(str(error)) <= 1000
    assert not TRACE.exists()
