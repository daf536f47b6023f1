from __future__ import annotations

import sys
import types
from typing import Any

import numpy as np
import pytest
from omegaconf import OmegaConf

from isl.config.app import CONF
from isl.data.folder import FolderClips
from isl.errors import InputError
from isl.extract import extraction
from isl.extract.command import plan
from isl.extract.download import HANDLE, Include24Clips, download_include24, fetch_include24


@pytest.fixture
def kaggle(monkeypatch):
    """Puts a stub in kagglehub's place that answers with ``answer``, or raises it; gives what was asked for."""
    asked: list[str] = []

    def put(answer):
        def dataset_download(handle):
            asked.append(handle)
            if isinstance(answer, Exception):
                raise answer
            return str(answer)

        stub: Any = types.ModuleType("kagglehub")
        stub.dataset_download = dataset_download
        monkeypatch.setitem(sys.modules, "kagglehub", stub)
        return asked

    return put


@pytest.fixture
def fake_tracker(monkeypatch, inline):
    from support import fakes

    monkeypatch.setattr(extraction.Options.__init__, "__defaults__", (60, True, 60.0, fakes.landmark))


def test_downloaded_videos_become_landmarks(recorded, tmp_path, kaggle, fake_tracker, capsys):
    asked = kaggle(recorded)
    download_include24(tmp_path / "root")
    assert asked == [HANDLE]
    assert np.load(tmp_path / "root" / "Doctor" / "doctor0.npy").shape == (60, 1662)
    assert "5 now" in capsys.readouterr().out


def test_training_on_them_downloads_first_where_asked_to(recorded, tmp_path, kaggle, fake_tracker):
    asked = kaggle(recorded)
    assert isinstance(Include24Clips(str(tmp_path / "root"), download=True), FolderClips)
    clips = Include24Clips(str(tmp_path / "root"), download=True, words=["doctor", "fever"]).load()
    assert (clips.words, len(clips)) == (["Doctor", "Fever"], 5)
    assert len(Include24Clips(str(tmp_path / "root")).load()) == 5
    assert asked == [HANDLE]


@pytest.mark.parametrize("trouble", [ConnectionError("no route\nto host"), RuntimeError("403: log in"), ValueError()])
def test_without_network_or_login_the_manual_steps_are_printed(tmp_path, kaggle, trouble):
    kaggle(trouble)
    with pytest.raises(InputError) as told:
        fetch_include24(tmp_path / "root")
    text = str(told.value)
    assert " ".join(str(trouble).split()) in text.splitlines()[0]
    assert f"kaggle.com/datasets/{HANDLE}" in text and f"output={tmp_path / 'root'}" in text


def test_without_the_extra_the_message_names_the_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "kagglehub", None)
    with pytest.raises(InputError, match=r"pip install -e '\.\[kaggle\]'"):
        fetch_include24(tmp_path)


def test_an_unknown_choice_is_refused():
    with pytest.raises(InputError, match=r"data\.download=yes"):
        Include24Clips("root", download="yes")  # type: ignore[arg-type]


def test_the_command_downloads_and_extracts_to_the_datasets_root(recorded, tmp_path, kaggle):
    asked = kaggle(recorded)
    cfg: Any = OmegaConf.load(CONF / "extract.yaml")
    cfg.data = {"root": str(tmp_path / "root"), "download": True}
    chosen = plan(cfg)
    assert asked == [HANDLE] and len(chosen.recordings) == 5
    assert chosen.store.root == tmp_path / "root"
    cfg.data.download, cfg.input = False, str(recorded)
    assert plan(cfg).store.root == tmp_path / "root" and asked == [HANDLE]
