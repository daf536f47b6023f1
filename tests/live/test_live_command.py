"""``live.py`` and ``infer.py segment=true`` as they are configured: the same video, the same words."""

from __future__ import annotations

import json
import runpy
import sys

import numpy as np
import pytest
from hydra.core.singleton import Singleton
from support import talks
from support.cameras import Unplugged
from support.oddities import find_oddities
from support.signing import NOBODY, RESTING
from support.talks import SCRIPT, ScriptReader, config, live, segment

from isl.commands import presence
from isl.config.app import CONF
from isl.errors import InputError
from isl.landmarks import POSE
from isl.live import application, sources
from isl.live.application import Live
from isl.vision import landmarker

pytestmark = pytest.mark.usefixtures("reader")


def test_a_video_becomes_words_a_sentence_events_and_a_film(video, tmp_path, capsys):
    out, film = tmp_path / "new" / "events.jsonl", tmp_path / "new" / "film.mp4"
    made = live(f"source={video}", f"events={out}", f"film={film}")
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [line["word"] for line in lines if line["event"] == "word"] == ["Doctor", "Fever"]
    (sentence,) = [line for line in lines if line["event"] == "sentence"]
    assert sentence["glosses"] == ["Doctor", "Fever"] and sentence["source"] == "rules"
    assert made.session.frames == len(SCRIPT) and film.is_file()
    shown = capsys.readouterr().out
    assert "Doctor" in shown and "Fever" in shown and sentence["sentence"] in shown.replace("\n", " ")


@pytest.mark.parametrize("rule", ["between_rests", "consecutive"])
def test_live_and_segment_agree(video, tmp_path, rule):
    options = (f"accept={rule}",)
    theirs = live(f"source={video}", *options).interpreter.events
    ours = segment(f"input={video}", *options).interpreter.events
    assert [event.line() for event in theirs] == [event.line() for event in ours]
    assert any(event.kind == "word" for event in ours)


@pytest.mark.parametrize(
    "overrides, says",
    [
        (("display=full",), "display=full"),
        (("stall=0",), "stall=0"),
        (("source=nowhere.mp4",), "nowhere.mp4"),
        (("source=77",), "source=77"),
        (("accept.confidence=2",), "accept.confidence=2"),
        (("hands.rest=-1",), "hands.rest=-1"),
        (("window.seconds=0",), "window.seconds=0"),
        (("window.frames=0",), "window.frames=0"),
        (("pause=0",), "pause=0"),
        (("film=film.avi",), "film=film.avi"),
        (("record.word=a/b",), r"record\.word"),
        (("record.word=",), r"record\.word"),
        (("record.word=[]",), r"record\.word"),
        (("record.word=[a,b/c]",), r"record\.word"),
        (("record.word=Fever", "record.group=../x"), r"record\.group"),
        (("record.word=Fever", "record.seconds=1e9"), r"record\.seconds"),
        (("film=5",), "film=5"),
        (("events=notes.txt",), "events=notes.txt"),
        (("source=null",), "source="),
        (("source=.",), "source="),
        (("mirror=foo",), "mirror=foo"),
        (("context=5",), "context=5"),
        (("context=[5]",), r"context=\[5\]"),
        (("hands=null",), "hands=None"),
        (("window.seconds=1e9",), "window.seconds=1000000000.0"),
        (("window.frames=100000",), "window.frames=100000"),
    ],
)
def test_a_wrong_option_of_live_is_named(overrides, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=says):
        live(*overrides)
    assert not list(tmp_path.iterdir())


def test_an_input_file_is_never_overwritten(video, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    film, checkpoint = tmp_path / "film.mp4", tmp_path / "best.jsonl"
    film.write_bytes(video.read_bytes())
    checkpoint.write_bytes(b"weights")
    (tmp_path / "link.jsonl").symlink_to(checkpoint)
    for made in (
        lambda: live(f"source={film}", f"film={film}"),
        lambda: live(f"source={film}", f"ckpt_path={checkpoint}", "events=link.jsonl"),
        lambda: live(f"source={film}", f"ckpt_path=[{checkpoint},other.ckpt]", "events=link.jsonl"),
        lambda: segment(f"input={film}", "film=film.mp4"),
        lambda: segment(f"input={video}", "output=[a.json,a.json]"),
    ):
        with pytest.raises(InputError, match="reads this file"):
            made()
    assert film.read_bytes() == video.read_bytes() and checkpoint.read_bytes() == b"weights"
    assert {path.name for path in tmp_path.iterdir()} == {video.name, "film.mp4", "best.jsonl", "link.jsonl"}


def test_one_word_of_context_is_a_list_of_one(video):
    assert live(f"source={video}", "context=headache").conversation.context == ["headache"]


def test_no_screen_is_one_line(video, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(InputError, match="display=none"):
        live(f"source={video}", "display=window")


def test_a_word_can_be_recorded_before_there_is_a_checkpoint(video, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = Live(
        config("live", "display=none", "ckpt_path=null", "record.word=Fever", f"source={video}", "record.root=new"),
        landmarker=ScriptReader,
    )
    made.introduce()
    assert made.recorder is not None
    made.recorder.start()
    made.run()
    made.summary()
    assert np.load(tmp_path / "new" / "Fever" / "me_000.npy").shape[0] == pytest.approx(30, abs=2)


@pytest.fixture
def own_hydra(monkeypatch):
    """Restores Hydra and the environment after each test."""
    monkeypatch.setenv("HYDRA_FULL_ERROR", "1")
    before = Singleton.get_state()
    yield
    Singleton.set_state(before)


def test_a_camera_that_is_unplugged_ends_the_command_with_one_line_and_code_three(
    own_hydra, tmp_path, monkeypatch, capsys
):
    class Tracker:
        def __init__(self, face=True):
            pass

        def __call__(self, picture):
            return NOBODY

        def close(self):
            pass

    monkeypatch.setattr(landmarker, "Holistic", Tracker)
    monkeypatch.setattr(sources.cv2, "VideoCapture", Unplugged)
    monkeypatch.setattr(sources, "LOST_AFTER", 0.05)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(presence, "check_source", lambda source: None)  # no camera here is one
    monkeypatch.setattr(sys, "argv", ["live.py", "display=none", "source=0", "ckpt_path=isl18"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(str(CONF.parent / "live.py"), run_name="__main__")
    assert ended.value.code == 3
    (line,) = capsys.readouterr().err.splitlines()
    assert line == "error: camera 0 gives no more pictures: unplugged, or taken by another program"


def test_a_summary_says_that_it_shows_the_last_events(video, monkeypatch, capsys):
    monkeypatch.setattr(application, "MOST_EVENTS", 3)
    live(f"source={video}")
    assert "the last 3 events of the session" in capsys.readouterr().out
    monkeypatch.setattr(application, "MOST_EVENTS", 300)
    live(f"source={video}")
    assert "the last" not in capsys.readouterr().out


def test_oddities_are_printed_alike(tmp_path, video, monkeypatch, capsys):
    """A signer who lies on the side and is often lost: live, segments and the remarks of an extraction agree."""
    turned = RESTING.copy()
    POSE.of(turned)[:, :2] = POSE.of(RESTING)[:, 1::-1]
    monkeypatch.setattr(talks, "SCRIPT", [turned, NOBODY] * 50)
    live(f"source={video}")
    of_live = capsys.readouterr().err.splitlines()
    segment(f"input={video}")
    assert capsys.readouterr().err.splitlines() == of_live
    clip = np.stack([turned, NOBODY] * 50)
    assert of_live == [f"{video}: {line}" for line in find_oddities(clip, 1.0)] and len(of_live) == 2
