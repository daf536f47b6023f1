"""``live.py`` and ``infer.py segment=true`` as they are configured: the same video, the same words."""

from __future__ import annotations

import csv
import json
import runpy
import sys

import numpy as np
import pytest
from hydra import compose, initialize_config_dir
from hydra.core.singleton import Singleton
from support.cameras import Unplugged
from support.drawn import draw_video, number_of, taken_at
from support.oddities import find_oddities
from support.signing import NOBODY, RESTING, Reader, signing

from isl.commands import presence
from isl.commands.infer import open_inference
from isl.config.app import CONF
from isl.data import reading_options
from isl.data.elan import read_eaf
from isl.data.formats import reading
from isl.data.geometry import Survey
from isl.errors import InputError
from isl.landmarks import POSE
from isl.live import application, segmentation, sources
from isl.live.application import Live
from isl.live.segmentation import Segmentation
from isl.recognition import inference
from isl.vision import landmarker

# A drawn video tells its frames' numbers; at 10 fps these are rest, sign, rest, sign, rest
SCRIPT = [*[RESTING] * 10, *[signing(0)] * 20, *[RESTING] * 10, *[signing(1)] * 20, *[RESTING] * 40]


class Eyes:
    def __call__(self, picture):
        return SCRIPT[min(number_of(picture[:, ::1]), len(SCRIPT) - 1)] if picture.any() else NOBODY

    def close(self):
        pass


@pytest.fixture
def video(tmp_path):
    return draw_video(tmp_path / "talk.avi", len(SCRIPT), size=(96, 96), fps=10.0)


@pytest.fixture(autouse=True)
def reader(monkeypatch):
    """A checkpoint that needs no training."""
    for module in (application, segmentation, inference):
        monkeypatch.setattr(module, "load_recognizer", lambda *_: Reader())


def config(name, *overrides):
    with initialize_config_dir(str(CONF), version_base="1.3"):
        return compose(name, ["ckpt_path=some.ckpt", *overrides])


def live(*overrides):
    made = Live(config("live", "display=none", *overrides), landmarker=Eyes)
    made.introduce()
    made.run()
    made.summary()
    return made


def segment(*overrides):
    made = Segmentation(config("infer", "segment=true", *overrides), landmarker=Eyes)
    made.recognise()
    made.show()
    made.write()
    return made


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


def test_segments_are_written_as_json_csv_and_subtitles(video, tmp_path):
    names = [tmp_path / f"out.{kind}" for kind in ("json", "csv", "vtt")]
    segment(f"input={video}", f"output=[{','.join(map(str, names))}]", f"film={tmp_path / 'film.mp4'}")
    said = json.loads(names[0].read_text(encoding="utf-8"))
    assert [word["word"] for word in said["words"]] == ["Doctor", "Fever"]
    assert said["words"][0]["start"] == pytest.approx(1.0, abs=0.11) and said["words"][0]["end"] == pytest.approx(
        3, abs=0.11
    )
    assert len(said["sentences"]) == 1
    rows = list(csv.DictReader(names[1].open(encoding="utf-8")))
    assert [row["word"] for row in rows] == ["Doctor", "Fever"]
    assert names[2].read_text(encoding="utf-8").startswith("WEBVTT\n\n00:00:01.000 --> 00:00:03.000\nDoctor\n")
    assert (tmp_path / "film.mp4").is_file()


def test_words_of_slow_motion_have_the_times_of_a_player(tmp_path):
    slow = taken_at(draw_video(tmp_path / "talk.mp4", len(SCRIPT), size=(96, 96), fps=5.0), 10)
    out = tmp_path / "out.csv"
    made = segment(f"input={slow}", f"output={out}")
    (doctor, _) = csv.DictReader(out.open(encoding="utf-8"))
    assert (doctor["word"], float(doctor["start"])) == ("Doctor", pytest.approx(2.0, abs=0.21))
    assert float(doctor["end"]) == pytest.approx(6, abs=0.21)  # twice the times at the camera
    assert any("slow motion" in line for line in made.session.remarks)


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


@pytest.mark.parametrize(
    "overrides, says",
    [(("input=nowhere.mp4",), "nowhere.mp4"), (("output=a.txt",), "output=a.txt"), (("film=a.gif",), "film=a.gif")],
)
def test_a_wrong_option_of_segment_is_named(overrides, says, video):
    with pytest.raises(InputError, match=says):
        segment(*(overrides if "input" in overrides[0] else (f"input={video}", *overrides)))


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
        landmarker=Eyes,
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


@pytest.mark.parametrize(
    "segment, made", [("null", Segmentation), ("false", inference.Inference), ("true", Segmentation)]
)
def test_a_video_much_longer_than_a_sign_is_segmented_with_a_message(segment, made, video, capsys):
    opened = open_inference(config("infer", f"input={video}", f"segment={segment}"))
    assert isinstance(opened, made)
    assert ("lasts 10 s, much longer than one sign" in capsys.readouterr().out) == (segment == "null")


def test_a_video_of_one_sign_is_one_sign(tmp_path, capsys):
    short = draw_video(tmp_path / "short.avi", 30, fps=10.0)
    assert isinstance(open_inference(config("infer", f"input={short}")), inference.Inference)
    assert capsys.readouterr().out == ""


@pytest.fixture
def believed(monkeypatch):
    """Landmarks are read as they are: the figure of these tests is no person, and each hand is one point."""
    monkeypatch.setattr(reading_options, "survey", lambda clips, options: Survey(options))
    monkeypatch.setattr(reading, "is_missing", lambda points: np.zeros(len(points), bool))


def test_landmarks_have_the_words_of_their_video(video, tmp_path, believed, capsys):
    word = tmp_path / "talks" / "any"
    (word / "two").mkdir(parents=True)
    np.save(word / "one.npy", np.stack(SCRIPT))
    for i, frame in enumerate(SCRIPT):
        np.save(word / "two" / f"{i}.npy", frame)
    (tmp_path / "talks" / "clips.csv").write_text("word,clip,fps\nany,one,10\nany,two,10\n")
    theirs = [event.facts["word"] for event in segment(f"input={video}").interpreter.events if event.kind == "word"]
    for path in (word / "one.npy", word / "two"):
        made = segment(f"input={path}")
        assert made.session.frames == len(SCRIPT)
        assert [event.facts["word"] for event in made.interpreter.events if event.kind == "word"] == theirs
    with pytest.raises(InputError, match="needs a video's pictures"):
        segment(f"input={word / 'one.npy'}", f"film={tmp_path / 'film.mp4'}")
    np.save(tmp_path / "alone.npy", np.stack(SCRIPT))
    capsys.readouterr()
    segment(f"input={tmp_path / 'alone.npy'}")
    assert "30 frames a second are assumed" in capsys.readouterr().err


def test_segments_are_written_for_elan(video, tmp_path):
    segment(f"input={video}", f"output={tmp_path / 'talk.eaf'}")
    entries = read_eaf(tmp_path / "talk.eaf").entries
    assert [entry.word for entry in entries] == ["Doctor", "Fever"] and entries[0].path == str(video)
    assert read_eaf(tmp_path / "talk.eaf", "sentences").entries


def test_a_long_landmark_file_is_segmented_with_a_message(tmp_path, capsys):
    np.save(tmp_path / "talk.npy", np.stack(SCRIPT * 4))
    assert isinstance(open_inference(config("infer", f"input={tmp_path / 'talk.npy'}")), Segmentation)
    assert "lasts 13 s, much longer than one sign" in capsys.readouterr().out


def test_oddities_are_printed_alike(tmp_path, video, monkeypatch, capsys):
    """A signer who lies on the side and is often lost: live, segments and the remarks of an extraction agree."""
    turned = RESTING.copy()
    POSE.of(turned)[:, :2] = POSE.of(RESTING)[:, 1::-1]
    monkeypatch.setitem(globals(), "SCRIPT", [turned, NOBODY] * 50)
    live(f"source={video}")
    of_live = capsys.readouterr().err.splitlines()
    segment(f"input={video}")
    assert capsys.readouterr().err.splitlines() == of_live
    clip = np.stack([turned, NOBODY] * 50)
    assert of_live == [f"{video}: {line}" for line in find_oddities(clip, 1.0)] and len(of_live) == 2
