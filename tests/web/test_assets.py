"""Holistic's files for the browser: the very package that was pinned, or none."""

from __future__ import annotations

import base64
import hashlib
import io
import shutil
import tarfile
import threading

import pytest

from isl.errors import InputError
from isl.web.assets import FILES, HOLISTIC, VERSION, holistic_folder
from isl.web.npm import NpmPackage


def test_without_files_the_server_finds_landmarks(tmp_path):
    assert holistic_folder("auto", tmp_path) is None
    assert holistic_folder("off", tmp_path) is None


def test_files_that_were_fetched_are_used_unless_they_are_refused(tmp_path):
    folder = tmp_path / f"holistic-{VERSION}"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_bytes(b"")
    assert holistic_folder("auto", tmp_path) == folder
    assert holistic_folder("off", tmp_path) is None
    (folder / FILES[0]).unlink()
    assert holistic_folder("auto", tmp_path) is None


def test_another_package_is_not_used(tmp_path):
    package = tmp_path / "holistic.tgz"
    package.write_bytes(b"something else")
    with pytest.raises(InputError, match="checksum"):
        holistic_folder(str(package), tmp_path)
    assert not HOLISTIC.is_complete(tmp_path / f"holistic-{VERSION}")


@pytest.mark.parametrize("choice", ["nothing", "missing.tgz", 5, None])
def test_a_wrong_choice_is_refused(tmp_path, choice):
    with pytest.raises(InputError, match=r"web\.holistic="):
        holistic_folder(choice, tmp_path)


def test_without_npm_the_message_names_another_way(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(InputError, match=r"npm is not installed.*web\.holistic=FILE\.tgz"):
        holistic_folder("fetch", tmp_path)


def test_files_in_use_never_vanish_while_another_process_unpacks_them(tmp_path):
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name in ("dist/a.js", "dist/b.wasm"):
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = 2**20
            archive.addfile(entry, io.BytesIO(bytes(2**20)))
    archive_file = tmp_path / "small.tgz"
    archive_file.write_bytes(content.getvalue())
    checksum = base64.b64encode(hashlib.sha512(content.getvalue()).digest()).decode()
    package = NpmPackage("small", "1", checksum, ("dist/a.js", "dist/b.wasm"), 1, "web.small")
    folder = tmp_path / "cache" / "small"
    package.unpack(archive_file, folder)
    again = threading.Thread(target=lambda: [package.unpack(archive_file, folder) for _ in range(30)])
    again.start()
    looks = 0
    while again.is_alive():
        assert package.is_complete(folder)
        looks += 1
    assert looks > 30 and {path.name for path in folder.iterdir()} == {"a.js", "b.wasm"}
