"""The promises of .github/SECURITY.md that no test of a single module holds."""

from __future__ import annotations

import socket
import sys

import numpy as np
import pytest
import torch
from omegaconf import DictConfig
from support import configs, hostile
from support.runs import config, train

from isl.config.app import CONF
from isl.errors import InputError
from isl.landmarks import FRAME_SIZE
from isl.recognition.recognizer import Recognizer
from isl.web.security import LOOPBACK

THEIRS = """
from pathlib import Path
from isl.models.bilstm_attn import BiLSTMAttention
Path(__file__).with_suffix(".mark").touch()

class Net(BiLSTMAttention):
    pass
"""


def test_a_package_of_the_user_is_imported_only_when_it_is_named(tmp_path, monkeypatch):
    (tmp_path / "my_lab.py").write_text(THEIRS)
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "a.ckpt"
    torch.save(hostile.content(model={"_target_": "my_lab.Net", "hidden": 4}), path)
    with pytest.raises(InputError, match=r"if you trust the package my_lab, add trusted=\[my_lab\]"):
        Recognizer.load(path)
    assert "my_lab" not in sys.modules and not (tmp_path / "my_lab.mark").exists()
    assert type(Recognizer.load(path, trusted=["my_lab"]).model).__module__ == "my_lab"


@pytest.fixture
def calls(monkeypatch) -> list[object]:
    """The addresses that were looked up or connected to; each attempt fails."""
    seen: list[object] = []

    def refuse(*address: object, **_: object) -> None:
        seen.append(address[-1])
        raise OSError("no network")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return seen


def test_training_and_recognition_call_no_address(calls, tmp_path):
    run = train(tmp_path, "trainer.max_epochs=1")
    Recognizer.load(run.best_path)(np.zeros((60, FRAME_SIZE), np.float32))
    assert calls == []
    with pytest.raises(OSError, match="no network"):
        socket.create_connection(("127.0.0.1", 9))
    assert calls  # an attempt would have been seen


@pytest.fixture(scope="module")
def live() -> DictConfig:
    """The options of live.py as nobody changed them."""
    return configs.config("live")


def test_the_page_is_served_on_this_machine_alone_unless_told_otherwise(live):
    assert live.web.host in LOOPBACK


def test_nothing_is_downloaded_unless_an_option_asks_for_it(live, tmp_path):
    training = config(tmp_path)
    assert live.sentence._target_ == "isl.sentence.Rules" and live.web.holistic != "fetch"
    downloads = [path for path in CONF.rglob("*.yaml") if "download: true" in path.read_text(encoding="utf-8")]
    assert "download" not in training.data and not downloads
