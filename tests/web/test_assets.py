"""Holistic's files for the browser: the very package that was pinned, or none."""

from __future__ import annotations

import shutil

import pytest

from isl.errors import InputError
from isl.web.assets import FILES, HOLISTIC, VERSION, holistic_folder


def test_without_files_the_server_finds_landmarks(tmp_path):
    assert holistic_folder("auto", tmp_path) is None
    assert holistic_folder("off", tmp_path) is None


def test_files_that_are_there_are_used_unless_they_are_refused(tmp_path):
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
