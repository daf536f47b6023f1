from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isl.data import blocks
from isl.data.blocks import BlockWriter, is_intact, written_at


@pytest.fixture
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "BLOCK", 100)
    monkeypatch.setattr(blocks, "AT_EVERY_START", 4)


def written(path: Path, pieces: list[bytes]) -> list[int]:
    with path.open("wb") as file:
        out = BlockWriter(file)
        for piece in pieces:
            out.write(piece)
    assert out.tell() == path.stat().st_size
    return out.sums


def flip(path: Path, place: int, *, keep_time: bool) -> None:
    before = path.stat()
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)
    times = (before.st_atime_ns, before.st_mtime_ns if keep_time else before.st_mtime_ns + 1)
    os.utime(path, ns=times)


@given(st.lists(st.binary(max_size=350), max_size=6))
def test_checksums_are_those_of_the_blocks_however_the_file_was_written(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes]
) -> None:
    folder = tmp_path_factory.mktemp("blocks")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK", 100)
        sums = written(folder / "pieces", pieces)
        assert sums == written(folder / "whole", [b"".join(pieces)])
        assert is_intact(folder / "pieces", sums, written_at(folder / "pieces"))


@pytest.mark.usefixtures("small_blocks")
def test_a_changed_byte_of_a_large_file_is_found_where_its_time_changed(tmp_path: Path) -> None:
    path = tmp_path / "file"
    sums, time = written(path, [bytes(10_000)]), 0
    for place in (0, 4321, 9999):
        time = written_at(path)
        flip(path, place, keep_time=False)
        assert not is_intact(path, sums, time)
        flip(path, place, keep_time=False)
    assert is_intact(path, sums, time)


@pytest.mark.usefixtures("small_blocks")
def test_a_changed_byte_is_found_in_the_course_of_some_starts_where_the_time_did_not_change(tmp_path: Path) -> None:
    path = tmp_path / "file"
    sums = written(path, [bytes(1_000)])
    flip(path, 555, keep_time=True)
    assert not all(is_intact(path, sums, written_at(path)) for _ in range(100))


@pytest.mark.usefixtures("small_blocks")
def test_a_start_reads_a_few_blocks_of_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "file"
    sums = written(path, [np.random.default_rng(0).bytes(10_000)])
    compared: list[int] = []
    checksum = blocks.zlib.crc32
    monkeypatch.setattr(blocks.zlib, "crc32", lambda data: compared.append(len(data)) or checksum(data))
    assert is_intact(path, sums, written_at(path))
    assert compared == [100] * 4
