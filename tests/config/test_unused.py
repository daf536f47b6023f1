"""Options that would do nothing are refused."""

from __future__ import annotations

import importlib
import shlex
import sys

import pytest


@pytest.mark.parametrize(
    ("command", "option"),
    [
        ("infer input=clip.npy sentence=llama", "sentence=llama"),
        ("infer input=clip.npy pause=never", "pause=never"),
        ("infer input=clip.npy accept.doubt=0.1", "accept.doubt=0.1"),
        ("infer input=clip.mp4 segment=true on_error=fail", "on_error=fail"),
        ("live display=none mirror=true", "mirror=true"),
        ("live display=none web.port=80", "web.port=80"),
        ("train experiment=adapt model=lstm ckpt_path=a.ckpt", "model=lstm"),
        ("train experiment=adapt features.trim=false ckpt_path=a.ckpt features=body_hands", "features.trim=false"),
        ("train without=mixup", "leaves out an ingredient of experiment=best"),
        ("train without=[mixup,trim] experiment=insignia", "leaves out an ingredient of experiment=best"),
    ],
)
def test_an_option_without_effect_is_refused(command, option, monkeypatch, tmp_path, capsys):
    name, *arguments = shlex.split(command)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [f"isl-{name}", *arguments])
    with pytest.raises(SystemExit) as stopped:
        importlib.import_module(f"isl.commands.{name}").main()
    said = capsys.readouterr().err
    assert stopped.value.code == 2 and option in said and said.count("\n") == 1
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["infer input=nowhere.npy accept.keep=0.9", "live source=nowhere.mp4 display=none"])
def test_an_option_with_effect_is_not(command, monkeypatch, tmp_path, capsys):
    name, *arguments = shlex.split(command)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [f"isl-{name}", *arguments])
    with pytest.raises(SystemExit):
        importlib.import_module(f"isl.commands.{name}").main()
    assert "nowhere" in capsys.readouterr().err
